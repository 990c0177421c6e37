//! Keys as the server publishes them (RFC 7517).

use std::ops::RangeInclusive;

use aws_lc_rs::signature::RsaParameters;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Deserialize;

use super::material::Material;

/// Lengths of an RSA modulus, in bytes: 2048 to 8192 bits.
const RSA_MODULUS: RangeInclusive<usize> = 256..=1024;

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
    pub(super) y: Option<String>,
    pub(super) n: Option<String>,
    pub(super) e: Option<String>,
}

impl Jwk {
    /// The uncompressed point of an elliptic curve whose coordinates have this length.
    pub(super) fn point(&self, length: usize) -> Option<Vec<u8>> {
        let mut point = vec![4];
        point.extend(decoded(self.x.as_deref(), length)?);
        point.extend(decoded(self.y.as_deref(), length)?);
        Some(point)
    }

    /// An RSA key, without leading zeros, or `None` if it is shorter or longer than is secure and affordable.
    pub(super) fn rsa(&self, algorithm: &'static RsaParameters) -> Option<Material> {
        let number = |text: Option<&str>| {
            let bytes = URL_SAFE_NO_PAD.decode(text?).ok()?;
            let start = bytes.iter().position(|byte| *byte != 0)?;
            bytes.get(start..).map(<[u8]>::to_vec)
        };
        let (modulus, exponent) = (number(self.n.as_deref())?, number(self.e.as_deref())?);
        RSA_MODULUS.contains(&modulus.len()).then_some(Material::Rsa {
            algorithm,
            modulus,
            exponent,
        })
    }
}

/// Decodes a member of exactly this length.
pub(super) fn decoded(text: Option<&str>, length: usize) -> Option<Vec<u8>> {
    let bytes = URL_SAFE_NO_PAD.decode(text?).ok()?;
    (bytes.len() == length).then_some(bytes)
}
