//! Helpers for tests.

use portcullis_domain::secret::Secret;

use crate::Secrets;

/// The secret that the test vectors were created with.
pub(crate) const SECRET: &str = "better-auth-secret-that-is-long-enough-for-validation-test";

/// Returns secrets with these texts, the current one first.
pub(crate) fn secrets(texts: &[&str]) -> Secrets {
    let mut all = texts.iter().map(|text| Secret::new((*text).to_owned()));
    Secrets::new(all.next().unwrap(), all.collect())
}
