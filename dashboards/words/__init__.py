"""Codes to Chinese: states, grades, headings."""
