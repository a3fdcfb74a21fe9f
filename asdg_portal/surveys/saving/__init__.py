"""Saving a report part by part: nothing acknowledged is lost, or overwritten unseen."""
