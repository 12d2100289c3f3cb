//! Checks tokens with our own implementation of JSON Web Tokens.

use serde_json::{Value, json};

use super::{CheckError, CheckResult, Visit, unix_now};
use crate::bench::http::HttpRequest;
use crate::bench::pattern::Variables;
use crate::bench::token::{self, LIFETIME};
use crate::lang::Text;
use crate::tr;

/// Maximum difference between a token's times and ours (s). The clock is the same; the difference is rounding and waiting.
const CLOCK: i64 = 5;

impl Visit<'_> {
    pub(super) fn token_signed(&mut self, variables: &Variables) -> CheckResult {
        let user = format!(
            "user{}",
            variables.get("user").and_then(Value::as_i64).unwrap_or(7)
        );
        let shown = format!("POST /auth ({user})");
        let expected = || {
            tr!(
                "an HS256 token signed with JWT_SECRET",
                "以 JWT_SECRET 签名的 HS256 令牌"
            )
        };
        let Some(token) = variables.get("token").and_then(Value::as_str) else {
            return Err(CheckError::new(
                shown,
                expected(),
                tr!("no token was issued", "未签发令牌"),
            ));
        };
        let (_, claims) = token::decode(token, &self.secret)
            .map_err(|what| CheckError::new(&shown, expected(), what))?;
        let time = |name: &str| claims.get(name).and_then(Value::as_i64).unwrap_or(0);
        let (issued, expires) = (time("iat"), time("exp"));
        let right = claims.get("sub") == Some(&Value::String(user.clone()))
            && (issued - unix_now()).abs() <= CLOCK
            && expires - issued == LIFETIME;
        if right {
            return Ok(());
        }
        let wanted = format!(
            "sub: \"{user}\", iat: {} ± {CLOCK}, exp: iat + {LIFETIME}",
            unix_now()
        );
        Err(CheckError::new(
            shown,
            Text::name(wanted),
            Text::name(claims.to_string()),
        ))
    }

    pub(super) fn tokens_differ(&mut self) -> CheckResult {
        let mut tokens = Vec::new();
        for user in ["user7", "user8"] {
            let request = login_request(user);
            let answer = self.send(&request)?;
            tokens.push((
                request,
                answer
                    .json()
                    .and_then(|body| Some(body.get("token")?.as_str()?.to_owned())),
            ));
        }
        let (request, second) = tokens.pop().expect("there are two");
        let (_, first) = tokens.pop().expect("there are two");
        if first.is_some() && first != second {
            return Ok(());
        }
        let actual = second.map_or_else(
            || tr!("no token", "没有令牌"),
            |token| tr!("both got {token}", "两者均得到 {token}"),
        );
        Err(CheckError::new(
            request,
            tr!("a token different from user7's", "不同于 user7 的令牌"),
            actual,
        ))
    }
}

/// A login with the right password.
pub(super) fn login_request(user: &str) -> HttpRequest {
    let body = json!({"username": user, "password": "correct horse"})
        .to_string()
        .into_bytes();
    HttpRequest {
        method: "POST".to_owned(),
        path: "/auth".to_owned(),
        headers: vec![("Content-Type".to_owned(), "application/json".to_owned())],
        body,
    }
}
