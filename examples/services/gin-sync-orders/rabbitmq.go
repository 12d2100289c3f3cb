package main

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	amqp "github.com/rabbitmq/amqp091-go"
)

const queueName = "orders"

// rabbitMQ: a durable queue, persistent messages, publisher confirms.
type rabbitMQ struct {
	url string
	// Both are recreated after the broker was unavailable.
	lock       sync.Mutex
	connection *amqp.Connection
	// Channels that confirm, one for each publisher at work: a confirmation is then its own publisher's.
	idle []*amqp.Channel
}

func newRabbitMQ(url string) *rabbitMQ { return &rabbitMQ{url: url} }

// connected answers the shared connection; publishers and the worker have channels of their own on it.
func (r *rabbitMQ) connected() (*amqp.Connection, error) {
	r.lock.Lock()
	defer r.lock.Unlock()
	if r.connection != nil && !r.connection.IsClosed() {
		return r.connection, nil
	}
	connection, err := amqp.DialConfig(r.url, amqp.Config{Dial: amqp.DefaultDial(2 * time.Second)})
	if err != nil {
		return nil, err
	}
	r.connection, r.idle = connection, nil
	return connection, nil
}

func (r *rabbitMQ) channel() (*amqp.Channel, error) {
	connection, err := r.connected()
	if err != nil {
		return nil, err
	}
	channel, err := connection.Channel()
	if err != nil {
		return nil, err
	}
	_, err = channel.QueueDeclare(queueName, true, false, false, false, nil)
	return channel, err
}

func (r *rabbitMQ) take() (*amqp.Channel, error) {
	r.lock.Lock()
	for len(r.idle) > 0 {
		channel := r.idle[len(r.idle)-1]
		r.idle = r.idle[:len(r.idle)-1]
		if !channel.IsClosed() {
			r.lock.Unlock()
			return channel, nil
		}
	}
	r.lock.Unlock()
	channel, err := r.channel()
	if err != nil {
		return nil, err
	}
	return channel, channel.Confirm(false)
}

func (r *rabbitMQ) giveBack(channel *amqp.Channel) {
	r.lock.Lock()
	defer r.lock.Unlock()
	if !channel.IsClosed() {
		r.idle = append(r.idle, channel)
	}
}

func (r *rabbitMQ) publish(ctx context.Context, id string) error {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	channel, err := r.take()
	if err != nil {
		return errQueue
	}
	defer r.giveBack(channel)
	var confirmed []*amqp.DeferredConfirmation
	for _, c := range calls {
		body, err := json.Marshal(message{id, c.name})
		if err != nil {
			return err
		}
		one, err := channel.PublishWithDeferredConfirmWithContext(ctx, "", queueName, true, false,
			amqp.Publishing{ContentType: "application/json", DeliveryMode: amqp.Persistent, Body: body})
		if err != nil {
			return errQueue
		}
		confirmed = append(confirmed, one)
	}
	for _, one := range confirmed {
		if acknowledged, err := one.WaitContext(ctx); err != nil || !acknowledged {
			_ = channel.Close() // its other confirmations are nobody's any more
			return errQueue
		}
	}
	return nil
}

func (r *rabbitMQ) consume(ctx context.Context, handle func(message) bool) {
	for ctx.Err() == nil {
		if err := r.listen(ctx, handle); err != nil {
			time.Sleep(200 * time.Millisecond)
		}
	}
}

func (r *rabbitMQ) listen(ctx context.Context, handle func(message) bool) error {
	channel, err := r.channel()
	if err != nil {
		return err
	}
	defer channel.Close()
	if err := channel.Qos(atOnce, 0, false); err != nil {
		return err
	}
	deliveries, err := channel.ConsumeWithContext(ctx, queueName, "", false, false, false, false, nil)
	if err != nil {
		return err
	}
	var running sync.WaitGroup
	defer running.Wait()
	for delivery := range deliveries {
		running.Go(func() {
			var m message
			// If the channel is closed, the message is redelivered.
			if json.Unmarshal(delivery.Body, &m) != nil || handle(m) {
				_ = delivery.Ack(false)
			} else {
				_ = delivery.Nack(false, true)
			}
		})
	}
	return nil
}

func (r *rabbitMQ) reachable() bool {
	_, err := r.connected()
	return err == nil
}
