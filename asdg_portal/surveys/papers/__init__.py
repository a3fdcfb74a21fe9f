"""Reports as files: to be printed and signed, and to be filled in where there is no network."""
