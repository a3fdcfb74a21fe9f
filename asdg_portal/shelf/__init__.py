"""What people put aside for themselves: searches that go on asking, and collections of texts."""
