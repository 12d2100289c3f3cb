"""gunicorn for contract `auth`: WORKERS processes, each gthread (16 threads) or sync (one request at a time)."""

import os
import shutil
import tempfile

bind = "127.0.0.1:" + os.environ["PORT"]
workers = int(os.environ.get("WORKERS") or 1)
threaded = os.environ.get("WORKER_CLASS", "gthread") == "gthread"
worker_class = "drain.DrainingThreadWorker" if threaded else "drain.DrainingSyncWorker"
threads = 16 if threaded else 1  # the benchmark's 16 connections, each with a thread of its own
graceful_timeout = 9  # the contract allows 10 s
loglevel = "warning"
control_socket_disable = True

if workers > 1:
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="metrics-")


def on_exit(server):
    if workers > 1:
        shutil.rmtree(os.environ["PROMETHEUS_MULTIPROC_DIR"], ignore_errors=True)
