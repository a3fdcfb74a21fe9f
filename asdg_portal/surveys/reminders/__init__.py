"""Letters that remind a city of the sheets it still owes: on planned days, or at a word."""
