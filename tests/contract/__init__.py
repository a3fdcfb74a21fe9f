"""What every engine behind an interface must do."""
