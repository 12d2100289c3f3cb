// Contract `auth` on Fiber: routes, start and drain. Handlers are in auth.go, tracing, metrics and log in observe.go.
package main

import (
	"context"
	"os"
	"os/signal"
	"runtime"
	"strconv"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/gofiber/fiber/v3"
	"github.com/gofiber/fiber/v3/middleware/adaptor"
	"github.com/gofiber/fiber/v3/middleware/recover"
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
	// One process (Fiber's prefork stays off); a worker is a core that runs Go code, so the metrics need no summing.
	if workers, err := strconv.Atoi(os.Getenv("WORKERS")); err == nil && workers > 0 {
		runtime.GOMAXPROCS(workers)
	} else {
		runtime.GOMAXPROCS(1)
	}
	app := router(service{key: []byte(secret)})
	stop, cancel := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer cancel()
	go func() {
		if err := app.Listen("127.0.0.1:"+port, fiber.ListenConfig{DisableStartupMessage: true}); err != nil {
			log.Error("server ended", "error", err)
			os.Exit(1)
		}
	}()
	<-stop.Done()
	drain(app)
}

// drain keeps listening until nothing is in flight, so that a load balancer can read the 503 of /readyz on a new
// connection; Shutdown alone would refuse it at once. Both together stay below the contract's 10 s.
func drain(app *fiber.App) {
	draining.Store(true)
	for deadline := time.Now().Add(8 * time.Second); inFlight.Load() > 0 && time.Now().Before(deadline); {
		time.Sleep(20 * time.Millisecond)
	}
	_ = app.ShutdownWithTimeout(time.Second)
}

func router(s service) *fiber.App {
	observer := observer{logged: os.Getenv("LOG") == "access", templates: map[string]string{}}
	app := fiber.New(fiber.Config{
		BodyLimit:       bodyLimit,
		CaseSensitive:   true,
		StrictRouting:   true,
		StructValidator: structs{},
		ErrorHandler:    observer.refuse,
		// Before any handler has refused its content type a form would be parsed, and its errors answered.
		DisablePreParseMultipartForm: true,
	})
	app.Use(observer.observe, recover.New(recover.Config{EnableStackTrace: true, StackTraceHandler: logPanic}))

	app.Get("/healthz", func(c fiber.Ctx) error { return c.JSON(fiber.Map{"status": "ok"}) })
	app.Get("/readyz", func(c fiber.Ctx) error {
		if draining.Load() {
			return fiber.NewError(fiber.StatusServiceUnavailable, "draining")
		}
		return c.JSON(fiber.Map{"status": "ready"})
	})
	app.Get("/metrics", adaptor.HTTPHandler(promhttp.HandlerFor(registry, promhttp.HandlerOpts{})))

	app.Post("/auth", s.login)
	app.Get("/user/:id", user)
	app.Get("/api/users/:id", s.requireToken, user)

	if os.Getenv("FAULTS") == "1" {
		app.Get("/_fault/panic", func(fiber.Ctx) error { panic("asked for by /_fault/panic") })
		app.Get("/_fault/slow", slow)
	}
	observer.rememberTemplates(app.GetRoutes(true))
	return app
}

func slow(c fiber.Ctx) error {
	ms, err := strconv.ParseUint(c.Query("ms"), 10, 16)
	if err != nil || ms > 5000 {
		return fiber.NewError(fiber.StatusBadRequest, "ms must be an integer from 0 to 5000")
	}
	time.Sleep(time.Duration(ms) * time.Millisecond)
	return c.JSON(fiber.Map{"slept_ms": ms})
}
