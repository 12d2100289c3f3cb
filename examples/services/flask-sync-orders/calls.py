"""The two calls that an order causes. The receiver is given an idempotency key, because a crash may make us call again."""

import os
import threading

import requests

# Column of the order that remembers the call, and the path of the call.
CALLS = {"mailed": "/mail", "credited": "/points"}
LIMIT = 10  # seconds
_local = threading.local()


def make(call, order_id):
    """Raises requests.RequestException unless the call was accepted."""
    if not hasattr(_local, "session"):
        _local.session = requests.Session()
        _local.session.trust_env = False  # no look for a proxy at each call
    url = os.environ["DOWNSTREAM_URL"] + CALLS[call]
    key = {"Idempotency-Key": f"{order_id}-{call}"}
    _local.session.post(url, json={"order_id": order_id}, headers=key, timeout=LIMIT).raise_for_status()
