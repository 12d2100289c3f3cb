package main

import (
	"context"
	"database/sql"
	"errors"
	"time"

	_ "modernc.org/sqlite"
)

const table = `CREATE TABLE IF NOT EXISTS orders (
	id TEXT PRIMARY KEY,
	idempotency_key TEXT NOT NULL UNIQUE,
	user_id INTEGER NOT NULL,
	item TEXT NOT NULL,
	quantity INTEGER NOT NULL,
	mailed INTEGER NOT NULL DEFAULT 0,
	credited INTEGER NOT NULL DEFAULT 0,
	held_until INTEGER NOT NULL DEFAULT 0
)`

// holdTime is how long a request may hold an order while it makes its calls: longer than they can take.
const holdTime = 30 * time.Second

type order struct {
	ID, key          string
	UserID           int64
	Item             string
	Quantity         int64
	mailed, credited bool
}

func (o order) same(other order) bool {
	return o.UserID == other.UserID && o.Item == other.Item && o.Quantity == other.Quantity
}

// store keeps orders in SQLite: WAL with synchronous=FULL, so that a committed order is on the disk.
type store struct {
	// One connection writes: SQLite has one writer at a time, and waiting for it here is fairer than its busy timeout.
	writer, readers *sql.DB
}

func openStore(path string) (store, error) {
	source := "file:" + path + "?_pragma=busy_timeout(10000)&_pragma=journal_mode(wal)&_pragma=synchronous(full)&_txlock=immediate"
	writer, err := sql.Open("sqlite", source)
	if err != nil {
		return store{}, err
	}
	writer.SetMaxOpenConns(1)
	readers, err := sql.Open("sqlite", source)
	if err != nil {
		return store{}, err
	}
	readers.SetMaxOpenConns(4)
	readers.SetMaxIdleConns(4)
	_, err = writer.Exec(table)
	return store{writer, readers}, err
}

// change runs a statement that is a transaction by itself; whether it changed a row.
func (s store) change(ctx context.Context, statement string, arguments ...any) (bool, error) {
	result, err := s.writer.ExecContext(ctx, statement, arguments...)
	if err != nil {
		return false, err
	}
	rows, err := result.RowsAffected()
	return rows == 1, err
}

// insert says whether the order was stored; false where another one has its key.
func (s store) insert(ctx context.Context, o order, held bool) (bool, error) {
	until := int64(0)
	if held {
		until = time.Now().Add(holdTime).UnixMilli()
	}
	return s.change(ctx, `INSERT INTO orders (id, idempotency_key, user_id, item, quantity, held_until) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (idempotency_key) DO NOTHING`, o.ID, o.key, o.UserID, o.Item, o.Quantity, until)
}

func (s store) byID(ctx context.Context, id string) (*order, error) {
	return s.find(ctx, "id", id)
}

func (s store) byKey(ctx context.Context, key string) (*order, error) {
	return s.find(ctx, "idempotency_key", key)
}

// find answers nil where there is no such order.
func (s store) find(ctx context.Context, column, value string) (*order, error) {
	var o order
	row := s.readers.QueryRowContext(ctx, "SELECT id, idempotency_key, user_id, item, quantity, mailed, credited FROM orders WHERE "+column+" = ?", value)
	err := row.Scan(&o.ID, &o.key, &o.UserID, &o.Item, &o.Quantity, &o.mailed, &o.credited)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return &o, err
}

// hold takes an order whose calls are not all made, unless another request has it.
func (s store) hold(ctx context.Context, id string) (bool, error) {
	now := time.Now()
	return s.change(ctx, "UPDATE orders SET held_until = ? WHERE id = ? AND held_until < ? AND NOT (mailed AND credited)",
		now.Add(holdTime).UnixMilli(), id, now.UnixMilli())
}

// save remembers which calls were made, and lets go of the order. A call once made stays made.
func (s store) save(ctx context.Context, o order) error {
	_, err := s.change(ctx, "UPDATE orders SET held_until = 0, mailed = mailed OR ?, credited = credited OR ? WHERE id = ?", o.mailed, o.credited, o.ID)
	return err
}
