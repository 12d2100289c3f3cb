// Fault injection, to test how the service handles faults.
import { setTimeout as sleep } from "node:timers/promises";

import { Refusal } from "./refusal.js";

const querystring = { type: "object", required: ["ms"], properties: { ms: { type: "string", pattern: "^[0-9]{1,4}$" } } };

export async function faults(app) {
  app.get("/_fault/panic", async () => {
    throw new Error("asked for by /_fault/panic");
  });
  app.get("/_fault/slow", { schema: { querystring } }, async (request) => {
    const ms = Number(request.query.ms);
    if (ms > 5000) throw new Refusal(400, "BAD_REQUEST", "ms must be an integer from 0 to 5000");
    await sleep(ms);
    return { slept_ms: ms };
  });
}
