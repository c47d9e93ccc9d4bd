"""Random drops against the scrubbing: it may refuse them as documented, and nothing else."""
