"""The reporting years: opening, directions, duties, more time, closing; and how far a year is."""
