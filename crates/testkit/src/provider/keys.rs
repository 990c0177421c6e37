//! Keys of a provider, and the id tokens that they sign.

use std::{
    sync::{
        LazyLock,
        atomic::{AtomicU64, Ordering},
    },
    thread,
};

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use portcullis_application::ports::{KeyPair, TokenSigner};
use portcullis_crypto::Jose;
use portcullis_domain::jwt::Algorithm;
use serde_json::{Value, json};

use super::fault::Fault;
use crate::wiring::{required, runtime};

/// Length of RSA keys in bits: the shortest that libraries accept.
const MODULUS: u32 = 2048;
const ALGORITHMS: [Algorithm; 2] = [Algorithm::Rs256, Algorithm::Es256];

/// The first keys of every provider. RSA keys take long to create.
static FIRST: LazyLock<[KeyPair; 2]> = LazyLock::new(new_pairs);
/// Keys that no provider publishes.
static FOREIGN: LazyLock<[KeyPair; 2]> = LazyLock::new(new_pairs);
/// Numbers keys, so that no two have the same id.
static NUMBER: AtomicU64 = AtomicU64::new(1);

/// The keys that a provider publishes: one of each algorithm.
pub(super) struct Keys {
    number: u64,
    pairs: [KeyPair; 2],
}

impl Default for Keys {
    fn default() -> Self {
        Self {
            number: NUMBER.fetch_add(1, Ordering::Relaxed),
            pairs: FIRST.clone(),
        }
    }
}

impl Keys {
    /// Returns other keys, with other ids.
    pub(super) fn rotated() -> Self {
        Self {
            pairs: new_pairs(),
            ..Self::default()
        }
    }

    /// Returns the document with the public keys (RFC 7517).
    pub(super) fn document(&self) -> Value {
        let keys = self.pairs.iter().zip(ALGORITHMS).map(|(pair, algorithm)| {
            let mut key: Value = required(serde_json::from_str(&pair.public));
            if let Some(members) = key.as_object_mut() {
                members.insert("kid".to_owned(), json!(self.kid(algorithm)));
                members.insert("alg".to_owned(), json!(algorithm.name()));
                members.insert("use".to_owned(), json!("sig"));
            }
            key
        });
        json!({ "keys": keys.collect::<Vec<_>>() })
    }

    /// Returns a JWT with these claims, signed as the faults permit. `algorithm` is `RS256` or `ES256`.
    pub(super) fn sign(&self, algorithm: &str, claims: &Value, faults: &[Fault]) -> String {
        let (algorithm, index) = if algorithm == Algorithm::Es256.name() {
            (Algorithm::Es256, 1)
        } else {
            (Algorithm::Rs256, 0)
        };
        let has = |fault: &Fault| faults.contains(fault);
        if has(&Fault::AlgNone) {
            let header = json!({ "alg": "none", "kid": self.kid(algorithm) }).to_string();
            let [header, claims] =
                [header, claims.to_string()].map(|part| BASE64_URL_SAFE_NO_PAD.encode(part));
            return format!("{header}.{claims}.");
        }
        let pairs = if has(&Fault::WrongSignature) {
            &*FOREIGN
        } else {
            &self.pairs
        };
        let kid = if has(&Fault::UnknownKey) {
            "unknown".to_owned()
        } else {
            self.kid(algorithm)
        };
        let pair = required(pairs.get(index).ok_or("no key of this algorithm"));
        let key = required(Jose::default().open(algorithm, &pair.private));
        required(key.sign(&kid, &claims.to_string()))
    }

    fn kid(&self, algorithm: Algorithm) -> String {
        format!("key-{}-{}", self.number, algorithm.name())
    }
}

/// Creates a key of each algorithm. On a thread with a runtime of its own, because the caller may be in a test's runtime.
fn new_pairs() -> [KeyPair; 2] {
    let creating = thread::spawn(|| {
        let jose = Jose::default();
        runtime().block_on(async {
            let [rsa, curve] = ALGORITHMS.map(|algorithm| jose.generate(algorithm, MODULUS));
            [required(rsa.await), required(curve.await)]
        })
    });
    required(creating.join().map_err(|_panic| "the keys cannot be created"))
}
