"""`make soak`: hundreds of drops against the deployed stack while everything around it fails.

`soak` is the whole of it; `Scale` says how big.
"""

from local.soak.run import Soaked, soak
from local.soak.scale import LONG, SHORT, Scale

__all__ = ["LONG", "SHORT", "Scale", "Soaked", "soak"]
