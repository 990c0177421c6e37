//! Verification with jsonwebtoken.

use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use serde_json::Value;

use crate::Expected;

/// Returns the claims of a JWT, or `None` if it is not valid.
pub(crate) fn claims(token: &str, key: &Value, expected: &Expected) -> Option<Value> {
    let algorithm: Algorithm = expected.algorithm.parse().ok()?;
    let key = serde_json::from_value(key.clone()).ok()?;
    let key = DecodingKey::from_jwk(&key).ok()?;
    let mut validation = Validation::new(algorithm);
    validation.set_issuer(&[&expected.issuer]);
    validation.set_audience(&[&expected.audience]);
    // By default, a JWT without these claims is accepted.
    validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    Some(decode::<Value>(token, &key, &validation).ok()?.claims)
}
