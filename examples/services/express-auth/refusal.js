// Error responses in the contract's error envelope.

export class Refusal extends Error {
  constructor(status, code, message) {
    super(message);
    Object.assign(this, { status, code });
  }
}

const OF_FRAMEWORK = {
  400: ["BAD_REQUEST", "the request cannot be understood"],
  413: ["PAYLOAD_TOO_LARGE", "the body is larger than 64 KiB"],
  415: ["UNSUPPORTED_MEDIA_TYPE", "the body must be application/json in UTF-8"],
};

// Express knows an error handler by its four parameters.
export function refuse(error, _req, res, next) {
  if (res.headersSent) return next(error);
  const trace_id = res.locals.traceId;
  if (error instanceof Refusal) return send(error.status, error.code, error.message);
  // Errors of the body parser and of the router: the status is theirs, the message ours.
  if (OF_FRAMEWORK[error.status]) return send(error.status, ...OF_FRAMEWORK[error.status]);
  console.error(JSON.stringify({ ts: new Date(), level: "error", msg: "internal error", trace_id, stack: error.stack }));
  send(500, "INTERNAL", "internal error");

  function send(status, code, message) {
    res.status(status).json({ error: { code, message, trace_id } });
  }
}
