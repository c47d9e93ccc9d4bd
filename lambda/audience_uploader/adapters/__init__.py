"""AWS, as far as the function uses it: S3, SQS, Secrets Manager."""
