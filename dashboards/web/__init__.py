"""The door: who gets in, signing in, sessions, who is shown beside every page."""
