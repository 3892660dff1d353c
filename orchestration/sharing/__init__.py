"""Sharing (汇交): what many offices have received and published, in one DuckLake that all of them write at once.

Each office's own ledger and lake stay the truth; the shared lake can be made again from them. Needs the optional
dependency group ``ducklake``; nothing else imports this package. Pure library.
"""
