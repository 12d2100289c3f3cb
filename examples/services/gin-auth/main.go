// Contract `auth` on Gin: routes, start and drain. Handlers are in auth.go, tracing, metrics and log in observe.go.
package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"runtime"
	"strconv"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/gin-gonic/gin"
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
		slog.Error("PORT and JWT_SECRET must be set")
		os.Exit(2)
	}
	// One process; a worker is a core that runs Go code, so the metrics need no summing.
	if workers, err := strconv.Atoi(os.Getenv("WORKERS")); err == nil && workers > 0 {
		runtime.GOMAXPROCS(workers)
	} else {
		runtime.GOMAXPROCS(1)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:"+port)
	if err != nil {
		slog.Error("cannot listen", "error", err)
		os.Exit(1)
	}
	server := &http.Server{Handler: router(service{key: []byte(secret)}), ReadHeaderTimeout: 10 * time.Second}
	stop, cancel := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer cancel()
	go func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			slog.Error("server ended", "error", err)
			os.Exit(1)
		}
	}()
	<-stop.Done()
	drain(server)
}

// drain keeps listening until nothing is in flight, so that a load balancer can read the 503 of /readyz on a new
// connection; Shutdown alone would refuse it at once. Both together stay below the contract's 10 s.
func drain(server *http.Server) {
	draining.Store(true)
	for deadline := time.Now().Add(8 * time.Second); inFlight.Load() > 0 && time.Now().Before(deadline); {
		time.Sleep(20 * time.Millisecond)
	}
	last, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = server.Shutdown(last)
}

func router(s service) *gin.Engine {
	engine := gin.New()
	engine.HandleMethodNotAllowed = true
	engine.RedirectTrailingSlash = false // a redirect is an answer without the error envelope
	engine.Use(observe(os.Getenv("LOG") == "access"), recovery(), limitBody)
	engine.NoRoute(func(c *gin.Context) { refuse(c, http.StatusNotFound, "NOT_FOUND", "no such route") })
	engine.NoMethod(func(c *gin.Context) {
		refuse(c, http.StatusMethodNotAllowed, "METHOD_NOT_ALLOWED", "the route exists, the method does not")
	})

	engine.GET("/healthz", func(c *gin.Context) { c.JSON(http.StatusOK, gin.H{"status": "ok"}) })
	engine.GET("/readyz", func(c *gin.Context) {
		if draining.Load() {
			refuse(c, http.StatusServiceUnavailable, "NOT_READY", "draining")
			return
		}
		c.JSON(http.StatusOK, gin.H{"status": "ready"})
	})
	engine.GET("/metrics", gin.WrapH(promhttp.HandlerFor(registry, promhttp.HandlerOpts{})))

	engine.POST("/auth", s.login)
	engine.GET("/user/:id", user)
	engine.Group("/api", s.requireToken).GET("/users/:id", user)

	if os.Getenv("FAULTS") == "1" {
		engine.GET("/_fault/panic", func(*gin.Context) { panic("asked for by /_fault/panic") })
		engine.GET("/_fault/slow", slow)
	}
	rememberTemplates(engine.Routes())
	return engine
}

func slow(c *gin.Context) {
	var query struct {
		Milliseconds *int `form:"ms" binding:"required,min=0,max=5000"`
	}
	// An empty ms would bind as zero.
	if err := c.ShouldBindQuery(&query); err != nil || c.Query("ms") == "" {
		refuse(c, http.StatusBadRequest, "BAD_REQUEST", "ms must be an integer from 0 to 5000")
		return
	}
	time.Sleep(time.Duration(*query.Milliseconds) * time.Millisecond)
	c.JSON(http.StatusOK, gin.H{"slept_ms": *query.Milliseconds})
}
