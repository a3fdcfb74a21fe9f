"""Questions of a report handed to colleagues: who owes what, and until when."""
