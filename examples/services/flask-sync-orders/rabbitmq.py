"""RabbitMQ: a durable queue, persistent messages, publisher confirms."""

import json
import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pika
from pika.exceptions import AMQPError

from calls import CALLS
from queues import QueueUnavailable

QUEUE = "orders"
PERSISTENT = pika.BasicProperties(delivery_mode=2, content_type="application/json")
# Calls a worker makes at once: they wait, they do not compute.
AT_ONCE = 64
_local = threading.local()


def connect(**options):
    parameters = pika.URLParameters(os.environ["QUEUE_URL"])
    parameters.socket_timeout = parameters.stack_timeout = parameters.blocked_connection_timeout = 2
    for name, value in options.items():
        setattr(parameters, name, value)
    channel = pika.BlockingConnection(parameters).channel()
    channel.queue_declare(QUEUE, durable=True)
    return channel


def publish(order_id):
    """Returns when the broker has confirmed one message for each call.

    A connection belongs to its thread, as pika wants it. It may have died unnoticed, so a second one is tried; a message that
    arrives twice is harmless, since the worker asks the store first.
    """
    try:
        if not hasattr(_local, "channel"):
            raise AMQPError
        send(order_id)
    except AMQPError:
        try:
            _local.channel = connect(heartbeat=0)  # nobody would answer heartbeats between two requests
            _local.channel.confirm_delivery()
            send(order_id)
        except (AMQPError, OSError) as error:
            raise QueueUnavailable from error


def send(order_id):
    for call in CALLS:
        message = json.dumps({"order_id": order_id, "call": call})
        _local.channel.basic_publish("", QUEUE, message, PERSISTENT, mandatory=True)


def consume(handle, stopped):
    """Gives each message to `handle` until told to stop, and survives the broker."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        while not stopped.is_set():
            try:
                listen(pool, handle, stopped)
            except (AMQPError, OSError):
                time.sleep(0.2)


def listen(pool, handle, stopped):
    channel = connect()
    channel.basic_qos(prefetch_count=AT_ONCE)

    def work(tag, message):
        settle = channel.basic_ack if handle(message["order_id"], message["call"]) else channel.basic_nack
        # Another thread's connection: the answer is handed over to it. If it is closed, the message is redelivered.
        channel.connection.add_callback_threadsafe(partial(settle_quietly, settle, tag))

    def settle_quietly(settle, tag):
        if channel.is_open:
            settle(tag)

    channel.basic_consume(QUEUE, lambda _, method, __, body: pool.submit(work, method.delivery_tag, json.loads(body)))
    while not stopped.is_set():
        channel.connection.process_data_events(time_limit=0.2)
    channel.connection.close()


def reachable():
    """Whether the broker takes a connection."""
    try:
        connect(heartbeat=0).connection.close()
    except (AMQPError, OSError):
        return False
    return True
