// Trace id, metrics and log line of each request.
import { randomBytes } from "node:crypto";
import type { NextFunction, Request, Response } from "express";
import { Counter, Histogram } from "prom-client";

const requests = new Counter({
  name: "http_requests_total",
  help: "Requests answered.",
  labelNames: ["method", "route", "status"],
});
const durations = new Histogram({
  name: "http_request_duration_seconds",
  help: "Time from the first middleware to the last byte of the answer.",
  labelNames: ["method", "route"],
  buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
});

const logged = process.env.LOG === "access";
const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

let open = 0;
export const inFlight = () => open;

// Set by SIGTERM: /readyz then returns 503, while requests in flight still finish.
let terminated = false;
export const draining = () => terminated;
export const drain = () => (terminated = true);

export function observe(req: Request, res: Response, next: NextFunction) {
  const began = process.hrtime.bigint();
  // The caller's W3C trace id, or a new one.
  const traceId = TRACEPARENT.exec(req.get("traceparent") ?? "")?.[1] ?? randomBytes(16).toString("hex");
  res.locals.traceId = traceId;
  res.set("X-Trace-Id", traceId);
  open++;
  res.once("close", () => {
    open--;
    const seconds = Number(process.hrtime.bigint() - began) / 1e9;
    const { method } = req;
    const route = template(req.route);
    requests.inc({ method, route, status: res.statusCode });
    durations.observe({ method, route }, seconds);
    if (!logged) return;
    const line = {
      ts: new Date(),
      level: "info",
      msg: "request",
      trace_id: traceId,
      method,
      route,
      status: res.statusCode,
      duration_ms: Math.round(seconds * 1e6) / 1e3,
      bytes: Number(res.get("Content-Length") ?? 0),
    };
    process.stdout.write(JSON.stringify(line) + "\n");
  });
  next();
}

// Nest's /user/:id as the contract writes it: /user/{id}.
function template(route?: { path: string }) {
  return route ? route.path.replace(/:(\w+)/g, "{$1}") : "unmatched";
}
