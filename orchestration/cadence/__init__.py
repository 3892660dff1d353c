"""Cadences (定期事项): when each report of a scheme is due, and who has delivered what. Pure library."""
