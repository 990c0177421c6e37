//! What PostgreSQL's `text` cannot hold.

use portcullis_application::ports::Failure;
use serde_json::Value;

/// A value that cannot be stored was to be stored. It is not told, since it may be a secret.
#[derive(Debug, thiserror::Error)]
#[error("a text holds the character NUL, which PostgreSQL cannot store")]
struct HoldsNul;

/// Whether no stored text can be equal to this one.
pub(crate) fn holds_nul(text: &str) -> bool {
    text.contains('\0')
}

/// Refuses what cannot be stored before PostgreSQL does, which would cost a connection.
pub(crate) fn refuse_nul<'a>(texts: impl IntoIterator<Item = Option<&'a String>>) -> Result<(), Failure> {
    if texts.into_iter().flatten().any(|text| holds_nul(text)) {
        return Err(Failure::new(HoldsNul));
    }
    Ok(())
}

/// Refuses values that cannot be stored.
pub(crate) fn refuse_nul_within(value: &Value) -> Result<(), Failure> {
    match value {
        Value::String(text) => refuse_nul([Some(text)]),
        Value::Array(values) => values.iter().try_for_each(refuse_nul_within),
        Value::Object(values) => values.values().try_for_each(refuse_nul_within),
        Value::Null | Value::Bool(_) | Value::Number(_) => Ok(()),
    }
}
