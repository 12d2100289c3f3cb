"""Contract `auth` on FastAPI: routes and handlers. Tracing, metrics, body limit and log are in observe.py, the server in serve.py."""

import asyncio
import hashlib
import hmac
import os
import time
from typing import Annotated

import jwt
from fastapi import APIRouter, Depends, FastAPI, HTTPException, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel, BeforeValidator, Field
from starlette.exceptions import HTTPException as StarletteHTTPException

import observe

TOKEN_SECONDS = 86400
# Bytes, made once: the library would encode a text secret again for each token.
KEY = os.environ["JWT_SECRET"].encode()


class BadCredentials(HTTPException):
    code = "BAD_CREDENTIALS"


class User(BaseModel):
    id: int
    name: str
    age: int


class Credentials(BaseModel):
    username: str = Field(min_length=1, max_length=128)
    password: str = Field(min_length=1, max_length=128)


class Token(BaseModel):
    token: str
    token_type: str = "Bearer"
    expires_in: int = TOKEN_SECONDS


USERS = {i: User(id=i, name=f"user{i}", age=20 + i % 50) for i in range(1, 1001)}
NAMES = {user.name for user in USERS.values()}

# redirect_slashes: a redirect is a response without the error envelope.
app = FastAPI(redirect_slashes=False, docs_url=None, redoc_url=None, openapi_url=None)
app.state.draining = False
app.add_middleware(observe.BodyLimit)
app.add_middleware(observe.Observe)


@app.exception_handler(StarletteHTTPException)
async def http_error(request: Request, error: StarletteHTTPException):
    return observe.envelope(request.scope, error.status_code, str(error.detail), getattr(error, "code", None), error.headers)


@app.exception_handler(RequestValidationError)
async def validation_error(request: Request, error: RequestValidationError):
    if error.errors()[0]["loc"][0] == "path":  # an id that is no integer belongs to nobody
        return observe.envelope(request.scope, 404, "no such user")
    return observe.envelope(request.scope, 400, "the request is not valid")


@app.get("/healthz")
async def healthz():
    return {"status": "ok"}


@app.get("/readyz")
async def readyz():
    if app.state.draining:
        raise HTTPException(503, "draining")
    return {"status": "ready"}


@app.get("/metrics")
async def metrics():
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


async def json_only(request: Request):
    """FastAPI hands a body of another type to validation, which would call it bad data."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise HTTPException(415, "the body must be application/json")


@app.post("/auth", dependencies=[Depends(json_only)])
async def login(given: Credentials) -> Token:
    if not password_fits(given) or given.username not in NAMES:
        raise BadCredentials(401, "username or password is wrong")
    now = int(time.time())
    claims = {"sub": given.username, "iat": now, "exp": now + TOKEN_SECONDS}
    return Token(token=jwt.encode(claims, KEY, algorithm="HS256"))


def password_fits(given: Credentials) -> bool:
    """The contract's cheap check, the same in every service: it stands for a password hash without measuring one."""
    return hmac.compare_digest(digest(given.username, "correct horse"), digest(given.username, given.password))


def digest(username: str, password: str) -> str:
    return hashlib.sha256(f"{username}:{password}".encode()).hexdigest()


async def token_required(given: Annotated[HTTPAuthorizationCredentials | None, Depends(HTTPBearer(auto_error=False))]):
    try:
        # HS256 only: neither `none` nor a token signed by a key of another kind.
        jwt.decode(given.credentials if given else "", KEY, algorithms=["HS256"], options={"require": ["sub", "exp"]})
    except jwt.InvalidTokenError:
        raise HTTPException(401, "a valid bearer token is needed") from None


def ascii_digits(value: str) -> str:
    # Left alone, pydantic would read "1_000", " 1" and other scripts' digits as integers.
    if not (value.isascii() and value.isdigit()):
        raise ValueError("not an integer")
    return value


UserId = Annotated[int, BeforeValidator(ascii_digits)]


@app.get("/user/{id}")
async def public_user(id: UserId) -> User:
    if id not in USERS:
        raise HTTPException(404, "no such user")
    return USERS[id]


api = APIRouter(prefix="/api", dependencies=[Depends(token_required)])
api.get("/users/{id}")(public_user)
app.include_router(api)


if os.environ.get("FAULTS") == "1":

    @app.get("/_fault/panic")
    async def panic():
        raise RuntimeError("asked for by /_fault/panic")

    @app.get("/_fault/slow")
    async def slow(ms: Annotated[int, BeforeValidator(ascii_digits), Query(le=5000)]):
        await asyncio.sleep(ms / 1000)
        return {"slept_ms": ms}
