"""Homes of four sizes, and what a month of them costs: ``make bench SCALE=county``."""
