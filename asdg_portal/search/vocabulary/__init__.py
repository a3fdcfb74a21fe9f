"""Words that mean the same in municipal Russian; the staff of the association keep them."""
