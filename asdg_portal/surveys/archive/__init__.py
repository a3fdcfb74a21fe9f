"""Old questionnaires by the hundred: a folder or a zip, each file by itself, each told of."""
