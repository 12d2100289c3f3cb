import { createHash, timingSafeEqual } from "node:crypto";
import { Injectable } from "@nestjs/common";

export interface User {
  id: number;
  name: string;
  age: number;
}

@Injectable()
export class UsersService {
  private readonly users = new Map<number, User>();
  private readonly names = new Set<string>();

  constructor() {
    for (let id = 1; id <= 1000; id++) {
      this.users.set(id, { id, name: `user${id}`, age: 20 + (id % 50) });
      this.names.add(`user${id}`);
    }
  }

  find(id: number) {
    return this.users.get(id);
  }

  isKnown(username: string) {
    return this.names.has(username);
  }

  // The contract's cheap check, the same in every service: it takes the place of a password hash without measuring one.
  passwordFits(username: string, password: string) {
    return timingSafeEqual(digest(username, "correct horse"), digest(username, password));
  }
}

function digest(username: string, password: string) {
  return Buffer.from(createHash("sha256").update(`${username}:${password}`).digest("hex"));
}
