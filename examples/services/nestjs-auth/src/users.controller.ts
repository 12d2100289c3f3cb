import {
  type CanActivate,
  Controller,
  type ExecutionContext,
  Get,
  Injectable,
  NotFoundException,
  Param,
  type PipeTransform,
  UnauthorizedException,
  UseGuards,
} from "@nestjs/common";
import { JwtService } from "@nestjs/jwt";
import type { Request } from "express";

import { type User, UsersService } from "./users.service.js";

@Injectable()
class TokenGuard implements CanActivate {
  constructor(private readonly tokens: JwtService) {}

  canActivate(context: ExecutionContext) {
    const header = context.switchToHttp().getRequest<Request>().get("Authorization") ?? "";
    const [scheme, token] = header.split(" ", 2);
    if (scheme.toLowerCase() === "bearer" && this.valid(token)) return true;
    throw new UnauthorizedException("a valid bearer token is needed");
  }

  private valid(token: string) {
    try {
      return typeof this.tokens.verify(token).exp === "number"; // a missing exp is no end for the library
    } catch {
      return false;
    }
  }
}

// An id that is not an integer matches no user, so the response is 404, not the 400 of Nest's ParseIntPipe.
@Injectable()
class UserById implements PipeTransform<string, User> {
  constructor(private readonly users: UsersService) {}

  transform(id: string) {
    const user = /^\d+$/.test(id) ? this.users.find(Number(id)) : undefined;
    if (!user) throw new NotFoundException("no such user");
    return user;
  }
}

@Controller()
export class UsersController {
  @Get("user/:id")
  publicUser(@Param("id", UserById) user: object) {
    return user;
  }

  @Get("api/users/:id")
  @UseGuards(TokenGuard)
  user(@Param("id", UserById) user: object) {
    return user;
  }
}
