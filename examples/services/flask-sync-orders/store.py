"""Orders in SQLite: WAL with synchronous=FULL, so that a committed order is on the disk. One connection a thread."""

import os
import sqlite3
import threading
import time

TABLE = """
CREATE TABLE IF NOT EXISTS orders (
    id TEXT PRIMARY KEY,
    idempotency_key TEXT NOT NULL UNIQUE,
    user_id INTEGER NOT NULL,
    item TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    mailed INTEGER NOT NULL DEFAULT 0,
    credited INTEGER NOT NULL DEFAULT 0,
    held_until REAL NOT NULL DEFAULT 0
)
"""
# How long a request may hold an order while it makes its calls [s]: longer than they can take.
HOLD_SECONDS = 30

_local = threading.local()


def connection():
    if not hasattr(_local, "connection"):
        _local.connection = sqlite3.connect(os.environ["DATABASE_URL"], timeout=10, isolation_level=None)
        _local.connection.row_factory = sqlite3.Row
        _local.connection.execute("PRAGMA journal_mode = WAL")
        _local.connection.execute("PRAGMA synchronous = FULL")
    return _local.connection


def make_table():
    connection().execute(TABLE)


def insert(order, held):
    """Whether it was stored; False where another order has its key."""
    row = {**order, "held_until": time.time() + HOLD_SECONDS if held else 0}
    columns = ", ".join(row)
    values = ", ".join(f":{name}" for name in row)
    sql = f"INSERT INTO orders ({columns}) VALUES ({values}) ON CONFLICT (idempotency_key) DO NOTHING"
    return connection().execute(sql, row).rowcount == 1


def by_id(order_id):
    return connection().execute("SELECT * FROM orders WHERE id = ?", (order_id,)).fetchone()


def by_key(key):
    return connection().execute("SELECT * FROM orders WHERE idempotency_key = ?", (key,)).fetchone()


def hold(order_id):
    """Takes an order whose calls are not all made, unless another request has it."""
    now = time.time()
    sql = "UPDATE orders SET held_until = ? WHERE id = ? AND held_until < ? AND NOT (mailed AND credited)"
    return connection().execute(sql, (now + HOLD_SECONDS, order_id, now)).rowcount == 1


def made(order_id, *calls):
    """Remembers which of the calls `mailed` and `credited` were made, and lets go of the order."""
    changes = "".join(f", {call} = 1" for call in calls)
    connection().execute(f"UPDATE orders SET held_until = 0{changes} WHERE id = ?", (order_id,))
