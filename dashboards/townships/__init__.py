"""Parts of the townships' pages: profile, receipts, uploads."""
