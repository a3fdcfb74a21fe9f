"""Measurements of speed, as ratios against something that runs beside us."""
