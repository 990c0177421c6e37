//! Signatures that only the deployment should be able to make.

use portcullis_application::ports::{Mac, Purpose, Tag};
use portcullis_crypto::{Hmac, Secrets};
use portcullis_domain::secret::Secret;

use crate::SECRET;

/// What the secret of test servers itself makes of a text: the signature of cookies and of links.
#[must_use]
pub fn signature(text: &str) -> Tag {
    let secrets = Secrets::new(Secret::new(SECRET.to_owned()), Vec::new());
    Hmac::new(&secrets).tag(Purpose::Cookie, text.as_bytes())
}
