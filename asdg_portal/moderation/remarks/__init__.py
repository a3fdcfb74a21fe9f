"""What the staff say of a text, word by word, and what its city answers."""
