"""NATS JetStream: a stream on disk, each publication acknowledged by it. The client is asyncio: it has a thread of its own."""

import asyncio
import json
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import nats
import nats.errors
from nats.js.api import ConsumerConfig, RetentionPolicy, StorageType, StreamConfig
from nats.js.errors import Error as JetStreamError

from calls import CALLS
from queues import QueueUnavailable

SUBJECT = "orders"
# Calls a worker makes at once: they wait, they do not compute.
AT_ONCE = 64
LIMIT = 2  # seconds
LOST = (nats.errors.Error, JetStreamError, TimeoutError, OSError)


async def connect():
    async def quiet(_):
        pass

    client = await nats.connect(os.environ["QUEUE_URL"], max_reconnect_attempts=-1, reconnect_time_wait=0.2, error_cb=quiet)
    stream = client.jetstream()
    await stream.add_stream(StreamConfig(SUBJECT, subjects=[SUBJECT], retention=RetentionPolicy.WORK_QUEUE, storage=StorageType.FILE))
    return client, stream


@cache
def loop():
    running = asyncio.new_event_loop()
    threading.Thread(target=running.run_forever, daemon=True, name="nats").start()
    return running


def wait_for(coroutine):
    return asyncio.run_coroutine_threadsafe(coroutine, loop()).result(2 * LIMIT)


class Publisher:
    client = stream = None
    lock = threading.Lock()

    @classmethod
    def connected(cls):
        with cls.lock:
            if cls.client is None:
                cls.client, cls.stream = wait_for(connect())
        # While it reconnects, the library would keep messages for later: too late for the caller.
        if not cls.client.is_connected:
            raise QueueUnavailable
        return cls.stream


def publish(order_id):
    """Returns when the stream has stored one message for each call."""

    async def send(stream):
        messages = [json.dumps({"order_id": order_id, "call": call}).encode() for call in CALLS]
        await asyncio.gather(*(stream.publish(SUBJECT, message, timeout=LIMIT) for message in messages))

    try:
        wait_for(send(Publisher.connected()))
    except LOST as error:
        raise QueueUnavailable from error


def reachable():
    """Whether the connection stands."""
    try:
        return Publisher.connected() is not None
    except (QueueUnavailable, *LOST):
        return False


def consume(handle, stopped):
    """Gives each message to `handle` until told to stop, and survives the broker."""

    async def work(message):
        body = json.loads(message.data)
        handled = await asyncio.to_thread(handle, body["order_id"], body["call"])
        try:
            await (message.ack() if handled else message.nak(delay=0.5))
        except LOST:
            pass  # the message comes again

    async def listen():
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(AT_ONCE))
        client, stream = await connect()
        config = ConsumerConfig(ack_wait=30, max_ack_pending=AT_ONCE)
        subscription = await stream.pull_subscribe(SUBJECT, durable="worker", config=config)
        running = set()
        while not stopped.is_set():
            try:
                messages = await subscription.fetch(max(1, AT_ONCE - len(running)), timeout=0.5)
            except LOST:
                await asyncio.sleep(0.05)
                continue
            for message in messages:
                task = asyncio.create_task(work(message))
                running.add(task)
                task.add_done_callback(running.discard)
            if len(running) >= AT_ONCE:
                await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
        if running:
            await asyncio.wait(running)
        await client.close()

    asyncio.run(listen())
