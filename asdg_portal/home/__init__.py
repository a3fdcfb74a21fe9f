"""The first page and the pages about the portal: what the parts look like put together."""
