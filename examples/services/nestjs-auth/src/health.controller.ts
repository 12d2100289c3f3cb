import { Controller, Get, Header, ServiceUnavailableException } from "@nestjs/common";
import { register } from "prom-client";

import { draining } from "./observe.js";

@Controller()
export class HealthController {
  @Get("healthz")
  health() {
    return { status: "ok" };
  }

  @Get("readyz")
  ready() {
    if (draining()) throw new ServiceUnavailableException("draining");
    return { status: "ready" };
  }

  @Get("metrics")
  @Header("Content-Type", register.contentType)
  metrics() {
    return register.metrics();
  }
}
