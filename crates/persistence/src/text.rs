//! What PostgreSQL's `text` cannot hold.

use portcullis_application::ports::Failure;

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
