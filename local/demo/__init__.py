"""`make demo`: the whole job on this machine, from `cdk deploy` to `cdk destroy`."""
