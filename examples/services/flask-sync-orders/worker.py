"""The process behind the queue: makes the calls of accepted orders, each once. Started and ended by gunicorn.conf.py."""

import logging
import signal
import threading
import time

import requests

import calls
import queues
import store

# A message may overtake the commit of its order; if its order never appears, the order was not accepted.
COMMIT_SECONDS = 5

stopped = threading.Event()
running = set()
lock = threading.Lock()


def accepted(order_id):
    deadline = time.monotonic() + COMMIT_SECONDS
    while (order := store.by_id(order_id)) is None and time.monotonic() < deadline and not stopped.is_set():
        time.sleep(0.02)
    return order


def handle(order_id, call):
    """Whether the message is done with; one that comes twice, even at once, makes one call."""
    task = (order_id, call)
    with lock:
        if task in running:
            return False
        running.add(task)
    try:
        order = accepted(order_id)
        if order is None:
            return not stopped.is_set()
        if not order[call]:
            calls.make(call, order_id)
            store.made(order_id, call)
        return True
    except requests.RequestException as error:
        logging.getLogger("worker").warning("%s of order %s failed: %s", call, order_id, error)
        time.sleep(0.5)
        return False
    finally:
        with lock:
            running.discard(task)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    store.make_table()
    queues.chosen().consume(handle, stopped)
