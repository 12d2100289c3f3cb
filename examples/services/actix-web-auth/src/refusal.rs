//! Error responses in the contract's error envelope.

use std::fmt;

use actix_web::error::JsonPayloadError;
use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, ResponseError};
use serde_json::json;

use crate::observe::{TRACE_HEADER, trace_id};

#[derive(Debug)]
pub enum Kind {
    BadRequest(&'static str),
    BadCredentials,
    Unauthorized,
    NotFound(&'static str),
    MethodNotAllowed { allow: &'static str },
    PayloadTooLarge,
    UnsupportedMediaType,
    Internal,
    NotReady,
}

/// Carries its trace id: actix-web makes an answer of it where the request is out of reach.
#[derive(Debug)]
pub struct Refusal {
    kind: Kind,
    trace: String,
}

impl Refusal {
    pub fn new(kind: Kind) -> Self {
        Self { kind, trace: trace_id() }
    }

    pub fn of_body(error: &JsonPayloadError) -> Self {
        Self::new(match error {
            JsonPayloadError::OverflowKnownLength { .. } | JsonPayloadError::Overflow { .. } => Kind::PayloadTooLarge,
            JsonPayloadError::ContentType => Kind::UnsupportedMediaType,
            _ => Kind::BadRequest("username and password must be strings of 1 to 128 characters"),
        })
    }

    fn words(&self) -> (StatusCode, &'static str, &'static str) {
        match self.kind {
            Kind::BadRequest(why) => (StatusCode::BAD_REQUEST, "BAD_REQUEST", why),
            Kind::BadCredentials => (StatusCode::UNAUTHORIZED, "BAD_CREDENTIALS", "username or password is wrong"),
            Kind::Unauthorized => (StatusCode::UNAUTHORIZED, "UNAUTHORIZED", "a valid bearer token is needed"),
            Kind::NotFound(what) => (StatusCode::NOT_FOUND, "NOT_FOUND", what),
            Kind::MethodNotAllowed { .. } => {
                (StatusCode::METHOD_NOT_ALLOWED, "METHOD_NOT_ALLOWED", "the route exists, the method does not")
            }
            Kind::PayloadTooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "PAYLOAD_TOO_LARGE", "the body is larger than 64 KiB"),
            Kind::UnsupportedMediaType => {
                (StatusCode::UNSUPPORTED_MEDIA_TYPE, "UNSUPPORTED_MEDIA_TYPE", "the body must be application/json")
            }
            Kind::Internal => (StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL", "internal error"),
            Kind::NotReady => (StatusCode::SERVICE_UNAVAILABLE, "NOT_READY", "draining"),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(self.words().2)
    }
}

impl ResponseError for Refusal {
    fn status_code(&self) -> StatusCode {
        self.words().0
    }

    fn error_response(&self) -> HttpResponse {
        let (status, code, message) = self.words();
        let mut response = HttpResponse::build(status);
        response.insert_header((TRACE_HEADER, self.trace.as_str()));
        if let Kind::MethodNotAllowed { allow } = self.kind {
            response.insert_header((header::ALLOW, allow));
        }
        response.json(json!({"error": {"code": code, "message": message, "trace_id": self.trace}}))
    }
}
