package service;

import jakarta.servlet.http.HttpServletRequest;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** Turns every exception, ours and the framework's, into the error envelope. */
@RestControllerAdvice
class Refusals {

    private final Log log;

    Refusals(Log log) {
        this.log = log;
    }

    @ExceptionHandler
    ResponseEntity<Envelope> refusal(Refusal refusal, HttpServletRequest request) {
        return answer(refusal.status.value(), refusal.code, refusal.getMessage(), HttpHeaders.EMPTY, request);
    }

    @ExceptionHandler
    ResponseEntity<Envelope> unreadable(HttpMessageNotReadableException unreadable, HttpServletRequest request) {
        for (Throwable cause = unreadable; cause != null; cause = cause.getCause()) {
            if (cause instanceof Envelope.BodyTooLarge) {
                return answer(413, "PAYLOAD_TOO_LARGE", "the body is larger than 64 KiB", HttpHeaders.EMPTY, request);
            }
        }
        return answer(400, "BAD_REQUEST", "the body is not the JSON that is expected", HttpHeaders.EMPTY, request);
    }

    @ExceptionHandler
    ResponseEntity<Envelope> other(Exception exception, HttpServletRequest request) {
        // Spring's own refusals carry status and headers, such as Allow; the message is ours.
        if (exception instanceof ErrorResponse response && Envelope.CODES.containsKey(response.getStatusCode().value())) {
            var status = response.getStatusCode().value();
            var message = status == 404 ? "no such route" : "the request is refused: " + Envelope.CODES.get(status);
            return answer(status, Envelope.CODES.get(status), message, response.getHeaders(), request);
        }
        log.fault(exception, request.getAttribute(Observe.TRACE));
        return answer(500, "INTERNAL", "internal error", HttpHeaders.EMPTY, request);
    }

    private static ResponseEntity<Envelope> answer(
            int status, String code, String message, HttpHeaders headers, HttpServletRequest request) {
        return ResponseEntity.status(status)
            .headers(headers)
            .contentType(MediaType.APPLICATION_JSON)
            .body(Envelope.of(code, message, request.getAttribute(Observe.TRACE)));
    }
}
