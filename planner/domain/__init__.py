"""The nouns: frozen, closed, and free of files, clocks and screens."""
