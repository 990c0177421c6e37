//! Verification with josekit.

use std::time::{Duration, SystemTime};

use josekit::{
    JoseError,
    jwk::Jwk,
    jws::{ES256, ES512, EdDSA, JwsVerifier, PS256, RS256},
    jwt::{JwtPayload, JwtPayloadValidator, decode_with_verifier},
};
use serde_json::Value;

use crate::Expected;

/// Returns the claims of a JWT, or `None` if it is not valid.
pub(crate) fn claims(token: &str, key: &Value, expected: &Expected) -> Option<Value> {
    let key = Jwk::from_map(key.as_object()?.clone()).ok()?;
    let verifier = verifier(&expected.algorithm, &key).ok()?;
    let (payload, _header) = decode_with_verifier(token, verifier.as_ref()).ok()?;
    validate(&payload, expected).then(|| Value::Object(payload.claims_set().clone()))
}

fn verifier(algorithm: &str, key: &Jwk) -> Result<Box<dyn JwsVerifier>, JoseError> {
    Ok(match algorithm {
        "EdDSA" => Box::new(EdDSA.verifier_from_jwk(key)?),
        "ES256" => Box::new(ES256.verifier_from_jwk(key)?),
        "ES512" => Box::new(ES512.verifier_from_jwk(key)?),
        "PS256" => Box::new(PS256.verifier_from_jwk(key)?),
        _ => Box::new(RS256.verifier_from_jwk(key)?),
    })
}

fn validate(payload: &JwtPayload, expected: &Expected) -> bool {
    let mut validator = JwtPayloadValidator::new();
    validator.set_issuer(&expected.issuer);
    validator.set_audience(&expected.audience);
    // By default, a JWT of a server whose clock is a second ahead is rejected.
    validator.set_max_issued_time(now() + Duration::from_mins(1));
    // By default, a JWT without these claims is accepted.
    let is_complete = payload.expires_at().is_some() && payload.audience().is_some();
    is_complete && validator.validate(payload).is_ok()
}

#[expect(
    clippy::disallowed_methods,
    reason = "a program of its own has no port for the time"
)]
fn now() -> SystemTime {
    SystemTime::now()
}
