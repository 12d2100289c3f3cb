// Error responses in the contract's error envelope.

export class Refusal extends Error {
  constructor(statusCode, code, message) {
    super(message);
    Object.assign(this, { statusCode, code });
  }
}

const OF_FRAMEWORK = {
  400: ["BAD_REQUEST", "the request is not valid"],
  413: ["PAYLOAD_TOO_LARGE", "the body is larger than 64 KiB"],
  415: ["UNSUPPORTED_MEDIA_TYPE", "the body must be application/json"],
};

export function refuse(error, request, reply) {
  if (error instanceof Refusal) return send(reply, error.statusCode, error.code, error.message);
  // Errors of parsing, validation and routing: the status is theirs, the message ours.
  if (OF_FRAMEWORK[error.statusCode]) return send(reply, error.statusCode, ...OF_FRAMEWORK[error.statusCode]);
  request.log.error({ trace_id: request.id, err: error }, "internal error");
  return send(reply, 500, "INTERNAL", "internal error");
}

export function notFound(_request, reply) {
  return send(reply, 404, "NOT_FOUND", "no such route");
}

// Fastify answers a known path with an unknown method like an unknown path, so each path gets a route for the rest.
export function methodNotAllowed(app) {
  app.addHook("onRoute", ({ method, url, config }) => {
    if (config?.refusal || method === "HEAD") return; // HEAD comes with each GET
    const allowed = method === "GET" ? ["GET", "HEAD"] : [method];
    app.route({
      method: app.supportedMethods.filter((other) => !allowed.includes(other)),
      url,
      config: { refusal: true },
      // Before the body is read, because it is no longer needed.
      onRequest: async (_request, reply) => {
        reply.header("Allow", allowed.join(", "));
        return send(reply, 405, "METHOD_NOT_ALLOWED", "the route exists, the method does not");
      },
      handler: () => {},
    });
  });
}

function send(reply, status, code, message) {
  const trace_id = reply.request.id;
  // Set here as well: a request that met no route has passed no hook.
  return reply.code(status).header("X-Trace-Id", trace_id).send({ error: { code, message, trace_id } });
}
