"""`python -m planner` is the same command as `sovplan`."""
from planner.cli import main

if __name__ == "__main__":
    main()
