"""Long work that somebody has asked for: it goes on without them, and they see how far it is."""
