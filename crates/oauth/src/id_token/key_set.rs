//! Published keys (RFC 7517).

use portcullis_domain::jwt::Algorithm;
use serde_json::{Map, Value};

use super::issuers::Issuers;

/// The members of a public key that a verification needs. The others, such as certificates, are dropped.
const MATERIAL: [&str; 6] = ["kty", "crv", "x", "y", "n", "e"];

/// The keys of a provider that can verify signatures.
#[derive(Debug, Default)]
pub(super) struct KeySet(Vec<Key>);

/// A published key.
#[derive(Debug)]
pub(super) struct Key {
    id: Option<String>,
    /// The algorithms whose signatures the key may verify: more than one only for an RSA key without `alg`.
    algorithms: Vec<Algorithm>,
    /// The public JWK as JSON text.
    pub(super) public: String,
    /// The issuers whose tokens the key may sign, if the provider restricts them, as Microsoft does.
    pub(super) issuer: Option<Issuers>,
}

impl KeySet {
    /// Reads a key set. Keys that cannot verify signatures are skipped: those for encryption, shared secrets, and those of
    /// other algorithms. `None`: the document is not a key set.
    pub(super) fn parse(document: &Value) -> Option<Self> {
        let keys = document.get("keys")?.as_array()?;
        Some(Self(keys.iter().filter_map(Key::parse).collect()))
    }

    /// Whether there is a key with this id.
    pub(super) fn has(&self, kid: &str) -> bool {
        self.0.iter().any(|key| key.id.as_deref() == Some(kid))
    }

    /// Returns the key with this id, if it may verify this algorithm.
    pub(super) fn named(&self, kid: &str, algorithm: Algorithm) -> Option<&Key> {
        self.of(algorithm).find(|key| key.id.as_deref() == Some(kid))
    }

    /// Returns the only key that may verify this algorithm, with or without an id. `None`: there is none, or several.
    pub(super) fn only(&self, algorithm: Algorithm) -> Option<&Key> {
        let mut keys = self.of(algorithm);
        let key = keys.next()?;
        keys.next().is_none().then_some(key)
    }

    fn of(&self, algorithm: Algorithm) -> impl Iterator<Item = &Key> {
        self.0
            .iter()
            .filter(move |key| key.algorithms.contains(&algorithm))
    }
}

impl Key {
    fn parse(jwk: &Value) -> Option<Self> {
        let text = |name: &str| jwk.get(name).and_then(Value::as_str);
        let is_for_signatures = jwk.get("use").is_none_or(|value| value == "sig");
        let by_material: &[Algorithm] = match (text("kty")?, text("crv")) {
            ("RSA", _) => &[Algorithm::Rs256, Algorithm::Ps256],
            ("EC", Some("P-256")) => &[Algorithm::Es256],
            ("EC", Some("P-521")) => &[Algorithm::Es512],
            ("OKP", Some("Ed25519")) => &[Algorithm::EdDsa],
            _ => return None,
        };
        let is_named = |algorithm: &&Algorithm| jwk.get("alg").is_none_or(|name| name == algorithm.name());
        let algorithms: Vec<_> = by_material.iter().filter(is_named).copied().collect();
        let material = MATERIAL
            .into_iter()
            .filter_map(|name| Some((name.to_owned(), jwk.get(name)?.clone())));
        let public = Value::Object(material.collect::<Map<_, _>>()).to_string();
        (is_for_signatures && !algorithms.is_empty()).then_some(Self {
            id: text("kid").map(str::to_owned),
            algorithms,
            public,
            // Microsoft's name for the claim `tid`.
            issuer: text("issuer").map(|issuer| Issuers::named(&issuer.replace("{tenantid}", "{tid}"))),
        })
    }
}
