"""Parts of the analysts' pages: queries, definitions."""
