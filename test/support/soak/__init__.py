"""`make soak`: hundreds of drops against the deployed stack while everything around it fails."""
