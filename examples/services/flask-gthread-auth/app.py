"""Contract `auth` on Flask: routes and handlers. Tracing, metrics and log are in observe.py, the server in gunicorn.conf.py."""

import hashlib
import hmac
import os
import time
from functools import wraps

import jwt
from flask import Flask, Response, abort, request
from flask.json.provider import DefaultJSONProvider
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, Unauthorized
from werkzeug.routing import BaseConverter

import drain
import observe

TOKEN_SECONDS = 86400
# Bytes, made once: the library would encode a text secret again for each token.
KEY = os.environ["JWT_SECRET"].encode()

USERS = {i: {"id": i, "name": f"user{i}", "age": 20 + i % 50} for i in range(1, 1001)}
NAMES = {user["name"] for user in USERS.values()}


class BadCredentials(Unauthorized):
    error_code = "BAD_CREDENTIALS"
    description = "username or password is wrong"


class UserId(BaseConverter):
    """An id in ASCII digits; anything else is None, so that the route still matches and answers 404 itself.

    The built-in `int` converter accepts other scripts' digits and leaves "abc" to no route at all.
    """

    def to_python(self, value):
        return int(value) if value.isascii() and value.isdigit() else None


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
app.url_map.converters["user_id"] = UserId
observe.install(app)


@app.get("/healthz")
def healthz():
    return {"status": "ok"}


@app.get("/readyz")
def readyz():
    if drain.started:
        return observe.envelope(503, "NOT_READY", "draining")
    return {"status": "ready"}


@app.get("/metrics")
def metrics():
    return Response(generate_latest(observe.registry()), content_type=CONTENT_TYPE_LATEST)


@app.post("/auth")
def login():
    given = json_object()
    username, password = text(given, "username"), text(given, "password")
    if not password_fits(username, password) or username not in NAMES:
        raise BadCredentials
    now = int(time.time())
    token = jwt.encode({"sub": username, "iat": now, "exp": now + TOKEN_SECONDS}, KEY, algorithm="HS256")
    return {"token": token, "token_type": "Bearer", "expires_in": TOKEN_SECONDS}


def json_object():
    request.get_data()  # 413 for a Content-Length above the limit
    # A body without one is cut off at the limit by Werkzeug; the remainder shows that it was longer.
    if request.content_length is None and request.environ["wsgi.input"].read(1):
        raise RequestEntityTooLarge("the body is larger than 64 KiB")
    given = request.get_json()  # 415 and 400
    if not isinstance(given, dict):
        raise BadRequest("the body must be a JSON object")
    return given


def text(given, field):
    value = given.get(field)
    if not isinstance(value, str) or not 1 <= len(value) <= 128:
        raise BadRequest(f"{field} must be a string of 1 to 128 characters")
    return value


def password_fits(username, password):
    """The contract's cheap check, the same in every service: it stands for a password hash without measuring one."""
    return hmac.compare_digest(digest(username, "correct horse"), digest(username, password))


def digest(username, password):
    # A lone surrogate is valid JSON but not valid UTF-8.
    return hashlib.sha256(f"{username}:{password}".encode("utf-8", "surrogatepass")).hexdigest()


def token_required(view):
    @wraps(view)
    def checked(*args, **kwargs):
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            raise Unauthorized("a bearer token is needed")
        try:
            # HS256 only: neither `none` nor a token signed by a key of another kind.
            jwt.decode(token, KEY, algorithms=["HS256"], options={"require": ["sub", "exp"]})
        except jwt.InvalidTokenError:
            raise Unauthorized("the token is not valid") from None
        return view(*args, **kwargs)

    return checked


@app.get("/user/<user_id:id>")
def public_user(id):
    return USERS.get(id) or abort(404, "no such user")


@app.get("/api/users/<user_id:id>")
@token_required
def user(id):
    return USERS.get(id) or abort(404, "no such user")


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
