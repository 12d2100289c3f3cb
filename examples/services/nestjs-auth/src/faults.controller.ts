// Fault injection, to test how the service handles faults.
import { setTimeout as sleep } from "node:timers/promises";
import { BadRequestException, Controller, Get, Query } from "@nestjs/common";

@Controller("_fault")
export class FaultsController {
  @Get("panic")
  panic() {
    throw new Error("asked for by /_fault/panic");
  }

  @Get("slow")
  async slow(@Query("ms") text: unknown) {
    const ms = typeof text === "string" && /^\d{1,4}$/.test(text) ? Number(text) : Infinity;
    if (ms > 5000) throw new BadRequestException("ms must be an integer from 0 to 5000");
    await sleep(ms);
    return { slept_ms: ms };
  }
}
