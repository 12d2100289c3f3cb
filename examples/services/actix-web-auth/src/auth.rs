//! Users, passwords and tokens.

use std::collections::HashMap;
use std::time::{SystemTime, UNIX_EPOCH};

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::AUTHORIZATION;
use actix_web::middleware::Next;
use actix_web::web::{Data, Json, Path};
use actix_web::{Error, Result};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::refusal::{Kind, Refusal};

const TOKEN_SECONDS: u64 = 86_400;

#[derive(Clone, Serialize)]
pub struct Person {
    id: usize,
    name: String,
    age: usize,
}

pub struct Service {
    people: HashMap<usize, Person>,
    names: HashMap<String, usize>,
    signing: EncodingKey,
    verifying: DecodingKey,
    validation: Validation,
}

impl Service {
    /// Users 1..=1000 and both keys, made once.
    pub fn new(secret: &[u8]) -> Self {
        let person = |id| Person { id, name: format!("user{id}"), age: 20 + id % 50 };
        // HS256 only: neither `none` nor a token signed by a key of another kind. `exp` is required by default.
        let mut validation = Validation::new(Algorithm::HS256);
        validation.leeway = 0; // the library would accept tokens for a minute after their end
        Self {
            people: (1..=1000).map(|id| (id, person(id))).collect(),
            names: (1..=1000).map(|id| (person(id).name, id)).collect(),
            signing: EncodingKey::from_secret(secret),
            verifying: DecodingKey::from_secret(secret),
            validation,
        }
    }
}

#[derive(Serialize, Deserialize)]
struct Claims {
    sub: String,
    iat: u64,
    exp: u64,
}

#[derive(Deserialize)]
pub struct Credentials {
    username: String,
    password: String,
    /// Makes serde insist on an object: it would take the array `["user1", "secret"]` for this struct as well.
    #[serde(flatten)]
    _object: Object,
}

#[derive(Deserialize)]
struct Object {}

impl Credentials {
    fn valid(&self) -> bool {
        [&self.username, &self.password].into_iter().all(|text| (1..=128).contains(&text.chars().count()))
    }

    /// The contract's cheap check, the same in every service: it takes the place of a password hash without measuring one.
    fn password_fits(&self) -> bool {
        let want = digest(&self.username, "correct horse");
        want.as_bytes().ct_eq(digest(&self.username, &self.password).as_bytes()).into()
    }
}

fn digest(username: &str, password: &str) -> String {
    hex::encode(Sha256::new().chain_update(username).chain_update(":").chain_update(password).finalize())
}

pub async fn login(service: Data<Service>, Json(given): Json<Credentials>) -> Result<Json<Value>, Refusal> {
    if !given.valid() {
        return Err(Refusal::new(Kind::BadRequest("username and password must be strings of 1 to 128 characters")));
    }
    if !given.password_fits() || !service.names.contains_key(&given.username) {
        return Err(Refusal::new(Kind::BadCredentials));
    }
    let iat = SystemTime::now().duration_since(UNIX_EPOCH).expect("the clock is past 1970").as_secs();
    let claims = Claims { sub: given.username, iat, exp: iat + TOKEN_SECONDS };
    let token = jsonwebtoken::encode(&Header::default(), &claims, &service.signing).map_err(|_| Refusal::new(Kind::Internal))?;
    Ok(Json(json!({"token": token, "token_type": "Bearer", "expires_in": TOKEN_SECONDS})))
}

pub async fn require_token(
    service: Data<Service>,
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let header = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let valid = header.and_then(|value| value.split_once(' ')).is_some_and(|(scheme, token)| {
        scheme.eq_ignore_ascii_case("bearer")
            && jsonwebtoken::decode::<Claims>(token, &service.verifying, &service.validation).is_ok()
    });
    if valid { next.call(request).await } else { Err(Refusal::new(Kind::Unauthorized).into()) }
}

pub async fn user(service: Data<Service>, id: Path<usize>) -> Result<Json<Person>, Refusal> {
    service.people.get(&id).cloned().map(Json).ok_or_else(|| Refusal::new(Kind::NotFound("no such user")))
}
