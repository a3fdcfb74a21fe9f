"""The annual questionnaire: campaigns, reports and their revisions."""
