"""uvicorn for contract `auth`: one process, and a drain in which /readyz answers 503."""

import asyncio
import os
import signal
import sys
import time

import uvicorn

from app import app
from observe import Observe


class DrainingServer(uvicorn.Server):
    async def shutdown(self, sockets=None):
        """Listens until nothing is in flight: uvicorn's own shutdown would refuse the load balancer's /readyz at once."""
        app.state.draining = True
        deadline = time.monotonic() + 8  # the contract allows 10 s in all
        while Observe.in_flight and time.monotonic() < deadline:
            await asyncio.sleep(0.02)
        await super().shutdown(sockets)


def main():
    if (os.environ.get("WORKERS") or "1") != "1":
        sys.exit("this service is one process: WORKERS must be 1")
    # After its shutdown uvicorn raises the signal once more, for whoever handled it before: that is a clean exit.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    config = uvicorn.Config(
        app,
        host="127.0.0.1",
        port=int(os.environ["PORT"]),
        loop="uvloop",
        http="httptools",
        ws="none",
        lifespan="off",
        access_log=False,
        log_level="warning",
        timeout_graceful_shutdown=1,
    )
    DrainingServer(config).run()


if __name__ == "__main__":
    main()
