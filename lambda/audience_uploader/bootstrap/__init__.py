"""The whole function put together: the only place that wires things to one another."""

from audience_uploader.bootstrap.app import App
from audience_uploader.bootstrap.runtime import Clients, Runtime, read_ahead_threads

__all__ = ["App", "Clients", "Runtime", "read_ahead_threads"]
