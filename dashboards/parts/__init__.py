"""What pages share: header and choices, tables, exports, badges."""
