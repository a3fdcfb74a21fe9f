"""Approval inside a city that has asked for it: an editor writes, a head reads and sends."""
