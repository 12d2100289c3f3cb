package main

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"
)

// atOnce is how many calls the worker makes at once: they wait, they do not compute.
const atOnce = 256

var errQueue = errors.New("the broker did not confirm")

// message asks for one call of one order.
type message struct {
	OrderID string `json:"order_id"`
	Call    string `json:"call"`
}

// queue is a broker that keeps what it confirmed.
type queue interface {
	// publish returns when the broker has confirmed one message for each call.
	publish(ctx context.Context, id string) error
	// consume gives each message to handle until ctx ends, and survives the broker. What handle refuses comes again.
	consume(ctx context.Context, handle func(message) bool)
	reachable() bool
}

// openQueue connects to the broker that the URL names; nil where it names none.
func openQueue(url string) queue {
	switch {
	case url == "":
		return nil
	case strings.HasPrefix(url, "nats:"):
		return newJetStream(url)
	default:
		return newRabbitMQ(url)
	}
}

// worker makes the calls of accepted orders, each once.
type worker struct {
	store   store
	running sync.Map
}

// commitTime is how long a message may overtake the commit of its order; if its order never appears, the order was not accepted.
const commitTime = 5 * time.Second

// handle says whether the message is done with; one that comes twice, even at once, makes one call.
func (w *worker) handle(m message) bool {
	if _, taken := w.running.LoadOrStore(m, true); taken {
		return false
	}
	defer w.running.Delete(m)
	ctx := context.Background()
	o, err := w.store.byID(ctx, m.OrderID)
	for deadline := time.Now().Add(commitTime); err == nil && o == nil && time.Now().Before(deadline); {
		time.Sleep(20 * time.Millisecond)
		o, err = w.store.byID(ctx, m.OrderID)
	}
	if err == nil && o == nil {
		return true
	}
	for _, c := range calls {
		if err != nil || c.name != m.Call || *c.made(o) {
			continue
		}
		if err = c.make(ctx, o.ID); err == nil {
			now := order{ID: o.ID}
			*c.made(&now) = true
			err = w.store.save(ctx, now)
		}
	}
	if err != nil {
		log.Warn("call failed", "order", m.OrderID, "call", m.Call, "cause", err)
		time.Sleep(500 * time.Millisecond)
	}
	return err == nil
}
