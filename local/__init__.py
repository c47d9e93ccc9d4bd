"""What runs on a laptop and is never deployed: the TikTok simulator, the AWS emulator, the demo."""
