//! Providers of the tests, with a clock that they set.

use std::sync::Arc;

use portcullis_application::{
    ports::{TokenVerifier, VerifyingKey},
    testing::FixedClock,
};
use portcullis_domain::jwt::Algorithm;
use serde_json::{Map, Value};

use super::{secret, server::Server};
use crate::{
    generic::{GenericOptions, GenericProvider},
    id_token::IdTokenVerifier,
    profile::decoded,
    testing::client,
};

/// Accepts tokens with the signature `signed`, if there is a key.
struct TestVerifier;

impl TokenVerifier for TestVerifier {
    fn verify(&self, token: &str, keys: &[VerifyingKey]) -> Option<Map<String, Value>> {
        if keys.is_empty() { None } else { claims(token) }
    }

    fn verify_unnamed(
        &self,
        token: &str,
        _algorithm: Algorithm,
        _public: &str,
    ) -> Option<Map<String, Value>> {
        claims(token)
    }
}

fn claims(token: &str) -> Option<Map<String, Value>> {
    match decoded(&secret(token))? {
        Value::Object(claims) if token.ends_with(".signed") => Some(claims),
        _ => None,
    }
}

/// Returns the provider with these options, which may send requests to this server, and its clock.
pub(super) fn provider(options: GenericOptions, server: &Server) -> (GenericProvider, Arc<FixedClock>) {
    let clock = Arc::new(FixedClock::default());
    let client = client(&server.http, &clock);
    let verifier = IdTokenVerifier::new(client.clone(), Arc::new(TestVerifier), clock.clone());
    let provider = GenericProvider::new(options, client, Arc::new(verifier)).unwrap();
    (provider, clock)
}
