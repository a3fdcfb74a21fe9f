"""Documents that leave the portal as files: one description, written as .docx and as .pdf."""
