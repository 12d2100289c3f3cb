// Error responses in the contract's error envelope.
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, UnauthorizedException } from "@nestjs/common";
import type { Response } from "express";

export class BadCredentialsException extends UnauthorizedException {
  readonly code = "BAD_CREDENTIALS";

  constructor() {
    super("username or password is wrong");
  }
}

const CODES: Record<number, [code: string, message: string]> = {
  400: ["BAD_REQUEST", "the request is not valid"],
  401: ["UNAUTHORIZED", "a valid bearer token is needed"],
  404: ["NOT_FOUND", "there is nothing here"],
  405: ["METHOD_NOT_ALLOWED", "the route exists, the method does not"],
  413: ["PAYLOAD_TOO_LARGE", "the body is larger than 64 KiB"],
  415: ["UNSUPPORTED_MEDIA_TYPE", "the body must be application/json in UTF-8"],
  503: ["NOT_READY", "draining"],
};

@Catch()
export class EnvelopeFilter implements ExceptionFilter {
  catch(error: any, host: ArgumentsHost) {
    const response = host.switchToHttp().getResponse<Response>();
    const trace_id = response.locals.traceId;
    // Errors of the body parser are no HttpException and carry their status as a property.
    const status: number = error instanceof HttpException ? error.getStatus() : (error?.status ?? 500);
    const known = CODES[status];
    if (!known) {
      const line = { ts: new Date(), level: "error", msg: "internal error", trace_id, stack: error?.stack };
      console.error(JSON.stringify(line));
    }
    const [code, message] = known ?? ["INTERNAL", "internal error"];
    response.status(known ? status : 500).json({ error: { code: error instanceof BadCredentialsException ? error.code : code, message, trace_id } });
  }
}
