// Contract `auth` on Express: routes, start and drain. Handlers are in auth.js, tracing, metrics and log in observe.js.
import express from "express";
import { setTimeout as sleep } from "node:timers/promises";

import { login, requireToken, user } from "./auth.js";
import { inFlight, metrics, observe } from "./observe.js";
import { Refusal, refuse } from "./refusal.js";

const BODY_LIMIT = 64 * 1024; // bytes

// Set by SIGTERM: /readyz then returns 503, while requests in flight still finish.
let draining = false;

const app = express();
app.disable("x-powered-by");
app.disable("etag"); // a 304 would be an answer without the error envelope
app.enable("strict routing");
app.enable("case sensitive routing");
app.use(observe);

get("/healthz", (_req, res) => res.json({ status: "ok" }));
get("/readyz", (_req, res) => {
  if (draining) throw new Refusal(503, "NOT_READY", "draining");
  res.json({ status: "ready" });
});
get("/metrics", metrics);
get("/user/:id", user);
get("/api/users/:id", requireToken, user);

app
  .route("/auth")
  .post(jsonOnly, express.json({ limit: BODY_LIMIT }), login)
  .all(methodNotAllowed("POST"));

if (process.env.FAULTS === "1") {
  get("/_fault/panic", () => {
    throw new Error("asked for by /_fault/panic");
  });
  get("/_fault/slow", async (req, res) => {
    const ms = /^\d{1,4}$/.test(req.query.ms) ? Number(req.query.ms) : Infinity;
    if (ms > 5000) throw new Refusal(400, "BAD_REQUEST", "ms must be an integer from 0 to 5000");
    await sleep(ms);
    res.json({ slept_ms: ms });
  });
}

app.use(() => {
  throw new Refusal(404, "NOT_FOUND", "no such route");
});
app.use(refuse);

function get(path, ...handlers) {
  app.route(path).get(...handlers).all(methodNotAllowed("GET, HEAD"));
}

// Express answers a known path with an unknown method like an unknown path.
function methodNotAllowed(allow) {
  return (_req, res) => {
    res.set("Allow", allow);
    throw new Refusal(405, "METHOD_NOT_ALLOWED", "the route exists, the method does not");
  };
}

// express.json() leaves other content types unread instead of refusing them.
function jsonOnly(req, _res, next) {
  if (!req.is("application/json")) throw new Refusal(415, "UNSUPPORTED_MEDIA_TYPE", "the body must be application/json");
  next();
}

if (Number(process.env.WORKERS ?? 1) !== 1) {
  console.error("this service is one process: WORKERS must be 1");
  process.exit(2);
}

const server = app.listen(Number(process.env.PORT), "127.0.0.1", (error) => {
  if (error) throw error;
});

// close() refuses new connections at once; waiting first lets a load balancer read the 503 of /readyz.
process.on("SIGTERM", async () => {
  draining = true;
  const deadline = Date.now() + 8000; // the contract allows 10 s in all
  while (inFlight() > 0 && Date.now() < deadline) await sleep(20);
  server.close(() => process.exit(0));
  server.closeIdleConnections();
  setTimeout(() => process.exit(0), 1000).unref();
});
