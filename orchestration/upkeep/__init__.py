"""Looking after an installation: its form, backups, rebuilding, erasure, retention. Nothing here computes results."""
