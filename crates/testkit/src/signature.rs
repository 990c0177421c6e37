//! Signatures with the secret of the test servers.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use portcullis_application::ports::{Mac, Purpose, Tag};
use portcullis_crypto::{Hmac, Secrets};
use portcullis_domain::secret::Secret;

use crate::SECRET;

/// Signs a text with [`SECRET`] as cookies and links are signed.
#[must_use]
pub fn signature(text: &str) -> Tag {
    let secrets = Secrets::new(Secret::new(SECRET.to_owned()), Vec::new());
    Hmac::new(&secrets).tag(Purpose::Cookie, text.as_bytes())
}

/// Returns a text with its signature, as the value of a signed cookie before it is encoded.
#[must_use]
pub fn signed(text: &str) -> String {
    format!("{text}.{}", STANDARD.encode(signature(text)))
}
