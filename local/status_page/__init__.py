"""Draws the status page with made-up audiences, for the README: never deployed."""
