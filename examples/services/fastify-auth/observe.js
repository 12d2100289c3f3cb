// Trace id, metrics and log line of each request.
import { randomBytes } from "node:crypto";
import { Counter, Histogram, register } from "prom-client";

const requests = new Counter({
  name: "http_requests_total",
  help: "Requests answered.",
  labelNames: ["method", "route", "status"],
});
const durations = new Histogram({
  name: "http_request_duration_seconds",
  help: "Time from the request's arrival to the last byte of the answer.",
  labelNames: ["method", "route"],
  buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
});

const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

// The caller's W3C trace id, or a new one; it is Fastify's request id.
export function traceId(rawRequest) {
  return TRACEPARENT.exec(rawRequest.headers.traceparent ?? "")?.[1] ?? randomBytes(16).toString("hex");
}

let open = 0;
export const inFlight = () => open;

export function observe(app) {
  app.addHook("onRequest", async (request, reply) => {
    open++;
    reply.raw.once("close", () => open--);
    reply.header("X-Trace-Id", request.id);
  });

  app.addHook("onResponse", async (request, reply) => {
    const { method } = request;
    const route = template(request.routeOptions.url);
    requests.inc({ method, route, status: reply.statusCode });
    durations.observe({ method, route }, reply.elapsedTime / 1000);
    if (!app.log.isLevelEnabled("info")) return;
    const fields = {
      trace_id: request.id,
      method,
      route,
      status: reply.statusCode,
      duration_ms: Math.round(reply.elapsedTime * 1000) / 1000,
      bytes: Number(reply.getHeader("content-length") ?? 0),
    };
    app.log.info(fields, "request");
  });

  app.get("/metrics", async (_request, reply) => {
    reply.type(register.contentType);
    return register.metrics();
  });
}

// Fastify's /user/:id as the contract writes it: /user/{id}.
function template(url) {
  return url ? url.replace(/:(\w+)/g, "{$1}") : "unmatched";
}
