"""Letters as values, and how they are delivered."""
