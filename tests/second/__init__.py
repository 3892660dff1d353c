"""The marts computed a second time, in plain Python: dicts, fractions and dates, no SQL."""
