package service;

import org.springframework.http.HttpStatus;

/** An answer that is not a success, in the terms of the error envelope. */
class Refusal extends RuntimeException {

    final HttpStatus status;
    final String code;

    Refusal(HttpStatus status, String code, String message) {
        super(message, null, false, false); // an answer, not a fault: no stack
        this.status = status;
        this.code = code;
    }
}
