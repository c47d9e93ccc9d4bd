"""The scheduled pass: drops without a message, and what TikTok made of accepted changes."""
