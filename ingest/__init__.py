"""corpus/ → the index: clean, split, check, embed, write. `build.py` is the whole of it in order."""
