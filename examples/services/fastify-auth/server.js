// Contract `auth` on Fastify: the instance, start and drain. Routes of the contract are in auth.js, the rest in its plugins.
import { setTimeout as sleep } from "node:timers/promises";
import Fastify from "fastify";

import { auth } from "./auth.js";
import { faults } from "./faults.js";
import { inFlight, observe, traceId } from "./observe.js";
import { methodNotAllowed, notFound, Refusal, refuse } from "./refusal.js";

if (Number(process.env.WORKERS ?? 1) !== 1) {
  console.error("this service is one process: WORKERS must be 1");
  process.exit(2);
}

// Set by SIGTERM: /readyz then returns 503, while requests in flight still finish.
let draining = false;

const app = Fastify({
  bodyLimit: 64 * 1024, // bytes
  genReqId: traceId,
  requestIdHeader: false,
  return503OnClosing: false, // that 503 has no envelope, and the drain below comes before closing
  disableRequestLogging: true,
  frameworkErrors: refuse, // a path that cannot be decoded meets no route and no hook
  // By default ajv turns numbers into strings and drops unknown fields.
  ajv: { customOptions: { coerceTypes: false, removeAdditional: false } },
  logger: {
    level: process.env.LOG === "access" ? "info" : "error",
    base: null,
    timestamp: () => `,"ts":"${new Date().toISOString()}"`,
    formatters: { level: (level) => ({ level }) },
  },
});

app.removeContentTypeParser("text/plain");
app.setErrorHandler(refuse);
app.setNotFoundHandler(notFound);
methodNotAllowed(app);
observe(app);

const status = { response: { 200: { type: "object", properties: { status: { type: "string" } } } } };
app.get("/healthz", { schema: status }, async () => ({ status: "ok" }));
app.get("/readyz", { schema: status }, async () => {
  if (draining) throw new Refusal(503, "NOT_READY", "draining");
  return { status: "ready" };
});

await app.register(auth);
if (process.env.FAULTS === "1") await app.register(faults);
await app.listen({ host: "127.0.0.1", port: Number(process.env.PORT) });

// close() refuses new connections at once; waiting first lets a load balancer read the 503 of /readyz.
process.on("SIGTERM", async () => {
  draining = true;
  const deadline = Date.now() + 8000; // the contract allows 10 s in all
  while (inFlight() > 0 && Date.now() < deadline) await sleep(20);
  setTimeout(() => process.exit(0), 1000).unref();
  await app.close();
  process.exit(0);
});
