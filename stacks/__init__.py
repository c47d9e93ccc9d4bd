"""The infrastructure: what `cdk deploy` puts into an account."""
