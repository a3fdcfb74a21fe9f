"""Reports that come on paper or by mail, and that the staff type in for their cities."""
