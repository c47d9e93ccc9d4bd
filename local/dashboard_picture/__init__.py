"""Draws the dashboard with made-up figures, for docs/dashboard.md: never deployed."""
