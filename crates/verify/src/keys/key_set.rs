//! Published keys, each bound to its algorithm.

use serde::Deserialize;
use serde_json::Value;

use super::{jwk::Jwk, material::Material};
use crate::Error;

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

#[derive(Deserialize)]
struct Document {
    keys: Vec<Value>,
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
