"""The broker that QUEUE_URL names, if any: `publish(order_id)` and `consume(handle, stopped)` of its module."""

import importlib
import os

MODULES = {"amqp": "rabbitmq", "nats": "jetstream"}


class QueueUnavailable(Exception):
    pass


def chosen():
    url = os.environ.get("QUEUE_URL")
    return importlib.import_module(MODULES[url.partition(":")[0]]) if url else None
