"""A Box that real clients believe: users, folders, files, events and everything that goes wrong, on a loopback port.

`Simulator` is Box, `serve` puts it on a port, `adapter.InProcess` into a `requests.Session`, and
`python -m tests.boxsim --port 0` into a process of its own. A request goes from `server` or `adapter` to `handling`
(counts, faults, tokens), by `routes` to `api/` (a family of endpoints a file), which asks `tree`, `contents`, `people`
and `events` (what Box does) over `model` (what it remembers). `hands` are people, who don't come by HTTP.
"""

from tests.boxsim.adapter import InProcess
from tests.boxsim.hands import Hands
from tests.boxsim.server import Server, serve
from tests.boxsim.simulator import Account, Simulator
from tests.boxsim.wire import Refused, Request, Response

__all__ = ["Account", "Hands", "InProcess", "Refused", "Request", "Response", "Server", "Simulator", "serve"]
