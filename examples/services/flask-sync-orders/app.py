"""Contract `orders` on Flask: routes and handlers. The store is in store.py, the calls in calls.py, the broker in queues.py."""

import os
import time
import uuid

import requests
from flask import Flask, Response, abort, request
from flask.json.provider import DefaultJSONProvider
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from werkzeug.exceptions import BadRequest, Conflict, RequestEntityTooLarge

import calls
import drain
import observe
import queues
import store


class Json(DefaultJSONProvider):
    def loads(self, s, **kwargs):
        try:
            return super().loads(s, **kwargs)
        except RecursionError as error:  # 64 KiB of "[" are the sender's fault, not ours
            raise ValueError("nested too deeply") from error


class Service(Flask):
    json_provider_class = Json


app = Service(__name__, static_folder=None)
app.config["MAX_CONTENT_LENGTH"] = 64 * 1024
app.url_map.merge_slashes = False  # a redirect is an answer without the error envelope
observe.install(app)
store.make_table()
queue = queues.chosen()


@app.get("/healthz")
def healthz():
    return {"status": "ok"}


@app.get("/readyz")
def readyz():
    if drain.started:
        return observe.envelope(503, "NOT_READY", "draining")
    if queue and not queue.reachable():
        return observe.envelope(503, "NOT_READY", "the broker does not answer")
    return {"status": "ready"}


@app.get("/metrics")
def metrics():
    return Response(generate_latest(observe.registry()), content_type=CONTENT_TYPE_LATEST)


@app.post("/api/orders")
def create():
    mode = request.args.get("mode")
    if mode not in ("sync", "async"):
        raise BadRequest("mode must be sync or async")
    order = {"id": uuid.uuid4().hex, "idempotency_key": idempotency_key(), **content(json_object())}
    if known := store.by_key(order["idempotency_key"]):
        return again(known, order, mode)
    return wait_for_calls(order) if mode == "sync" else leave_to_queue(order)


@app.get("/api/orders/<id>")
def read(id):
    return shown(store.by_id(id) or abort(404, "no such order"))


def wait_for_calls(order):
    if not store.insert(order, held=True):
        return again(store.by_key(order["idempotency_key"]), order, "sync")
    return finish(order["id"])


def leave_to_queue(order):
    """The broker confirms first: a message without an order does nothing, an order without its messages would be lost."""
    if queue is None:
        return observe.envelope(503, "QUEUE_UNAVAILABLE", "this service has no broker")
    try:
        queue.publish(order["id"])
    except queues.QueueUnavailable:
        return observe.envelope(503, "QUEUE_UNAVAILABLE", "the broker did not confirm the order")
    if not store.insert(order, held=False):
        return again(store.by_key(order["idempotency_key"]), order, "async")
    return shown({**order, "mailed": 0, "credited": 0}), 202


def again(known, order, mode):
    """The same request once more: the same order, and the calls that are still missing."""
    if any(known[field] != order[field] for field in ("user_id", "item", "quantity")):
        raise Conflict("this Idempotency-Key belongs to another order")
    if mode == "async":
        return shown(known), 202
    return finish(known["id"]) if store.hold(known["id"]) else (shown(known), 201)


def finish(order_id):
    """Makes the calls of an order that this request holds."""
    made = []
    try:
        order = store.by_id(order_id)
        for call in calls.CALLS:
            if not order[call]:
                calls.make(call, order_id)
                made.append(call)
    except requests.RequestException:
        return observe.envelope(502, "DOWNSTREAM_FAILED", "the mail or the points were refused")
    finally:
        store.made(order_id, *made)
    return shown(store.by_id(order_id)), 201


def shown(order):
    status = "done" if order["mailed"] and order["credited"] else "pending"
    return {**{field: order[field] for field in ("id", "user_id", "item", "quantity")}, "status": status}


def idempotency_key():
    key = request.headers.get("Idempotency-Key", "")
    if not 1 <= len(key) <= 128:
        raise BadRequest("an Idempotency-Key of 1 to 128 characters is needed")
    return key


def content(given):
    user_id, item, quantity = given.get("user_id"), given.get("item"), given.get("quantity")
    if not (is_count(user_id) and is_count(quantity)):
        raise BadRequest("user_id and quantity must be integers above zero")
    if not isinstance(item, str) or not 1 <= len(item) <= 128:
        raise BadRequest("item must be a string of 1 to 128 characters")
    return {"user_id": user_id, "item": item, "quantity": quantity}


def is_count(value):
    # The store's integers have 64 bits; True is an int to Python.
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**63


def json_object():
    request.get_data()  # 413 for a Content-Length above the limit
    # A body without one is cut off at the limit by Werkzeug; the remainder shows that it was longer.
    if request.content_length is None and request.environ["wsgi.input"].read(1):
        raise RequestEntityTooLarge("the body is larger than 64 KiB")
    given = request.get_json()  # 415 and 400
    if not isinstance(given, dict):
        raise BadRequest("the body must be a JSON object")
    return given


if os.environ.get("FAULTS") == "1":

    @app.get("/_fault/panic")
    def panic():
        raise RuntimeError("asked for by /_fault/panic")

    @app.get("/_fault/slow")
    def slow():
        ms = request.args.get("ms", "")
        if not (ms.isascii() and ms.isdigit() and int(ms) <= 5000):
            raise BadRequest("ms must be an integer from 0 to 5000")
        time.sleep(int(ms) / 1000)
        return {"slept_ms": int(ms)}
