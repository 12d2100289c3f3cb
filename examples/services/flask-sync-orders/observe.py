"""Trace id, metrics, log line and error envelope of each request, through Flask's own hooks."""

import json
import logging
import os
import re
import sys
import time
from datetime import datetime, timezone
from functools import cache

import prometheus_client
from flask import g, jsonify, request
from prometheus_client import CollectorRegistry, Counter, Histogram, multiprocess
from werkzeug.exceptions import HTTPException

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)
CODES = {
    400: "BAD_REQUEST",
    404: "NOT_FOUND",
    405: "METHOD_NOT_ALLOWED",
    409: "CONFLICT",
    413: "PAYLOAD_TOO_LARGE",
    415: "UNSUPPORTED_MEDIA_TYPE",
}
TRACEPARENT = re.compile(r"00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}")

prometheus_client.disable_created_metrics()
REQUESTS = Counter("http_requests", "Requests answered.", ["method", "route", "status"])
DURATIONS = Histogram("http_request_duration_seconds", "Time between Flask's first and last hook.", ["method", "route"], buckets=BUCKETS)
LOGGED = os.environ.get("LOG") == "access"


class JsonLines(logging.Formatter):
    def format(self, record):
        line = {
            "ts": datetime.fromtimestamp(record.created, timezone.utc).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "msg": record.getMessage(),
            **record.__dict__.get("fields", {}),
        }
        if record.exc_info:
            line["stack"] = self.formatException(record.exc_info)
        return json.dumps(line)


log = logging.getLogger("service")
log.setLevel(logging.INFO)
log.propagate = False
log.addHandler(logging.StreamHandler(sys.stdout))
log.handlers[0].setFormatter(JsonLines())


def registry():
    """With several workers each keeps its counts in a file, and the one that is asked sums them."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return prometheus_client.REGISTRY
    summed = CollectorRegistry()
    multiprocess.MultiProcessCollector(summed)
    return summed


def install(app):
    app.before_request(begin)
    app.after_request(end)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(Exception, internal_error)


def begin():
    g.began = time.perf_counter()
    g.trace_id = trace_id(request.headers.get("traceparent", ""))


def end(response):
    took = time.perf_counter() - g.began
    route = contract_form(request.url_rule.rule) if request.url_rule else "unmatched"
    response.headers["X-Trace-Id"] = g.trace_id
    REQUESTS.labels(request.method, route, response.status_code).inc()
    DURATIONS.labels(request.method, route).observe(took)
    if LOGGED:
        fields = {
            "trace_id": g.trace_id,
            "method": request.method,
            "route": route,
            "status": response.status_code,
            "duration_ms": round(took * 1000, 3),
            "bytes": response.calculate_content_length(),
        }
        log.info("request", extra={"fields": fields})
    return response


def trace_id(header):
    """The caller's W3C trace id, or a new one; an id of zeros is invalid by that standard."""
    if (part := TRACEPARENT.fullmatch(header)) and part[1].strip("0") and part[2].strip("0"):
        return part[1]
    return os.urandom(16).hex()


@cache
def contract_form(rule):
    """Flask's /user/<user_id:id> as the contract writes it: /user/{id}."""
    return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule)


def envelope(status, code, message, headers=()):
    response = jsonify(error={"code": code, "message": message, "trace_id": g.trace_id})
    response.status_code = status
    response.headers.extend(headers)
    return response


def http_error(error):
    code = getattr(error, "error_code", None) or CODES.get(error.code, "INTERNAL")
    allow = [("Allow", ", ".join(sorted(error.valid_methods)))] if getattr(error, "valid_methods", None) else ()
    return envelope(error.code, code, error.description, allow)


def internal_error(error):
    """The stack goes to the log; the caller learns only the trace id that finds it there."""
    log.error("internal error", exc_info=error, extra={"fields": {"trace_id": g.trace_id}})
    return envelope(500, "INTERNAL", "internal error")
