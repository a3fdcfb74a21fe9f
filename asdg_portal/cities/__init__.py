"""The map of the association: cities, their membership and the directions of their work."""
