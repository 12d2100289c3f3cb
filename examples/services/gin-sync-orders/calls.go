package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"
)

// call is one of the two calls that an order causes: the path it goes to, and where the order remembers it.
type call struct {
	name, path string
	made       func(*order) *bool
}

var calls = []call{
	{"mail", "/mail", func(o *order) *bool { return &o.mailed }},
	{"points", "/points", func(o *order) *bool { return &o.credited }},
}

var (
	downstream = os.Getenv("DOWNSTREAM_URL")
	// As many idle connections as calls may wait at once; the default keeps two.
	client = &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: atOnce}}
)

// make fails unless the call was accepted. The receiver is given an idempotency key, because a crash may make us call again.
func (c call) make(ctx context.Context, id string) error {
	body, err := json.Marshal(map[string]string{"order_id": id})
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, downstream+c.path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Idempotency-Key", id+"-"+c.name)
	answer, err := client.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	_, _ = io.Copy(io.Discard, answer.Body) // read to the end, so that the connection can serve again
	if answer.StatusCode >= 300 {
		return fmt.Errorf("%s answered %s", c.path, answer.Status)
	}
	return nil
}
