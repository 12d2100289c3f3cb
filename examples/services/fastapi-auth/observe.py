"""Trace id, metrics, log line, body limit and error envelope, as plain ASGI middleware."""

import json
import logging
import os
import re
import sys
import time
import traceback
from datetime import datetime, timezone

import prometheus_client
from prometheus_client import Counter, Histogram
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

BODY_LIMIT = 64 * 1024  # bytes
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)
CODES = {
    400: "BAD_REQUEST",
    401: "UNAUTHORIZED",
    404: "NOT_FOUND",
    405: "METHOD_NOT_ALLOWED",
    413: "PAYLOAD_TOO_LARGE",
    415: "UNSUPPORTED_MEDIA_TYPE",
    503: "NOT_READY",
}
TRACEPARENT = re.compile(r"00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}")

prometheus_client.disable_created_metrics()
REQUESTS = Counter("http_requests", "Requests answered.", ["method", "route", "status"])
DURATIONS = Histogram("http_request_duration_seconds", "Time spent inside the outermost middleware.", ["method", "route"], buckets=BUCKETS)
LOGGED = os.environ.get("LOG") == "access"

log = logging.getLogger("service")
log.setLevel(logging.INFO)
log.propagate = False
log.addHandler(logging.StreamHandler(sys.stdout))


def log_line(level, message, **fields):
    ts = datetime.now(timezone.utc).isoformat(timespec="milliseconds")
    log.log(level, json.dumps({"ts": ts, "level": logging.getLevelName(level).lower(), "msg": message, **fields}))


def envelope(scope, status, message, code=None, headers=None):
    error = {"code": code or CODES.get(status, "INTERNAL"), "message": message, "trace_id": scope["state"]["trace_id"]}
    return JSONResponse({"error": error}, status, headers)


class Observe:
    """The outermost middleware of ours: Starlette's own handler of unknown errors lies outside it and knows no trace id."""

    in_flight = 0

    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        began = time.perf_counter()
        trace = trace_id(Headers(scope=scope).get("traceparent", ""))
        scope.setdefault("state", {})["trace_id"] = trace
        status, size = 0, 0

        async def observed(message):
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Trace-Id"] = trace
            else:
                size += len(message.get("body", b""))
            await send(message)

        Observe.in_flight += 1
        try:
            await self.app(scope, receive, observed)
        except Exception:
            log_line(logging.ERROR, "internal error", trace_id=trace, stack=traceback.format_exc())
            if not status:
                await envelope(scope, 500, "internal error")(scope, receive, observed)
        finally:
            Observe.in_flight -= 1
            took = time.perf_counter() - began
            route, method = template(scope), scope["method"]
            REQUESTS.labels(method, route, status).inc()
            DURATIONS.labels(method, route).observe(took)
            if LOGGED:
                fields = {"method": method, "route": route, "status": status, "duration_ms": round(took * 1000, 3), "bytes": size}
                log_line(logging.INFO, "request", trace_id=trace, **fields)


def trace_id(header):
    """The caller's W3C trace id, or a new one; an id of zeros is invalid by that standard."""
    if (part := TRACEPARENT.fullmatch(header)) and part[1].strip("0") and part[2].strip("0"):
        return part[1]
    return os.urandom(16).hex()


def template(scope):
    route = scope.get("route")
    return route.path_format if route else "unmatched"


class BodyLimit:
    """FastAPI reads a body of any size. What is counted is what arrives, as a chunked body states no length."""

    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        read = 0

        async def limited():
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > BODY_LIMIT:
                raise HTTPException(413, "the body is larger than 64 KiB")
            return message

        await self.app(scope, limited, send)
