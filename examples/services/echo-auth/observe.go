package main

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"log/slog"
	"net/http"
	"os"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v5"
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
	// templates maps Echo's path to the contract's: /user/:id to /user/{id}.
	templates = map[string]string{}
)

func init() { registry.MustRegister(requests, durations) }

func rememberTemplates(routes echo.Routes) {
	parameter := regexp.MustCompile(`:(\w+)`)
	for _, route := range routes {
		templates[route.Path] = parameter.ReplaceAllString(route.Path, "{$1}")
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

// observe gives each request its trace id and counts, times and (if asked) logs its answer.
func observe(logged bool) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c *echo.Context) error {
			began := time.Now()
			inFlight.Add(1)
			defer inFlight.Add(-1)
			trace := traceID(c.Request().Header.Get("traceparent"))
			c.Set("trace_id", trace)
			c.Response().Header().Set("X-Trace-Id", trace)
			if err := next(c); err != nil {
				refuse(c, err) // now, not after this middleware: it needs the status that is sent
			}
			route, matched := templates[c.Path()]
			if !matched {
				route = "unmatched"
			}
			answer, status := echo.ResolveResponseStatus(c.Response(), nil)
			method, took := c.Request().Method, time.Since(began)
			requests.WithLabelValues(method, route, strconv.Itoa(status)).Inc()
			durations.WithLabelValues(method, route).Observe(took.Seconds())
			if logged {
				log.LogAttrs(c.Request().Context(), slog.LevelInfo, "request", slog.String("trace_id", trace),
					slog.String("method", method), slog.String("route", route), slog.Int("status", status),
					slog.Float64("duration_ms", float64(took.Microseconds())/1000), slog.Int64("bytes", answer.Size))
			}
			return nil
		}
	}
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
	http.StatusBadRequest:            "BAD_REQUEST",
	http.StatusUnauthorized:          "UNAUTHORIZED",
	http.StatusNotFound:              "NOT_FOUND",
	http.StatusMethodNotAllowed:      "METHOD_NOT_ALLOWED",
	http.StatusRequestEntityTooLarge: "PAYLOAD_TOO_LARGE",
	http.StatusUnsupportedMediaType:  "UNSUPPORTED_MEDIA_TYPE",
	http.StatusServiceUnavailable:    "NOT_READY",
}

// refuse is Echo's error handler: every error, its own and the framework's, leaves in the envelope.
func refuse(c *echo.Context, err error) {
	trace, _ := c.Get("trace_id").(string)
	sent := refusal{http.StatusInternalServerError, "INTERNAL", "internal error"}
	var own *refusal
	var framework *echo.HTTPError
	if errors.As(err, &own) {
		sent = *own
	} else if code, known := codes[echo.StatusCode(err)]; known {
		sent = refusal{echo.StatusCode(err), code, http.StatusText(echo.StatusCode(err))}
		if errors.As(err, &framework) && framework.Message != "" {
			sent.message = framework.Message
		}
	} else {
		// A panic arrives here as an error with its stack; the caller gets only the trace id to find it by.
		log.Error("internal error", "trace_id", trace, "cause", err.Error())
	}
	envelope := map[string]map[string]string{"error": {"code": sent.code, "message": sent.message, "trace_id": trace}}
	if err := c.JSON(sent.status, envelope); err != nil {
		log.Error("answer not sent", "trace_id", trace, "cause", err.Error())
	}
}
