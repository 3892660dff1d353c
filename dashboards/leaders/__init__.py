"""Parts of the leaders' pages: wall chart, ranking, consequences, appeals."""
