"""The sandbox of the demo and the end-to-end tests: an AWS account and TikTok on this machine.

`Sandbox` is the whole of it; the modules below it each do one part.
"""

from local.emulator.errors import SandboxError
from local.emulator.sandbox import Sandbox
from local.emulator.stack import Stack

__all__ = ["Sandbox", "SandboxError", "Stack"]
