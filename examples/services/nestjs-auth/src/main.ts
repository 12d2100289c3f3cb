// Contract `auth` on NestJS with its Express adapter: start and drain.
import "reflect-metadata";
import { setTimeout as sleep } from "node:timers/promises";
import { ValidationPipe } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { ExpressAdapter } from "@nestjs/platform-express";
import express from "express";

import { AppModule } from "./app.module.js";
import { drain, inFlight, observe } from "./observe.js";
import { EnvelopeFilter } from "./refusal.js";

if (Number(process.env.WORKERS ?? 1) !== 1) {
  console.error("this service is one process: WORKERS must be 1");
  process.exit(2);
}

// Express reads these settings when its router is made, which Nest does at once.
const server = express();
server.disable("x-powered-by");
server.disable("etag"); // a 304 would be an answer without the error envelope
server.enable("strict routing");
server.enable("case sensitive routing");

// The body parser is bound to its route in the module.
const app = await NestFactory.create(AppModule, new ExpressAdapter(server), { bodyParser: false, logger: ["error", "fatal"] });
app.use(observe);
app.useGlobalPipes(new ValidationPipe());
app.useGlobalFilters(new EnvelopeFilter());
await app.listen(Number(process.env.PORT), "127.0.0.1");

// close() refuses new connections at once; waiting first lets a load balancer read the 503 of /readyz.
process.on("SIGTERM", async () => {
  drain();
  const deadline = Date.now() + 8000; // the contract allows 10 s in all
  while (inFlight() > 0 && Date.now() < deadline) await sleep(20);
  setTimeout(() => process.exit(0), 1000).unref();
  app.getHttpServer().closeIdleConnections();
  await app.close();
  process.exit(0);
});
