package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"mime"
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/gin-gonic/gin/binding"
)

type service struct {
	store store
	// queue is nil where the service has no broker.
	queue queue
}

type content struct {
	UserID   int64  `json:"user_id" binding:"required,min=1"`
	Item     string `json:"item" binding:"required,min=1,max=128"`
	Quantity int64  `json:"quantity" binding:"required,min=1"`
}

func (s service) create(c *gin.Context) {
	mode, key := c.Query("mode"), c.GetHeader("Idempotency-Key")
	if mode != "sync" && mode != "async" {
		refuse(c, http.StatusBadRequest, "BAD_REQUEST", "mode must be sync or async")
		return
	}
	if media, _, err := mime.ParseMediaType(c.ContentType()); err != nil || media != binding.MIMEJSON {
		refuse(c, http.StatusUnsupportedMediaType, "UNSUPPORTED_MEDIA_TYPE", "the body must be application/json")
		return
	}
	var given content
	if err := bind(c, &given); err != nil {
		if tooLarge := new(http.MaxBytesError); errors.As(err, &tooLarge) {
			refuse(c, http.StatusRequestEntityTooLarge, "PAYLOAD_TOO_LARGE", "the body is larger than 64 KiB")
			return
		}
		refuse(c, http.StatusBadRequest, "BAD_REQUEST", "user_id and quantity must be above zero, item a string of 1 to 128 characters")
		return
	}
	if len(key) < 1 || len(key) > 128 {
		refuse(c, http.StatusBadRequest, "BAD_REQUEST", "an Idempotency-Key of 1 to 128 characters is needed")
		return
	}
	o := order{ID: newID(), key: key, UserID: given.UserID, Item: given.Item, Quantity: given.Quantity}
	// A client that goes away does not undo its order.
	ctx := context.WithoutCancel(c.Request.Context())
	switch known := must(s.store.byKey(ctx, key)); {
	case known != nil:
		s.again(ctx, c, *known, o, mode)
	case mode == "sync":
		s.waitForCalls(ctx, c, o)
	default:
		s.leaveToQueue(ctx, c, o)
	}
}

func (s service) waitForCalls(ctx context.Context, c *gin.Context, o order) {
	if !must(s.store.insert(ctx, o, true)) {
		s.again(ctx, c, *must(s.store.byKey(ctx, o.key)), o, "sync")
		return
	}
	s.finish(ctx, c, o)
}

// leaveToQueue lets the broker confirm first: a message without an order does nothing, an order without its messages
// would be lost.
func (s service) leaveToQueue(ctx context.Context, c *gin.Context, o order) {
	if s.queue == nil {
		refuse(c, http.StatusServiceUnavailable, "QUEUE_UNAVAILABLE", "this service has no broker")
		return
	}
	if err := s.queue.publish(ctx, o.ID); err != nil {
		refuse(c, http.StatusServiceUnavailable, "QUEUE_UNAVAILABLE", "the broker did not confirm the order")
		return
	}
	if !must(s.store.insert(ctx, o, false)) {
		s.again(ctx, c, *must(s.store.byKey(ctx, o.key)), o, "async")
		return
	}
	show(c, http.StatusAccepted, o)
}

// again answers the same request once more: with the same order, after the calls that are still missing.
func (s service) again(ctx context.Context, c *gin.Context, known, o order, mode string) {
	switch {
	case !known.same(o):
		refuse(c, http.StatusConflict, "CONFLICT", "this Idempotency-Key belongs to another order")
	case mode == "async":
		show(c, http.StatusAccepted, known)
	case must(s.store.hold(ctx, known.ID)):
		s.finish(ctx, c, *must(s.store.byID(ctx, known.ID)))
	default:
		show(c, http.StatusCreated, known)
	}
}

// finish makes the calls of an order that this request holds.
func (s service) finish(ctx context.Context, c *gin.Context, o order) {
	var failed error
	for _, one := range calls {
		made := one.made(&o)
		if failed == nil && !*made {
			failed = one.make(ctx, o.ID)
			*made = failed == nil
		}
	}
	if err := s.store.save(ctx, o); err != nil {
		panic(err) // answered by the recovery middleware
	}
	if failed != nil {
		refuse(c, http.StatusBadGateway, "DOWNSTREAM_FAILED", "the mail or the points were refused")
		return
	}
	show(c, http.StatusCreated, o)
}

func (s service) read(c *gin.Context) {
	o := must(s.store.byID(c.Request.Context(), c.Param("id")))
	if o == nil {
		refuse(c, http.StatusNotFound, "NOT_FOUND", "no such order")
		return
	}
	show(c, http.StatusOK, *o)
}

func show(c *gin.Context, status int, o order) {
	state := "pending"
	if o.mailed && o.credited {
		state = "done"
	}
	c.JSON(status, gin.H{"id": o.ID, "user_id": o.UserID, "item": o.Item, "quantity": o.Quantity, "status": state})
}

// bind reads the whole body: gin's ShouldBindJSON stops after the first JSON value and would accept what follows it.
func bind(c *gin.Context, into any) error {
	body, err := c.GetRawData()
	if err != nil {
		return err
	}
	if err := json.Unmarshal(body, into); err != nil {
		return err
	}
	return binding.Validator.ValidateStruct(into)
}

func newID() string {
	var id [16]byte
	_, _ = rand.Read(id[:]) // never fails: it ends the process instead
	return hex.EncodeToString(id[:])
}

// must leaves a failure of the store to the recovery middleware: a 500 in the envelope.
func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}
