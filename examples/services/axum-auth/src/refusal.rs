//! Error responses in the contract's error envelope.

use std::any::Any;

use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::observe::trace_id;

pub enum Refusal {
    BadRequest(&'static str),
    BadCredentials,
    Unauthorized,
    NotFound(&'static str),
    MethodNotAllowed,
    PayloadTooLarge,
    UnsupportedMediaType,
    Internal,
    NotReady,
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, code, message) = match self {
            Self::BadRequest(why) => (StatusCode::BAD_REQUEST, "BAD_REQUEST", why),
            Self::BadCredentials => (StatusCode::UNAUTHORIZED, "BAD_CREDENTIALS", "username or password is wrong"),
            Self::Unauthorized => (StatusCode::UNAUTHORIZED, "UNAUTHORIZED", "a valid bearer token is needed"),
            Self::NotFound(what) => (StatusCode::NOT_FOUND, "NOT_FOUND", what),
            Self::MethodNotAllowed => (StatusCode::METHOD_NOT_ALLOWED, "METHOD_NOT_ALLOWED", "the route exists, the method does not"),
            Self::PayloadTooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "PAYLOAD_TOO_LARGE", "the body is larger than 64 KiB"),
            Self::UnsupportedMediaType => {
                (StatusCode::UNSUPPORTED_MEDIA_TYPE, "UNSUPPORTED_MEDIA_TYPE", "the body must be application/json")
            }
            Self::Internal => (StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL", "internal error"),
            Self::NotReady => (StatusCode::SERVICE_UNAVAILABLE, "NOT_READY", "draining"),
        };
        (status, Json(json!({"error": {"code": code, "message": message, "trace_id": trace_id()}}))).into_response()
    }
}

impl From<JsonRejection> for Refusal {
    fn from(rejection: JsonRejection) -> Self {
        match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Self::PayloadTooLarge,
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Self::UnsupportedMediaType,
            // axum tells bad syntax (400) from bad data (422); the contract does not.
            _ => Self::BadRequest("username and password must be strings of 1 to 128 characters"),
        }
    }
}

impl From<PathRejection> for Refusal {
    fn from(_: PathRejection) -> Self {
        Self::NotFound("no such user")
    }
}

/// The default panic hook has already written the message to standard error; the caller gets only the trace id.
pub fn after_panic(_: Box<dyn Any + Send + 'static>) -> Response {
    eprintln!("{}", json!({"level": "error", "msg": "panic in a handler", "trace_id": trace_id()}));
    Refusal::Internal.into_response()
}
