//! HTTP client: limits time and size, retries transient failures, and honours the user's proxy.

use std::time::Duration;

use super::RefreshError;
use crate::quantity::date::Date;

/// Size limit of a response: the longest npm documents have some 20 MB.
const LARGEST_MB: u64 = 32;

/// A response with status 200.
pub(super) struct HttpResponseBody {
    pub body: Vec<u8>,
    /// From the `Last-Modified` header.
    pub modified: Option<Date>,
    /// The requested address, for messages.
    pub place: String,
}

/// Sends HTTP requests. Honours `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`, and uses the system's
/// certificates.
pub struct Client {
    agent: ureq::Agent,
    retries: u32,
    pause: Duration,
}

impl Client {
    /// Creates a client with a timeout per request and a number of retries.
    #[must_use]
    pub fn new(timeout: Duration, retries: u32) -> Self {
        let tls = ureq::tls::TlsConfig::builder()
            .root_certs(ureq::tls::RootCerts::PlatformVerifier)
            .build();
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(timeout))
            .http_status_as_error(false)
            .user_agent(concat!("weigh/", env!("CARGO_PKG_VERSION")))
            .tls_config(tls)
            .build();
        Self {
            agent: config.into(),
            retries,
            pause: Duration::from_millis(400),
        }
    }

    /// Sets the pause before the first retry; it doubles with each further one.
    #[must_use]
    pub fn pausing(mut self, pause: Duration) -> Self {
        self.pause = pause;
        self
    }

    pub(super) fn get(&self, url: &str, accept: &str) -> Result<HttpResponseBody, RefreshError> {
        let mut tried = 0;
        loop {
            match self.once(url, accept) {
                Err(error) if error.may_pass() && tried < self.retries => {
                    std::thread::sleep(self.pause * 2_u32.pow(tried));
                    tried += 1;
                }
                outcome => return outcome,
            }
        }
    }

    fn once(&self, url: &str, accept: &str) -> Result<HttpResponseBody, RefreshError> {
        let place = shown(url);
        let refused = |error: ureq::Error| match error {
            ureq::Error::BodyExceedsLimit(_) => RefreshError::TooLarge {
                place: place.clone(),
                limit: LARGEST_MB,
            },
            other => RefreshError::Unreachable {
                place: place.clone(),
                said: other.to_string(),
            },
        };
        let mut response = self
            .agent
            .get(url)
            .header("Accept", accept)
            .call()
            .map_err(refused)?;
        let status = response.status().as_u16();
        if status != 200 {
            return Err(RefreshError::Status { place, status });
        }
        let modified = response
            .headers()
            .get("last-modified")
            .and_then(|v| v.to_str().ok())
            .and_then(http_day);
        let body = response
            .body_mut()
            .with_config()
            .limit(LARGEST_MB * 1_000_000)
            .read_to_vec()
            .map_err(refused)?;
        Ok(HttpResponseBody {
            body,
            modified,
            place,
        })
    }
}

/// Removes user name and password from an address.
fn shown(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        return url.to_owned();
    };
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    format!("{scheme}://{host}/{path}")
}

/// Returns the day of a date as HTTP writes it: `Wed, 18 Feb 2026 20:14:07 GMT` (RFC 9110, 5.6.7).
fn http_day(text: &str) -> Option<Date> {
    let stamp = jiff::fmt::rfc2822::parse(text).ok()?;
    Some(Date::from(stamp.date()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_shown_without_its_password() {
        assert_eq!(
            shown("https://me:secret@mirror.example/simple/flask/"),
            "https://mirror.example/simple/flask/"
        );
        assert_eq!(shown("http://127.0.0.1:80/a@b"), "http://127.0.0.1:80/a@b");
    }

    #[test]
    fn days_of_headers_are_read() {
        assert_eq!(
            http_day("Wed, 18 Feb 2026 20:14:07 GMT"),
            Date::parse("2026-02-18")
        );
        assert_eq!(http_day("yesterday"), None);
    }
}
