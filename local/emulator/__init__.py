"""The ground of the demo and the end-to-end tests: an AWS account and TikTok on this machine.

`Ground` is the whole of it; the modules below it each do one part.
"""

from local.emulator.errors import GroundError
from local.emulator.ground import Ground
from local.emulator.stack import Stack

__all__ = ["Ground", "GroundError", "Stack"]
