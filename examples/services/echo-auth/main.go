// Contract `auth` on Echo: routes, start and drain. Handlers are in auth.go, tracing, metrics and log in observe.go.
package main

import (
	"context"
	"net/http"
	"os"
	"os/signal"
	"runtime"
	"strconv"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/labstack/echo/v5"
	"github.com/labstack/echo/v5/middleware"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// bodyLimit is the largest request body the contract allows [bytes].
const bodyLimit = 64 << 10

var (
	// draining is set by SIGTERM: /readyz then returns 503, while requests in flight still finish.
	draining atomic.Bool
	inFlight atomic.Int64
)

func main() {
	secret, port := os.Getenv("JWT_SECRET"), os.Getenv("PORT")
	if secret == "" || port == "" {
		log.Error("PORT and JWT_SECRET must be set")
		os.Exit(2)
	}
	// One process; a worker is a core that runs Go code, so the metrics need no summing.
	if workers, err := strconv.Atoi(os.Getenv("WORKERS")); err == nil && workers > 0 {
		runtime.GOMAXPROCS(workers)
	} else {
		runtime.GOMAXPROCS(1)
	}
	terminated, cancel := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer cancel()
	start := echo.StartConfig{Address: "127.0.0.1:" + port, HideBanner: true, HidePort: true, GracefulTimeout: time.Second}
	if err := start.Start(drained(terminated), router(service{key: []byte(secret)})); err != nil {
		log.Error("server ended", "error", err)
		os.Exit(1)
	}
}

// drained ends when nothing is in flight any more after terminated. Echo keeps listening until then, so that a load
// balancer can read the 503 of /readyz on a new connection. Both together stay below the contract's 10 s.
func drained(terminated context.Context) context.Context {
	idle, cancel := context.WithCancel(context.Background())
	go func() {
		<-terminated.Done()
		draining.Store(true)
		for deadline := time.Now().Add(8 * time.Second); inFlight.Load() > 0 && time.Now().Before(deadline); {
			time.Sleep(20 * time.Millisecond)
		}
		cancel()
	}()
	return idle
}

func router(s service) *echo.Echo {
	e := echo.New()
	e.Logger = log
	e.Validator = structs{}
	e.HTTPErrorHandler = refuse
	e.Use(observe(os.Getenv("LOG") == "access"), middleware.Recover(), middleware.BodyLimit(bodyLimit))

	e.GET("/healthz", func(c *echo.Context) error { return c.JSON(http.StatusOK, map[string]string{"status": "ok"}) })
	e.GET("/readyz", func(c *echo.Context) error {
		if draining.Load() {
			return echo.NewHTTPError(http.StatusServiceUnavailable, "draining")
		}
		return c.JSON(http.StatusOK, map[string]string{"status": "ready"})
	})
	e.GET("/metrics", echo.WrapHandler(promhttp.HandlerFor(registry, promhttp.HandlerOpts{})))

	e.POST("/auth", s.login)
	e.GET("/user/:id", user)
	// On the route: on a group Echo would answer its unknown paths and methods through the middleware too.
	e.GET("/api/users/:id", user, s.requireToken)

	if os.Getenv("FAULTS") == "1" {
		e.GET("/_fault/panic", func(*echo.Context) error { panic("asked for by /_fault/panic") })
		e.GET("/_fault/slow", slow)
	}
	rememberTemplates(e.Router().Routes())
	return e
}

func slow(c *echo.Context) error {
	ms, err := strconv.ParseUint(c.QueryParam("ms"), 10, 16)
	if err != nil || ms > 5000 {
		return echo.NewHTTPError(http.StatusBadRequest, "ms must be an integer from 0 to 5000")
	}
	time.Sleep(time.Duration(ms) * time.Millisecond)
	return c.JSON(http.StatusOK, map[string]uint64{"slept_ms": ms})
}
