"""Parts of the business pages: payments, sources of issues, lists."""
