"""The state folder: database, history, holds, how fresh each side is, and the rules in force.

`database` opens and guards `syncd.db`, `schema` shapes it, `ledger` keeps what syncd knows of files, `history` proves
what happened, `outbox` (tellings and notices) what is still to be said. Nothing here looks at either tree.
"""

from syncd.store.database import Store

__all__ = ["Store"]
