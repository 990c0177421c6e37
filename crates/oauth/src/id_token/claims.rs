//! The claims of id tokens.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Map, Value};

/// How much the clocks of a provider and of this server may differ.
pub(super) const LEEWAY: TimeDelta = TimeDelta::seconds(60);

/// Returns whether the claim `aud` contains one of these client ids.
pub(crate) fn is_for(claims: &Map<String, Value>, clients: &[String]) -> bool {
    match claims.get("aud") {
        Some(Value::String(audience)) => clients.contains(audience),
        Some(Value::Array(audiences)) => audiences
            .iter()
            .filter_map(Value::as_str)
            .any(|audience| clients.iter().any(|client| client == audience)),
        _ => false,
    }
}

/// Returns whether a token has not expired; `None` if it does not contain a time.
pub(crate) fn is_unexpired(claims: &Map<String, Value>, now: DateTime<Utc>) -> Option<bool> {
    number(claims, "exp").map(|end| end > seconds(now - LEEWAY))
}

/// Returns whether the token was issued to one of these clients: the claim `azp`. A token for several audiences must have
/// it.
pub(super) fn is_authorized(claims: &Map<String, Value>, clients: &[String]) -> bool {
    match claims.get("azp") {
        Some(client) => client
            .as_str()
            .is_some_and(|client| clients.iter().any(|own| own == client)),
        None => !matches!(claims.get("aud"), Some(Value::Array(audiences)) if audiences.len() > 1),
    }
}

pub(super) fn text<'a>(claims: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    claims.get(name)?.as_str()
}

pub(super) fn number(claims: &Map<String, Value>, name: &str) -> Option<f64> {
    claims.get(name)?.as_f64()
}

pub(super) fn seconds(time: DateTime<Utc>) -> f64 {
    #[expect(
        clippy::cast_precision_loss,
        reason = "times of this era are far below 2^53 milliseconds"
    )]
    let milliseconds = time.timestamp_millis() as f64;
    milliseconds / 1000.0
}
