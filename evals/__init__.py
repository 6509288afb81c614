"""How good are the answers? Cases, metrics and figures: see README.md in this folder."""
