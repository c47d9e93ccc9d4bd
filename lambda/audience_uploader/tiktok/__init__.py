"""TikTok's API for Business, as far as customer-file audiences need it. Knows nothing of AWS."""
