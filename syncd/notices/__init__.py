"""Sends notices to chat rooms over apprise: any service that it knows, and two of syncd's own.

`sender` drains the outbox, `services` speaks to one address and says what came of it, `watched` is how it knows,
`logochat` and `spool` are the services of its own, `quiet` says when nothing is sent. Nothing here decides what is
said, and no address is ever printed.
"""

from syncd.notices.quiet import Quiet
from syncd.notices.rooms import Rooms
from syncd.notices.sender import Pace, Sender

__all__ = ["Pace", "Quiet", "Rooms", "Sender"]
