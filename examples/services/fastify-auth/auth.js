// Users, passwords and tokens.
import { createHash, timingSafeEqual } from "node:crypto";
import jwt from "@fastify/jwt";

import { Refusal } from "./refusal.js";

const TOKEN_SECONDS = 86400;

const users = new Map();
for (let id = 1; id <= 1000; id++) users.set(id, { id, name: `user${id}`, age: 20 + (id % 50) });
const names = new Set([...users.values()].map((user) => user.name));

const text = { type: "string", minLength: 1, maxLength: 128 };
const credentials = {
  type: "object",
  required: ["username", "password"],
  properties: { username: text, password: text },
};
// Schemas of answers are compiled to serialisers.
const token = {
  type: "object",
  properties: { token: { type: "string" }, token_type: { type: "string" }, expires_in: { type: "integer" } },
};
const person = {
  type: "object",
  properties: { id: { type: "integer" }, name: { type: "string" }, age: { type: "integer" } },
};

export async function auth(app) {
  if (!process.env.JWT_SECRET) throw new Error("JWT_SECRET must be set");
  // Signer and verifier are made from the secret here, once. HS256 only: neither `none` nor a key of another kind.
  await app.register(jwt, {
    secret: process.env.JWT_SECRET,
    sign: { algorithm: "HS256", expiresIn: `${TOKEN_SECONDS}s` },
    verify: { algorithms: ["HS256"], requiredClaims: ["sub", "exp"] },
  });

  app.post("/auth", { schema: { body: credentials, response: { 200: token } } }, async (request) => {
    const { username, password } = request.body;
    if (!passwordFits(username, password) || !names.has(username)) {
      throw new Refusal(401, "BAD_CREDENTIALS", "username or password is wrong");
    }
    return { token: app.jwt.sign({ sub: username }), token_type: "Bearer", expires_in: TOKEN_SECONDS };
  });

  const answer = { schema: { response: { 200: person } } };
  app.get("/user/:id", answer, user);
  app.get("/api/users/:id", { ...answer, onRequest: requireToken }, user);
}

// The contract's cheap check, the same in every service: it takes the place of a password hash without measuring one.
function passwordFits(username, password) {
  return timingSafeEqual(digest(username, "correct horse"), digest(username, password));
}

function digest(username, password) {
  return Buffer.from(createHash("sha256").update(`${username}:${password}`).digest("hex"));
}

async function requireToken(request) {
  try {
    await request.jwtVerify();
  } catch {
    throw new Refusal(401, "UNAUTHORIZED", "a valid bearer token is needed");
  }
}

async function user(request) {
  const { id } = request.params;
  const found = /^\d+$/.test(id) && users.get(Number(id));
  if (!found) throw new Refusal(404, "NOT_FOUND", "no such user");
  return found;
}
