import {
  Body,
  type CanActivate,
  Controller,
  type ExecutionContext,
  HttpCode,
  Injectable,
  Post,
  UnsupportedMediaTypeException,
  UseGuards,
} from "@nestjs/common";
import { JwtService } from "@nestjs/jwt";
import { IsString, Length } from "class-validator";
import type { Request } from "express";

import { TOKEN_SECONDS } from "./app.module.js";
import { BadCredentialsException } from "./refusal.js";
import { UsersService } from "./users.service.js";

class Credentials {
  @IsString()
  @Length(1, 128)
  username!: string;

  @IsString()
  @Length(1, 128)
  password!: string;
}

// The body parser leaves other content types unread instead of refusing them.
@Injectable()
class JsonOnly implements CanActivate {
  canActivate(context: ExecutionContext) {
    if (context.switchToHttp().getRequest<Request>().is("application/json")) return true;
    throw new UnsupportedMediaTypeException("the body must be application/json");
  }
}

@Controller("auth")
export class AuthController {
  constructor(
    private readonly users: UsersService,
    private readonly tokens: JwtService,
  ) {}

  @Post()
  @HttpCode(200)
  @UseGuards(JsonOnly)
  login(@Body() { username, password }: Credentials) {
    if (!this.users.passwordFits(username, password) || !this.users.isKnown(username)) throw new BadCredentialsException();
    return { token: this.tokens.sign({ sub: username }), token_type: "Bearer", expires_in: TOKEN_SECONDS };
  }
}
