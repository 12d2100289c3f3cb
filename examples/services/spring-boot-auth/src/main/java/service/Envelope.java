package service;

import java.io.IOException;
import java.util.Map;

/** The error envelope, the only form of an error response. */
record Envelope(Body error) {

    record Body(String code, String message, String trace_id) {}

    static final Map<Integer, String> CODES = Map.of(
        400, "BAD_REQUEST",
        401, "UNAUTHORIZED",
        404, "NOT_FOUND",
        405, "METHOD_NOT_ALLOWED",
        413, "PAYLOAD_TOO_LARGE",
        415, "UNSUPPORTED_MEDIA_TYPE",
        503, "NOT_READY");

    static Envelope of(String code, String message, Object trace) {
        return new Envelope(new Body(code, message, String.valueOf(trace)));
    }

    /** Thrown while a body is read that is larger than the contract allows. */
    static class BodyTooLarge extends IOException {}
}
