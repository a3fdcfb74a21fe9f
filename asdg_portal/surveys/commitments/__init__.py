"""What a city has promised for a year, and what became of each promise."""
