// What belongs together: the controllers, their providers, and the JSON body parser of the one route with a body.
import { createSecretKey } from "node:crypto";
import { type MiddlewareConsumer, Module, type NestModule, RequestMethod } from "@nestjs/common";
import { JwtModule } from "@nestjs/jwt";
import express from "express";

import { AuthController } from "./auth.controller.js";
import { FaultsController } from "./faults.controller.js";
import { HealthController } from "./health.controller.js";
import { MethodsController } from "./methods.controller.js";
import { UsersController } from "./users.controller.js";
import { UsersService } from "./users.service.js";

const BODY_LIMIT = 64 * 1024; // bytes
export const TOKEN_SECONDS = 86400;

if (!process.env.JWT_SECRET) throw new Error("JWT_SECRET must be set");

@Module({
  imports: [
    JwtModule.register({
      // A key object, made once: given the text itself, the library would build one for each token.
      secret: createSecretKey(process.env.JWT_SECRET, "utf8"),
      signOptions: { algorithm: "HS256", expiresIn: TOKEN_SECONDS },
      // Neither `none` nor a token signed by a key of another kind.
      verifyOptions: { algorithms: ["HS256"] },
    }),
  ],
  controllers: [
    HealthController,
    AuthController,
    UsersController,
    ...(process.env.FAULTS === "1" ? [FaultsController] : []),
    MethodsController, // last: it takes the methods that the others left
  ],
  providers: [UsersService],
})
export class AppModule implements NestModule {
  configure(consumer: MiddlewareConsumer) {
    consumer.apply(express.json({ limit: BODY_LIMIT })).forRoutes({ path: "auth", method: RequestMethod.POST });
  }
}
