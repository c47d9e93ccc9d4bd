"""Delivers hashed audiences from S3 into TikTok custom audiences."""
