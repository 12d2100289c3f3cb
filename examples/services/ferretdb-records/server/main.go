// FerretDB, which speaks MongoDB's protocol, with SQLite behind: `server PORT FOLDER`. The project's own program cannot be
// installed as a Go module, so its embeddable package is started here.
package main

import (
	"context"
	"log"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/FerretDB/FerretDB/ferretdb"
)

func main() {
	port, folder := os.Args[1], os.Args[2]
	stop, cancel := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer cancel()
	server, err := ferretdb.New(&ferretdb.Config{
		Listener: ferretdb.ListenerConfig{TCP: "127.0.0.1:" + port},
		Logger:   slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError})),
		Handler:  "sqlite",
		// To its own defaults, a write-ahead log among them, FULL: an acknowledged write is on the disk.
		SQLiteURL: "file:" + folder + "/?_pragma=busy_timeout(10000)&_pragma=synchronous(full)",
	})
	if err != nil {
		log.Fatal(err)
	}
	if err := server.Run(stop); err != nil {
		log.Fatal(err)
	}
}
