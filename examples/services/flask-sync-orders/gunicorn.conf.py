"""gunicorn for contract `orders`: WORKERS processes of 16 threads, and with a broker the process that works behind it."""

import os
import shutil
import subprocess
import sys
import tempfile

bind = "127.0.0.1:" + os.environ["PORT"]
workers = int(os.environ.get("WORKERS") or 1)
worker_class = "drain.DrainingThreadWorker"
threads = 16  # the benchmark's 16 connections, each with a thread of its own
graceful_timeout = 9  # the contract allows 10 s
loglevel = "warning"
control_socket_disable = True

if workers > 1:
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="metrics-")

behind = []


def when_ready(server):
    if os.environ.get("QUEUE_URL"):
        behind.append(subprocess.Popen([sys.executable, os.path.join(os.path.dirname(__file__), "worker.py")]))


def on_exit(server):
    for process in behind:
        process.terminate()
    for process in behind:
        process.wait()
    if workers > 1:
        shutil.rmtree(os.environ["PROMETHEUS_MULTIPROC_DIR"], ignore_errors=True)
