"""Trace id, metrics and log line of each request, as Django middleware, and the error envelope."""

import json
import logging
import os
import re
import sys
import time
from datetime import datetime, timezone
from functools import cache

import prometheus_client
from django.http import JsonResponse
from prometheus_client import CollectorRegistry, Counter, Histogram, multiprocess

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)
TRACEPARENT = re.compile(r"00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}")

prometheus_client.disable_created_metrics()
REQUESTS = Counter("http_requests", "Requests answered.", ["method", "route", "status"])
DURATIONS = Histogram("http_request_duration_seconds", "Time spent inside the middleware.", ["method", "route"], buckets=BUCKETS)
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


class Observe:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        began = time.perf_counter()
        request.trace_id = trace_id(request.headers.get("traceparent", ""))
        response = self.get_response(request)  # an exception has become an answer in there
        response.headers["X-Trace-Id"] = request.trace_id
        took = time.perf_counter() - began
        route = contract_form(request.resolver_match.route) if request.resolver_match else "unmatched"
        REQUESTS.labels(request.method, route, response.status_code).inc()
        DURATIONS.labels(request.method, route).observe(took)
        if LOGGED:
            fields = {
                "trace_id": request.trace_id,
                "method": request.method,
                "route": route,
                "status": response.status_code,
                "duration_ms": round(took * 1000, 3),
                "bytes": len(response.content),
            }
            log.info("request", extra={"fields": fields})
        return response


def trace_id(header):
    """The caller's W3C trace id, or a new one; an id of zeros is invalid by that standard."""
    if (part := TRACEPARENT.fullmatch(header)) and part[1].strip("0") and part[2].strip("0"):
        return part[1]
    return os.urandom(16).hex()


@cache
def contract_form(route):
    """Django's user/<user_id:id> as the contract writes it: /user/{id}."""
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route)


def envelope(request, status, code, message, headers=None):
    error = {"code": code, "message": message, "trace_id": request.trace_id}
    return JsonResponse({"error": error}, status=status, headers=headers)
