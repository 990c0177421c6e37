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
        let header = decode_header(token).ok()?;
        let header = header.as_any().downcast_ref::<JwsHeader>()?;
        if header.claim("crit").is_some() {
            return None;
        }
        let key = keys.iter().find(|key| Some(key.id.as_str()) == header.key_id())?;
        // The algorithm is the key's and never the token's. The library rejects a token that names another one.
        let verifier = verifier(key.algorithm, &key.public).ok()?;
        let (claims, _header) = jws::deserialize_compact(token, &*verifier).ok()?;
        serde_json::from_slice(&claims).ok()
    }
}

fn verifier(algorithm: Algorithm, public: &str) -> Result<Box<dyn JwsVerifier>, JoseError> {
    let jwk = Jwk::from_bytes(public)?;
    Ok(match algorithm {
        Algorithm::EdDsa => Box::new(EdDSA.verifier_from_jwk(&jwk)?),
        Algorithm::Es256 => Box::new(ES256.verifier_from_jwk(&jwk)?),
        Algorithm::Es512 => Box::new(ES512.verifier_from_jwk(&jwk)?),
        Algorithm::Rs256 => Box::new(RS256.verifier_from_jwk(&jwk)?),
        Algorithm::Ps256 => Box::new(PS256.verifier_from_jwk(&jwk)?),
    })
}
