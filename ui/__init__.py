"""WhoSaid's pages: one file a page, `render.py` for what they share."""
