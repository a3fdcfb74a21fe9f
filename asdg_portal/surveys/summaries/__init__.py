"""What all cities answered to one question, sorted by theme: the staff's note for the Council."""
