//! Keys as the server publishes them (RFC 7517).

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Deserialize;

#[derive(Deserialize)]
pub(super) struct Jwk {
    pub(super) kty: String,
    pub(super) kid: String,
    pub(super) alg: Option<String>,
    #[serde(rename = "use")]
    pub(super) usage: Option<String>,
    pub(super) key_ops: Option<Vec<String>>,
    pub(super) crv: Option<String>,
    pub(super) x: Option<String>,
    y: Option<String>,
    n: Option<String>,
    e: Option<String>,
}

impl Jwk {
    /// The uncompressed point of an elliptic curve whose coordinates have this length.
    pub(super) fn point(&self, length: usize) -> Option<Vec<u8>> {
        let mut point = vec![4];
        point.extend(decoded(self.x.as_deref(), length)?);
        point.extend(decoded(self.y.as_deref(), length)?);
        Some(point)
    }

    /// The modulus and the exponent of an RSA key, without leading zeros.
    pub(super) fn modulus_and_exponent(&self) -> Option<(Vec<u8>, Vec<u8>)> {
        let number = |text: Option<&str>| {
            let bytes = URL_SAFE_NO_PAD.decode(text?).ok()?;
            let start = bytes.iter().position(|byte| *byte != 0)?;
            bytes.get(start..).map(<[u8]>::to_vec)
        };
        Some((number(self.n.as_deref())?, number(self.e.as_deref())?))
    }
}

/// Decodes a member of exactly this length.
pub(super) fn decoded(text: Option<&str>, length: usize) -> Option<Vec<u8>> {
    let bytes = URL_SAFE_NO_PAD.decode(text?).ok()?;
    (bytes.len() == length).then_some(bytes)
}
