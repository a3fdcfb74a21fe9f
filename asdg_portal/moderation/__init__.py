"""What reports and practices share: the workflow engine, reviews and the desk."""
