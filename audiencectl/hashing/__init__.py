"""Raw lists into hashed ones, on the person's own machine: only hashes are ever written."""
