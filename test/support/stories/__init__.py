"""Random stories of a deployed stack, and what must hold in each of them."""
