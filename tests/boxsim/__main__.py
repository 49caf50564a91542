"""`python -m tests.boxsim --port P [--tls CERT KEY] [--data DIR]`: serves until SIGTERM or SIGINT."""

from __future__ import annotations

import argparse
import json
import signal
import threading
from dataclasses import asdict
from pathlib import Path

from tests.boxsim import Simulator, serve


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.boxsim", description="A Box for tests, on 127.0.0.1.")
    parser.add_argument("--port", type=int, default=0, help="0: any that is free")
    parser.add_argument("--tls", nargs=2, type=Path, metavar=("CERT", "KEY"), help="PEM files")
    parser.add_argument("--data", type=Path, help="keep the state here, and reload it from here")
    parser.add_argument("--seed", type=int, default=0, help="of ids and secrets")
    options = parser.parse_args()
    sim = Simulator(options.seed, options.data)
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    with serve(sim, options.port, tuple(options.tls) if options.tls else None) as server:
        account = asdict(sim.account)
        told = {name: account[name] for name in ("token", "client_id", "client_secret", "enterprise_id", "user_id")}
        urls = {"base_url": server.base_url, "upload_url": server.upload_url, "oauth2_url": server.oauth2_url}
        print(json.dumps({**urls, **told}), flush=True)
        while not ended.wait(1.0):
            if sim.unsaved:
                sim.save()


if __name__ == "__main__":
    main()
