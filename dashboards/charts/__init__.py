"""Frames to figures, one module a kind of page."""
