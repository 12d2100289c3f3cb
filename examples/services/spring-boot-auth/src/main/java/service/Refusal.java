package service;

import org.springframework.http.HttpStatus;

/** An error response in the error envelope. */
class Refusal extends RuntimeException {

    final HttpStatus status;
    final String code;

    Refusal(HttpStatus status, String code, String message) {
        super(message, null, false, false); // an answer, not a fault: no stack
        this.status = status;
        this.code = code;
    }
}
