"""What people put on record: decisions, appeals, and the append-only journals they are kept in."""
