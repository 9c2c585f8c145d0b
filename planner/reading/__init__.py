"""Files in, nouns out. Strict, bounded reading; every problem has its place, and all problems come at once."""
