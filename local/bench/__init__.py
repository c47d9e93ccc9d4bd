"""How fast and how small the scrubbing of drops is, against MD5 alone."""
