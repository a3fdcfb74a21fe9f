"""Open data for programs and the addresses that watch over a running portal."""
