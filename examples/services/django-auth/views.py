"""Users, passwords and tokens, as class-based views."""

import hashlib
import hmac
import json
import os
import sys
import time

import jwt
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpResponse, JsonResponse
from django.views import View
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

import drain
import observe
from observe import envelope

TOKEN_SECONDS = 86400
# Bytes, made once: the library would encode a text secret again for each token.
KEY = os.environ["JWT_SECRET"].encode()

USERS = {i: {"id": i, "name": f"user{i}", "age": 20 + i % 50} for i in range(1, 1001)}
NAMES = {user["name"] for user in USERS.values()}


class ServiceView(View):
    def http_method_not_allowed(self, request, *args, **kwargs):
        allow = {"Allow": ", ".join(self._allowed_methods())}
        return envelope(request, 405, "METHOD_NOT_ALLOWED", "the route exists, the method does not", allow)


class Health(ServiceView):
    def get(self, request):
        return JsonResponse({"status": "ok"})


class Ready(ServiceView):
    def get(self, request):
        if drain.started:
            return envelope(request, 503, "NOT_READY", "draining")
        return JsonResponse({"status": "ready"})


class Metrics(ServiceView):
    def get(self, request):
        return HttpResponse(generate_latest(observe.registry()), content_type=CONTENT_TYPE_LATEST)


class Login(ServiceView):
    def post(self, request):
        if request.content_type != "application/json":
            return envelope(request, 415, "UNSUPPORTED_MEDIA_TYPE", "the body must be application/json")
        try:
            given = json.loads(request.body)
        except RequestDataTooBig:
            return envelope(request, 413, "PAYLOAD_TOO_LARGE", "the body is larger than 64 KiB")
        except (ValueError, RecursionError):
            return envelope(request, 400, "BAD_REQUEST", "the body is not JSON")
        if not isinstance(given, dict) or not all(valid(given.get(field)) for field in ("username", "password")):
            return envelope(request, 400, "BAD_REQUEST", "username and password must be strings of 1 to 128 characters")
        username = given["username"]
        if not password_fits(username, given["password"]) or username not in NAMES:
            return envelope(request, 401, "BAD_CREDENTIALS", "username or password is wrong")
        now = int(time.time())
        token = jwt.encode({"sub": username, "iat": now, "exp": now + TOKEN_SECONDS}, KEY, algorithm="HS256")
        return JsonResponse({"token": token, "token_type": "Bearer", "expires_in": TOKEN_SECONDS})


def valid(text):
    return isinstance(text, str) and 1 <= len(text) <= 128


def password_fits(username, password):
    """The contract's cheap check, the same in every service: it stands for a password hash without measuring one."""
    return hmac.compare_digest(digest(username, "correct horse"), digest(username, password))


def digest(username, password):
    # A lone surrogate is valid JSON but not valid UTF-8.
    return hashlib.sha256(f"{username}:{password}".encode("utf-8", "surrogatepass")).hexdigest()


class PublicUser(ServiceView):
    def get(self, request, id):
        if id not in USERS:
            raise Http404("no such user")
        return JsonResponse(USERS[id])


class TokenRequired:
    """Mixin: the view is reached with a valid bearer token only."""

    def dispatch(self, request, *args, **kwargs):
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        try:
            if scheme.lower() != "bearer":
                raise jwt.InvalidTokenError
            # HS256 only: neither `none` nor a token signed by a key of another kind.
            jwt.decode(token, KEY, algorithms=["HS256"], options={"require": ["sub", "exp"]})
        except jwt.InvalidTokenError:
            return envelope(request, 401, "UNAUTHORIZED", "a valid bearer token is needed")
        return super().dispatch(request, *args, **kwargs)


class User(TokenRequired, PublicUser):
    pass


class Panic(ServiceView):
    def get(self, request):
        raise RuntimeError("asked for by /_fault/panic")


class Slow(ServiceView):
    def get(self, request):
        ms = request.GET.get("ms", "")
        if not (ms.isascii() and ms.isdigit() and int(ms) <= 5000):
            return envelope(request, 400, "BAD_REQUEST", "ms must be an integer from 0 to 5000")
        time.sleep(int(ms) / 1000)
        return JsonResponse({"slept_ms": int(ms)})


def bad_request(request, exception):
    return envelope(request, 400, "BAD_REQUEST", "the request cannot be understood")


def not_found(request, exception):
    # Without a route the exception holds the list of routes, which must not be exposed.
    return envelope(request, 404, "NOT_FOUND", str(exception) if request.resolver_match else "no such route")


def internal_error(request):
    """The stack goes to the log; the caller learns only the trace id that finds it there."""
    observe.log.error("internal error", exc_info=sys.exc_info(), extra={"fields": {"trace_id": request.trace_id}})
    return envelope(request, 500, "INTERNAL", "internal error")
