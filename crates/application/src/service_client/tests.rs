//! Tests of the authentication of services.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;
use crate::testing::{FakePorts, FakeStore, PlainMac};

/// Counts comparisons.
#[derive(Default)]
struct CountingMac(AtomicUsize);

impl Mac for CountingMac {
    fn tag(&self, purpose: Purpose, message: &[u8]) -> Tag {
        PlainMac.tag(purpose, message)
    }

    fn verify(&self, purpose: Purpose, message: &[u8], tag: &[u8]) -> bool {
        self.0.fetch_add(1, Ordering::Relaxed);
        PlainMac.verify(purpose, message, tag)
    }
}

fn client(id: &str, secret: &str) -> ServiceClient {
    ServiceClient {
        id: ServiceClientId::parse(id).unwrap(),
        secret: Secret::new(secret.to_owned()),
        is_administrator: id == "billing",
    }
}

fn clients(mac: Arc<dyn Mac>) -> ServiceClients {
    let ports = Ports {
        mac,
        ..FakePorts::with_store(FakeStore::default()).ports
    };
    let clients = [
        client("api", "secret-of-api"),
        client("billing", "secret-of-billing"),
    ];
    ServiceClients::new(&ports, &clients)
}

fn readings(secrets: &[&str]) -> Vec<Secret<String>> {
    let secrets = secrets.iter().map(|secret| Secret::new((*secret).to_owned()));
    secrets.collect()
}

#[test]
fn a_service_is_known_by_its_id_and_its_own_secret() {
    let clients = clients(Arc::new(PlainMac));
    for (id, secrets, expected) in [
        ("api", &["secret-of-api"][..], Some("api")),
        ("billing", &["secret-of-billing"], Some("billing")),
        ("api", &["x", "secret-of-api"], Some("api")),
        ("api", &["secret-of-api", "x"], Some("api")),
        ("api", &["secret-of-billing"], None),
        ("api", &["secret-of-ap"], None),
        ("api", &["secret-of-api "], None),
        ("api", &[""], None),
        ("api", &[], None),
        ("API", &["secret-of-api"], None),
        ("", &["secret-of-api"], None),
        ("unknown", &["secret-of-api"], None),
    ] {
        let found = clients.authenticate(id, &readings(secrets));
        let found = found.as_ref().map(ServiceClientId::as_str);
        assert_eq!(found, expected, "{id} {secrets:?}");
    }
}

#[test]
fn an_unknown_service_costs_the_same_comparisons_as_a_known_one() {
    for id in ["api", "unknown", "not an id", ""] {
        for secrets in [&["wrong"][..], &["secret-of-api"], &["wrong", "secret-of-api"]] {
            let mac = Arc::new(CountingMac::default());
            let clients = clients(mac.clone());
            let _outcome = clients.authenticate(id, &readings(secrets));
            assert_eq!(mac.0.load(Ordering::Relaxed), secrets.len(), "{id} {secrets:?}");
        }
    }
}

#[test]
fn debug_output_shows_no_secret() {
    assert_eq!(
        format!("{:?}", client("api", "secret-of-api")),
        "ServiceClient(api)"
    );
}

#[test]
fn only_a_declared_administrator_is_one() {
    let clients = clients(Arc::new(PlainMac));
    for (id, expected) in [("billing", true), ("api", false), ("other", false)] {
        let id = ServiceClientId::parse(id).unwrap();
        assert_eq!(clients.is_administrator(&id), expected, "{id}");
    }
}
