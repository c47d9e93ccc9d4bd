"""Keeps every process of the demo and the tests on this machine.

`loopback_guard` refuses connections in Python, `loopback_guard.cjs` in Node.js. Children load them
without knowing: Python through `sitecustomize` on PYTHONPATH, Node.js through NODE_OPTIONS.
"""
