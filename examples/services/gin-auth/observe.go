package main

import (
	"crypto/rand"
	"encoding/hex"
	"log/slog"
	"net/http"
	"os"
	"regexp"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
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
	// templates maps gin's path to the contract's: /user/:id to /user/{id}.
	templates = map[string]string{"": "unmatched"}
)

func init() { registry.MustRegister(requests, durations) }

func rememberTemplates(routes gin.RoutesInfo) {
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
func observe(logged bool) gin.HandlerFunc {
	return func(c *gin.Context) {
		began := time.Now()
		inFlight.Add(1)
		defer inFlight.Add(-1)
		trace := traceID(c.GetHeader("traceparent"))
		c.Set("trace_id", trace)
		c.Header("X-Trace-Id", trace)
		c.Next()
		method, route, status, took := c.Request.Method, templates[c.FullPath()], c.Writer.Status(), time.Since(began)
		requests.WithLabelValues(method, route, strconv.Itoa(status)).Inc()
		durations.WithLabelValues(method, route).Observe(took.Seconds())
		if logged {
			log.LogAttrs(c.Request.Context(), slog.LevelInfo, "request", slog.String("trace_id", trace),
				slog.String("method", method), slog.String("route", route), slog.Int("status", status),
				slog.Float64("duration_ms", float64(took.Microseconds())/1000), slog.Int("bytes", max(c.Writer.Size(), 0)))
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

// refuse ends the request with the error envelope, the only form of an error response.
func refuse(c *gin.Context, status int, code, message string) {
	c.AbortWithStatusJSON(status, gin.H{"error": gin.H{"code": code, "message": message, "trace_id": c.GetString("trace_id")}})
}

// recovery keeps the stack for the log; the caller gets only the trace id to find it by.
func recovery() gin.HandlerFunc {
	return gin.CustomRecoveryWithWriter(nil, func(c *gin.Context, cause any) {
		log.Error("panic", "trace_id", c.GetString("trace_id"), "cause", cause, "stack", string(debug.Stack()))
		refuse(c, http.StatusInternalServerError, "INTERNAL", "internal error")
	})
}

func limitBody(c *gin.Context) {
	c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, bodyLimit)
}
