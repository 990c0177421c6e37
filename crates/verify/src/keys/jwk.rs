//! Published keys, each bound to its algorithm.

use std::ops::RangeInclusive;

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P521_SHA512_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256,
    RSA_PSS_2048_8192_SHA256, RsaParameters, RsaPublicKeyComponents, UnparsedPublicKey,
    VerificationAlgorithm,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Deserialize;
use serde_json::Value;

use crate::Error;

/// Lengths of an RSA modulus, in bytes: 2048 to 8192 bits.
const RSA_MODULUS: RangeInclusive<usize> = 256..=1024;

/// The usable keys of a JWKS.
#[derive(Debug, Default)]
pub(crate) struct KeySet {
    keys: Vec<Key>,
}

/// A public key with the only algorithm that it verifies.
#[derive(Debug)]
struct Key {
    kid: String,
    /// The values of `alg` that mean this key's algorithm.
    names: &'static [&'static str],
    material: Material,
}

/// A key with its algorithm. HMAC and `none` have no variant, so no token can select them.
#[derive(Debug)]
enum Material {
    Curve {
        algorithm: &'static dyn VerificationAlgorithm,
        /// Ed25519: the key. ECDSA: the uncompressed point.
        key: Vec<u8>,
    },
    Rsa {
        algorithm: &'static RsaParameters,
        modulus: Vec<u8>,
        exponent: Vec<u8>,
    },
}

#[derive(Deserialize)]
struct Document {
    keys: Vec<Value>,
}

#[derive(Deserialize)]
struct Jwk {
    kty: String,
    kid: String,
    alg: Option<String>,
    #[serde(rename = "use")]
    usage: Option<String>,
    key_ops: Option<Vec<String>>,
    crv: Option<String>,
    x: Option<String>,
    y: Option<String>,
    n: Option<String>,
    e: Option<String>,
}

impl KeySet {
    /// Reads a JWKS. Keys of unknown types, for encryption, without `kid` or too short are skipped, so that a server
    /// can publish new kinds of keys. Only the length of the response limits their number: the newest key, which signs,
    /// may be the last one. Returns a reason if the text is not a JWKS.
    pub(crate) fn parse(text: &[u8]) -> Result<Self, String> {
        let document: Document =
            serde_json::from_slice(text).map_err(|error| format!("not a JWKS: {error}"))?;
        let keys = document.keys.into_iter();
        let keys = keys.filter_map(|value| Key::read(serde_json::from_value(value).ok()?));
        Ok(Self { keys: keys.collect() })
    }

    pub(crate) fn has(&self, kid: &str) -> bool {
        self.keys.iter().any(|key| key.kid == kid)
    }

    /// Verifies a signature by the key with this id. The token's `alg` must be the key's own.
    pub(crate) fn verify(&self, kid: &str, alg: &str, signed: &[u8], signature: &[u8]) -> Result<(), Error> {
        let mut keys = self.keys.iter().filter(|key| key.kid == kid).peekable();
        if keys.peek().is_none() {
            return Err(Error::UnknownKey);
        }
        let key = keys
            .find(|key| key.names.contains(&alg))
            .ok_or(Error::WrongAlgorithm)?;
        key.material.verify(signed, signature)
    }
}

impl Key {
    fn read(jwk: Jwk) -> Option<Self> {
        let is_for_signatures = jwk.usage.as_deref().is_none_or(|usage| usage == "sig");
        let verifies = jwk
            .key_ops
            .as_ref()
            .is_none_or(|ops| ops.iter().any(|op| op == "verify"));
        let (names, material) = Material::read(&jwk)?;
        let is_named = jwk.alg.as_deref().is_none_or(|alg| names.contains(&alg));
        (is_for_signatures && verifies && is_named).then_some(Self {
            kid: jwk.kid,
            names,
            material,
        })
    }
}

impl Material {
    /// Returns the key and the names of its algorithm, or `None` if it is of a kind that this crate does not know.
    fn read(jwk: &Jwk) -> Option<(&'static [&'static str], Self)> {
        let curve = |algorithm, key| Self::Curve { algorithm, key };
        match (jwk.kty.as_str(), jwk.crv.as_deref()) {
            // RFC 9864 calls the algorithm `Ed25519`.
            ("OKP", Some("Ed25519")) => Some((
                &["EdDSA", "Ed25519"],
                curve(&ED25519, decoded(jwk.x.as_deref(), 32)?),
            )),
            ("EC", Some("P-256")) => Some((&["ES256"], curve(&ECDSA_P256_SHA256_FIXED, jwk.point(32)?))),
            ("EC", Some("P-521")) => Some((&["ES512"], curve(&ECDSA_P521_SHA512_FIXED, jwk.point(66)?))),
            ("RSA", _) if jwk.alg.as_deref() == Some("PS256") => {
                Some((&["PS256"], jwk.rsa(&RSA_PSS_2048_8192_SHA256)?))
            }
            ("RSA", _) => Some((&["RS256"], jwk.rsa(&RSA_PKCS1_2048_8192_SHA256)?)),
            _ => None,
        }
    }

    fn verify(&self, signed: &[u8], signature: &[u8]) -> Result<(), Error> {
        let outcome = match self {
            Self::Curve { algorithm, key } => {
                UnparsedPublicKey::new(*algorithm, key).verify(signed, signature)
            }
            Self::Rsa {
                algorithm,
                modulus,
                exponent,
            } => RsaPublicKeyComponents {
                n: modulus,
                e: exponent,
            }
            .verify(algorithm, signed, signature),
        };
        outcome.map_err(|_| Error::WrongSignature)
    }
}

impl Jwk {
    /// The uncompressed point of an elliptic curve whose coordinates have this length.
    fn point(&self, length: usize) -> Option<Vec<u8>> {
        let mut point = vec![4];
        point.extend(decoded(self.x.as_deref(), length)?);
        point.extend(decoded(self.y.as_deref(), length)?);
        Some(point)
    }

    /// An RSA key, without leading zeros, or `None` if it is shorter or longer than is secure and affordable.
    fn rsa(&self, algorithm: &'static RsaParameters) -> Option<Material> {
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
fn decoded(text: Option<&str>, length: usize) -> Option<Vec<u8>> {
    let bytes = URL_SAFE_NO_PAD.decode(text?).ok()?;
    (bytes.len() == length).then_some(bytes)
}
