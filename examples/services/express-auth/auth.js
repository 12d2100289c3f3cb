// Users, passwords and tokens.
import { createHash, createSecretKey, timingSafeEqual } from "node:crypto";
import jwt from "jsonwebtoken";
import { z } from "zod";

import { Refusal } from "./refusal.js";

const TOKEN_SECONDS = 86400;

// A key object, made once: given the text itself, jsonwebtoken would build one for each token.
if (!process.env.JWT_SECRET) throw new Error("JWT_SECRET must be set");
const key = createSecretKey(process.env.JWT_SECRET, "utf8");

const users = new Map();
for (let id = 1; id <= 1000; id++) users.set(id, { id, name: `user${id}`, age: 20 + (id % 50) });
const names = new Set([...users.values()].map((user) => user.name));

// Characters, not the UTF-16 units that .length and zod's max() count.
const text = z.string().refine((value) => value !== "" && (value.length <= 128 || [...value].length <= 128));
const Credentials = z.object({ username: text, password: text });

export function login(req, res) {
  const given = Credentials.safeParse(req.body);
  if (!given.success) throw new Refusal(400, "BAD_REQUEST", "username and password must be strings of 1 to 128 characters");
  const { username, password } = given.data;
  if (!passwordFits(username, password) || !names.has(username)) {
    throw new Refusal(401, "BAD_CREDENTIALS", "username or password is wrong");
  }
  const token = jwt.sign({ sub: username }, key, { algorithm: "HS256", expiresIn: TOKEN_SECONDS });
  res.json({ token, token_type: "Bearer", expires_in: TOKEN_SECONDS });
}

// The contract's cheap check, the same in every service: it takes the place of a password hash without measuring one.
function passwordFits(username, password) {
  return timingSafeEqual(digest(username, "correct horse"), digest(username, password));
}

function digest(username, password) {
  return Buffer.from(createHash("sha256").update(`${username}:${password}`).digest("hex"));
}

export function requireToken(req, _res, next) {
  const [scheme, token] = (req.get("Authorization") ?? "").split(" ", 2);
  if (scheme.toLowerCase() !== "bearer" || !valid(token)) {
    throw new Refusal(401, "UNAUTHORIZED", "a valid bearer token is needed");
  }
  next();
}

function valid(token) {
  try {
    // HS256 only: neither `none` nor a token signed by a key of another kind. A missing exp is no end for the library.
    return typeof jwt.verify(token, key, { algorithms: ["HS256"] }).exp === "number";
  } catch {
    return false;
  }
}

export function user(req, res) {
  const found = /^\d+$/.test(req.params.id) && users.get(Number(req.params.id));
  if (!found) throw new Refusal(404, "NOT_FOUND", "no such user");
  res.json(found);
}
