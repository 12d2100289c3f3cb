//! JSON Web Tokens, implemented here so that the verifier shares no library with the service under test.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::{Sha256, Sha384, Sha512};

use super::pattern::Variables;
use crate::lang::Text;
use crate::tr;

/// Lifetime of the contracts' tokens (s).
pub const LIFETIME: i64 = 86_400;

/// Returns header and claims of a token signed with HS256 and `secret` (RFC 7515, RFC 7519).
///
/// # Errors
/// What is wrong with it.
pub fn decode(token: &str, secret: &str) -> Result<(Value, Value), Text> {
    let parts: Vec<&str> = token.split('.').collect();
    let [header, claims, signature] = parts[..] else {
        return Err(tr!("{} parts instead of 3", "{} 段而非 3 段", parts.len()));
    };
    let read = |part: &str| {
        URL_SAFE_NO_PAD
            .decode(part)
            .ok()
            .and_then(|bytes| serde_json::from_slice::<Value>(&bytes).ok())
    };
    let head = read(header).ok_or_else(|| {
        tr!(
            "the header is not JSON in base64url",
            "头部不是 base64url 编码的 JSON"
        )
    })?;
    let body = read(claims).ok_or_else(|| {
        tr!(
            "the claims are not JSON in base64url",
            "声明不是 base64url 编码的 JSON"
        )
    })?;
    if head.get("alg").and_then(Value::as_str) != Some("HS256") {
        return Err(tr!(
            "alg is {}",
            "alg 为 {}",
            head.get("alg").unwrap_or(&Value::Null)
        ));
    }
    if sign_token::<Hmac<Sha256>>(&format!("{header}.{claims}"), secret) != signature {
        return Err(tr!(
            "the signature is not HMAC-SHA256 of header and claims with JWT_SECRET",
            "签名不是以 JWT_SECRET 计算的 HMAC-SHA256"
        ));
    }
    Ok((head, body))
}

/// Makes the token that a service would issue to `user` at `now` (s since 1970).
#[must_use]
pub fn issue(user: &str, now: i64, secret: &str) -> String {
    encode_token(
        "HS256",
        &json!({"sub": user, "iat": now, "exp": now + LIFETIME}),
        secret,
    )
}

/// Returns the token that must be accepted and those that must not, as variables `forged:<name>`.
#[must_use]
pub fn forgeries(user: &str, now: i64, secret: &str) -> Variables {
    let claims = json!({"sub": user, "iat": now, "exp": now + LIFETIME});
    let late = json!({"sub": user, "iat": now - LIFETIME - 60, "exp": now - 60});
    let endless = json!({"sub": user, "iat": now});
    let good = encode_token("HS256", &claims, secret);
    let (signed, signature) = good.rsplit_once('.').expect("we joined it with dots");
    let (header, _) = signed.split_once('.').expect("we joined it with dots");
    let other = issue("user8", now, secret);
    let other_claims = other.split('.').nth(1).expect("we joined it with dots");
    let tenth = if signature.as_bytes()[10] == b'A' {
        "B"
    } else {
        "A"
    };
    let unsigned = |alg: &str| {
        encode_token(alg, &claims, secret)
            .rsplit_once('.')
            .map(|(kept, _)| format!("{kept}."))
            .expect("we joined it with dots")
    };
    let tokens = [
        ("own", good.clone()),
        (
            "other-secret",
            encode_token("HS256", &claims, "a secret of nobody here, long enough"),
        ),
        (
            "flipped",
            format!("{signed}.{}{tenth}{}", &signature[..10], &signature[11..]),
        ),
        ("swapped", format!("{header}.{other_claims}.{signature}")),
        ("no-signature", format!("{signed}.")),
        ("two-parts", signed.to_owned()),
        ("expired", encode_token("HS256", &late, secret)),
        ("no-expiry", encode_token("HS256", &endless, secret)),
        ("none", unsigned("none")),
        ("none-mixed", unsigned("nOnE")),
        ("none-signed", encode_token("none", &claims, secret)),
        ("hs384", encode_token("HS384", &claims, secret)),
        ("hs512", encode_token("HS512", &claims, secret)),
        ("rs256", encode_token("RS256", &claims, secret)),
    ];
    tokens
        .into_iter()
        .map(|(name, token)| (format!("forged:{name}"), Value::String(token)))
        .collect()
}

/// Makes a token with the header `alg`. HS384 and HS512 are signed with their own algorithm, everything else with HS256.
fn encode_token(alg: &str, claims: &Value, secret: &str) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!(
        "{}.{}",
        part(&json!({"alg": alg, "typ": "JWT"})),
        part(claims)
    );
    let signature = match alg {
        "HS384" => sign_token::<Hmac<Sha384>>(&signed, secret),
        "HS512" => sign_token::<Hmac<Sha512>>(&signed, secret),
        _ => sign_token::<Hmac<Sha256>>(&signed, secret),
    };
    format!("{signed}.{signature}")
}

fn sign_token<M: Mac + KeyInit>(signed: &str, secret: &str) -> String {
    let mut mac =
        <M as KeyInit>::new_from_slice(secret.as_bytes()).expect("HMAC takes keys of every length");
    mac.update(signed.as_bytes());
    URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 7515, appendix A.1: the key is given in base64url, so its bytes are signed with here.
    #[test]
    fn the_example_of_rfc_7515_is_reproduced() {
        let key = URL_SAFE_NO_PAD
            .decode("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow")
            .expect("the RFC's key");
        let signed = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
        let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(&key).expect("every length");
        mac.update(signed.as_bytes());
        assert_eq!(
            URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()),
            "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
        );
    }

    #[test]
    fn only_our_own_token_decodes() {
        let secret = "s".repeat(40);
        let tokens = forgeries("user7", 1_700_000_000, &secret);
        let accepted: Vec<&String> = tokens
            .iter()
            .filter(|(_, t)| decode(t.as_str().unwrap_or(""), &secret).is_ok())
            .map(|(n, _)| n)
            .collect();
        // Expiry is the service's business: those two are signed well.
        assert_eq!(
            accepted,
            ["forged:expired", "forged:no-expiry", "forged:own"]
        );
    }
}
