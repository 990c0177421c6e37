//! The character NUL, which PostgreSQL's `text` cannot store, and the characters that have a meaning in patterns.

use portcullis_application::ports::Failure;
use serde_json::Value;

/// A value contains NUL. The error does not contain the value, since it may be a secret.
#[derive(Debug, thiserror::Error)]
#[error("a text contains the character NUL, which PostgreSQL cannot store")]
struct HoldsNul;

/// Returns whether the text contains NUL, so that no stored text can be equal to it.
pub(crate) fn contains_nul(text: &str) -> bool {
    text.contains('\0')
}

/// Returns a text for a pattern of `LIKE`, in which no character has a meaning of its own.
pub(crate) fn escaped_for_pattern(text: &str) -> String {
    text.replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_")
}

/// Rejects texts with NUL before PostgreSQL does, which would cost a connection.
pub(crate) fn reject_nul<'a>(texts: impl IntoIterator<Item = Option<&'a String>>) -> Result<(), Failure> {
    if texts.into_iter().flatten().any(|text| contains_nul(text)) {
        return Err(Failure::new(HoldsNul));
    }
    Ok(())
}

/// Rejects JSON values that contain a text with NUL.
pub(crate) fn reject_nul_in_json(value: &Value) -> Result<(), Failure> {
    match value {
        Value::String(text) => reject_nul([Some(text)]),
        Value::Array(values) => values.iter().try_for_each(reject_nul_in_json),
        Value::Object(values) => {
            reject_nul(values.keys().map(Some))?;
            values.values().try_for_each(reject_nul_in_json)
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => Ok(()),
    }
}
