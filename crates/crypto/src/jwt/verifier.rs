//! Verification of JWTs.

use josekit::{
    JoseError,
    jwk::Jwk,
    jws::{self, ES256, ES512, EdDSA, JwsHeader, JwsVerifier, PS256, RS256},
    jwt::decode_header,
};
use portcullis_application::ports::{TokenVerifier, VerifyingKey};
use portcullis_domain::jwt::Algorithm;
use serde_json::{Map, Value};

/// Verifies signatures with OpenSSL.
pub struct JoseVerifier;

impl TokenVerifier for JoseVerifier {
    fn verify(&self, token: &str, keys: &[VerifyingKey]) -> Option<Map<String, Value>> {
        let header = header(token)?;
        let key = keys.iter().find(|key| Some(key.id.as_str()) == header.key_id())?;
        claims(token, key.algorithm, &Jwk::from_bytes(&key.public).ok()?)
    }

    fn verify_unnamed(&self, token: &str, algorithm: Algorithm, public: &str) -> Option<Map<String, Value>> {
        if header(token)?.claim("kid").is_some() {
            return None;
        }
        let mut key = Jwk::from_bytes(public).ok()?;
        // If the key had an id, the library would reject a token that does not name it.
        key.set_parameter("kid", None).ok()?;
        claims(token, algorithm, &key)
    }
}

/// Returns the header of a token, unless it demands extensions.
fn header(token: &str) -> Option<JwsHeader> {
    let header = decode_header(token).ok()?;
    let header = header.as_any().downcast_ref::<JwsHeader>()?;
    header.claim("crit").is_none().then(|| header.clone())
}

/// Returns the claims of a token that a key has signed. The algorithm is always the key's: the library rejects a token
/// that names another algorithm.
fn claims(token: &str, algorithm: Algorithm, key: &Jwk) -> Option<Map<String, Value>> {
    let verifier = verifier(algorithm, key).ok()?;
    let (claims, _header) = jws::deserialize_compact(token, &*verifier).ok()?;
    serde_json::from_slice(&claims).ok()
}

fn verifier(algorithm: Algorithm, jwk: &Jwk) -> Result<Box<dyn JwsVerifier>, JoseError> {
    Ok(match algorithm {
        Algorithm::EdDsa => Box::new(EdDSA.verifier_from_jwk(jwk)?),
        Algorithm::Es256 => Box::new(ES256.verifier_from_jwk(jwk)?),
        Algorithm::Es512 => Box::new(ES512.verifier_from_jwk(jwk)?),
        Algorithm::Rs256 => Box::new(RS256.verifier_from_jwk(jwk)?),
        Algorithm::Ps256 => Box::new(PS256.verifier_from_jwk(jwk)?),
    })
}
