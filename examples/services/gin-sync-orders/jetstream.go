package main

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

const subject = "orders"

// natsStream is NATS JetStream: a work-queue stream on disk, each publication acknowledged by it.
type natsStream struct {
	connection *nats.Conn
	stream     jetstream.JetStream
}

func newJetStream(url string) *natsStream {
	// Without a buffer a publication fails while it reconnects, instead of arriving too late for the caller.
	connection, err := nats.Connect(url, nats.RetryOnFailedConnect(true), nats.MaxReconnects(-1), nats.ReconnectWait(200*time.Millisecond), nats.ReconnectBufSize(-1))
	if err != nil {
		panic(err) // the URL is wrong: a server that is away is tried again
	}
	stream, err := jetstream.New(connection)
	if err != nil {
		panic(err)
	}
	return &natsStream{connection, stream}
}

// made makes the stream unless it is there.
func (n *natsStream) made(ctx context.Context) (jetstream.Stream, error) {
	return n.stream.CreateOrUpdateStream(ctx, jetstream.StreamConfig{
		Name: subject, Subjects: []string{subject}, Retention: jetstream.WorkQueuePolicy, Storage: jetstream.FileStorage,
	})
}

func (n *natsStream) publish(ctx context.Context, id string) error {
	if !n.connection.IsConnected() {
		return errQueue
	}
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	var confirmed []jetstream.PubAckFuture
	for _, c := range calls {
		body, err := json.Marshal(message{id, c.name})
		if err != nil {
			return err
		}
		one, err := n.stream.PublishAsync(subject, body)
		if err != nil {
			return errQueue
		}
		confirmed = append(confirmed, one)
	}
	for _, one := range confirmed {
		select {
		case <-one.Ok():
		case <-one.Err():
			return errQueue
		case <-ctx.Done():
			return errQueue
		}
	}
	return nil
}

func (n *natsStream) consume(ctx context.Context, handle func(message) bool) {
	for ctx.Err() == nil {
		if err := n.listen(ctx, handle); err != nil {
			time.Sleep(200 * time.Millisecond)
		}
	}
}

func (n *natsStream) listen(ctx context.Context, handle func(message) bool) error {
	stream, err := n.made(ctx)
	if err != nil {
		return err
	}
	consumer, err := stream.CreateOrUpdateConsumer(ctx, jetstream.ConsumerConfig{
		Durable: "worker", AckPolicy: jetstream.AckExplicitPolicy, AckWait: 30 * time.Second, MaxAckPending: atOnce,
	})
	if err != nil {
		return err
	}
	messages, err := consumer.Messages(jetstream.PullMaxMessages(atOnce))
	if err != nil {
		return err
	}
	stop := context.AfterFunc(ctx, messages.Stop)
	defer stop()
	defer messages.Stop()
	var running sync.WaitGroup
	defer running.Wait()
	for {
		delivery, err := messages.Next()
		if err != nil {
			return err
		}
		running.Go(func() {
			var m message
			// If the connection is closed, the message is redelivered.
			if json.Unmarshal(delivery.Data(), &m) != nil || handle(m) {
				_ = delivery.Ack()
			} else {
				_ = delivery.Nak()
			}
		})
	}
}

func (n *natsStream) reachable() bool {
	if !n.connection.IsConnected() {
		return false
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_, err := n.stream.Stream(ctx, subject)
	return err == nil
}
