"""The virus scanner: a client for a clamd that runs beside syncd or on another host.

Owns the conversation (`clamd`) and the harmless text by which a scanner shows that it works (`eicar`). Refuses to call
anything clean that clamd did not call clean in so many words, and to decide what becomes of a file.
"""

from syncd.scanning.clamd import Engine, Reason, Scan, Scanner, ScannerAway
from syncd.scanning.eicar import eicar

__all__ = ["Engine", "Reason", "Scan", "Scanner", "ScannerAway", "eicar"]
