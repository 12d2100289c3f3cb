package main

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"log/slog"
	"os"
	"regexp"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v3"
	"github.com/prometheus/client_golang/prometheus"
)

var (
	registry = prometheus.NewRegistry()
	requests = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "http_requests_total", Help: "Requests answered.",
	}, []string{"method", "route", "status"})
	durations = prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "http_request_duration_seconds", Help: "Time from the first middleware to the end of the handler.",
		Buckets: []float64{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5},
	}, []string{"method", "route"})
)

func init() { registry.MustRegister(requests, durations) }

// observer counts, times and (if asked) logs each answer, and turns each error into the error envelope.
type observer struct {
	logged bool
	// templates maps Fiber's path to the contract's: /user/:id to /user/{id}.
	templates map[string]string
}

func (o observer) rememberTemplates(routes []fiber.Route) {
	parameter := regexp.MustCompile(`:(\w+)`)
	for _, route := range routes {
		o.templates[route.Path] = parameter.ReplaceAllString(route.Path, "{$1}")
	}
}

// log writes the contract's field names: ts instead of slog's time, the level in small letters.
var log = slog.New(slog.NewJSONHandler(os.Stdout, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
	switch a.Key {
	case slog.TimeKey:
		a.Key = "ts"
	case slog.LevelKey:
		a.Value = slog.StringValue(strings.ToLower(a.Value.String()))
	}
	return a
}}))

func (o observer) observe(c fiber.Ctx) error {
	inFlight.Add(1)
	defer inFlight.Add(-1)
	begin(c)
	err := c.Next()
	if err == nil {
		o.end(c)
	}
	return err // to refuse, which ends the request
}

// begin assigns the trace id to the request.
func begin(c fiber.Ctx) {
	c.Locals("began", time.Now())
	c.Set("X-Trace-Id", traceID(c.Get("traceparent")))
}

func (o observer) end(c fiber.Ctx) {
	began, _ := c.Locals("began").(time.Time)
	method, route, status, took := c.Method(), o.route(c), c.Response().StatusCode(), time.Since(began)
	requests.WithLabelValues(method, route, strconv.Itoa(status)).Inc()
	durations.WithLabelValues(method, route).Observe(took.Seconds())
	if o.logged {
		log.LogAttrs(c.Context(), slog.LevelInfo, "request", slog.String("trace_id", c.GetRespHeader("X-Trace-Id")),
			slog.String("method", method), slog.String("route", route), slog.Int("status", status),
			slog.Float64("duration_ms", float64(took.Microseconds())/1000), slog.Int("bytes", len(c.Response().Body())))
	}
}

// route is the contract's template. A request that fasthttp refused, such as one with a body above the limit, has met
// the middleware and no route: then only a path without parameters can be named.
func (o observer) route(c fiber.Ctx) string {
	for _, path := range []string{c.Route().Path, c.Path()} {
		if template, known := o.templates[path]; known {
			return template
		}
	}
	return "unmatched"
}

var traceparent = regexp.MustCompile(`^00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}$`)

// traceID takes the caller's W3C trace id over, or makes one; an id of zeros is invalid by that standard.
func traceID(header string) string {
	if header != "" {
		part := traceparent.FindStringSubmatch(header)
		if part != nil && strings.Trim(part[1], "0") != "" && strings.Trim(part[2], "0") != "" {
			return part[1]
		}
	}
	var id [16]byte
	_, _ = rand.Read(id[:]) // never fails: it ends the process instead
	return hex.EncodeToString(id[:])
}

// refusal is an error response in the error envelope.
type refusal struct {
	status        int
	code, message string
}

func (r *refusal) Error() string { return r.message }

var codes = map[int]string{
	fiber.StatusBadRequest:            "BAD_REQUEST",
	fiber.StatusUnauthorized:          "UNAUTHORIZED",
	fiber.StatusNotFound:              "NOT_FOUND",
	fiber.StatusMethodNotAllowed:      "METHOD_NOT_ALLOWED",
	fiber.StatusRequestEntityTooLarge: "PAYLOAD_TOO_LARGE",
	fiber.StatusUnsupportedMediaType:  "UNSUPPORTED_MEDIA_TYPE",
	fiber.StatusServiceUnavailable:    "NOT_READY",
}

// refuse is Fiber's error handler: every error, ours and the framework's, leaves in the error envelope.
func (o observer) refuse(c fiber.Ctx, err error) error {
	if c.Locals("began") == nil {
		begin(c) // an unknown method meets no middleware
	}
	trace := c.GetRespHeader("X-Trace-Id")
	sent := refusal{fiber.StatusInternalServerError, "INTERNAL", "internal error"}
	var own *refusal
	var framework *fiber.Error
	if errors.As(err, &own) {
		sent = *own
	} else if errors.As(err, &framework) && codes[framework.Code] != "" {
		sent = refusal{framework.Code, codes[framework.Code], framework.Message}
	} else {
		log.Error("internal error", "trace_id", trace, "cause", err.Error())
	}
	defer o.end(c)
	return c.Status(sent.status).JSON(fiber.Map{"error": fiber.Map{"code": sent.code, "message": sent.message, "trace_id": trace}})
}

// logPanic keeps the stack for the log; the caller gets only the trace id to find it by.
func logPanic(c fiber.Ctx, cause any) {
	log.Error("panic", "trace_id", c.GetRespHeader("X-Trace-Id"), "cause", cause, "stack", string(debug.Stack()))
}
