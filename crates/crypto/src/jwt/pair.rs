//! Generation of key pairs, in Better Auth's format.

use josekit::jwk::{
    Ed25519, Jwk, KeyPair as _, P_256, P_521,
    alg::{ec::EcKeyPair, ed::EdKeyPair, rsa::RsaKeyPair},
};
use portcullis_application::ports::{Failure, KeyPair};
use portcullis_domain::{jwt::Algorithm, secret::Secret};
use serde_json::{Map, Value};

/// Better Auth neither generates shorter RSA keys nor signs with them.
const LEAST_MODULUS: u32 = 2048;

pub(super) fn generate(algorithm: Algorithm, modulus_length: u32) -> Result<KeyPair, Failure> {
    let jwk = pair(algorithm, modulus_length)?;
    let (public, private): (&[_], &[_]) = match algorithm {
        Algorithm::EdDsa => (&["crv", "x", "kty"], &["crv", "d", "x", "kty"]),
        Algorithm::Es256 | Algorithm::Es512 => (&["kty", "x", "y", "crv"], &["kty", "x", "y", "crv", "d"]),
        Algorithm::Rs256 | Algorithm::Ps256 => (
            &["kty", "n", "e"],
            &["kty", "n", "e", "d", "p", "q", "dp", "dq", "qi"],
        ),
    };
    let mut public = members(&jwk, public);
    if matches!(algorithm, Algorithm::Rs256 | Algorithm::Ps256) {
        // An RSA key does not imply its padding, and the configured algorithm may change later.
        public.insert("alg".to_owned(), algorithm.name().into());
    }
    Ok(KeyPair {
        public: Value::Object(public).to_string(),
        private: Secret::new(Value::Object(members(&jwk, private)).to_string()),
    })
}

fn pair(algorithm: Algorithm, modulus_length: u32) -> Result<Jwk, Failure> {
    let pair = match algorithm {
        Algorithm::EdDsa => EdKeyPair::generate(Ed25519).map(|pair| pair.to_jwk_key_pair()),
        Algorithm::Es256 => EcKeyPair::generate(P_256).map(|pair| pair.to_jwk_key_pair()),
        Algorithm::Es512 => EcKeyPair::generate(P_521).map(|pair| pair.to_jwk_key_pair()),
        Algorithm::Rs256 | Algorithm::Ps256 if modulus_length < LEAST_MODULUS => {
            return Err(Failure::new("an RSA key must have at least 2048 bits"));
        }
        Algorithm::Rs256 | Algorithm::Ps256 => {
            RsaKeyPair::generate(modulus_length).map(|pair| pair.to_jwk_key_pair())
        }
    };
    pair.map_err(Failure::new)
}

fn members(jwk: &Jwk, names: &[&str]) -> Map<String, Value> {
    names
        .iter()
        .filter_map(|name| Some(((*name).to_owned(), jwk.as_ref().get(*name)?.clone())))
        .collect()
}
