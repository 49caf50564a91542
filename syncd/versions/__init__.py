"""Kept bytes: every content that syncd has seen whole, once, under its SHA-1, and quarantine beside it.

`blobs` is the whole of it. What is kept for whom, and how long, the ledger knows; here bytes are only put in whole,
given back unharmed, and removed when nobody refers to them any more.
"""

from syncd.versions.blobs import Batch, Versions
from syncd.versions.incoming import Incoming

__all__ = ["Batch", "Incoming", "Versions"]
