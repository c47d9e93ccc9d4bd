"""From a message of the queue to what becomes of it."""
