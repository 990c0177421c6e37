//! What tests share.

use portcullis_domain::secret::Secret;

use crate::Secrets;

/// The secret with which the vectors were made.
pub(crate) const SECRET: &str = "better-auth-secret-that-is-long-enough-for-validation-test";

/// Secrets with these texts, today's first.
pub(crate) fn secrets(texts: &[&str]) -> Secrets {
    let mut all = texts.iter().map(|text| Secret::new((*text).to_owned()));
    Secrets::new(all.next().unwrap(), all.collect())
}
