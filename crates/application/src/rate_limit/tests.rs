use chrono::TimeDelta;
use portcullis_domain::{glob::Glob, rate_limit::Rule};

use super::*;
use crate::testing::{FakePorts, FakeStore, FakeUnitOfWork, fixtures::start};

const GENERAL: Rule = Rule {
    window: TimeDelta::seconds(10),
    max: 100,
};
const SENSITIVE: Rule = Rule {
    window: TimeDelta::seconds(10),
    max: 3,
};

fn options(storage: Option<Storage>, custom: &[(&str, Option<Rule>)]) -> RateLimitOptions {
    let custom = custom.iter().map(|(path, rule)| CustomRule {
        path: Glob::new(*path),
        rule: *rule,
    });
    RateLimitOptions {
        general: GENERAL,
        storage,
        custom: custom.collect(),
    }
}

/// A database that expects a request with this key and rule, and returns this refusal.
fn database(key: &'static str, rule: Rule, refused: Option<Refused>) -> FakeStore {
    let mut read = FakeUnitOfWork::default();
    read.rate_limits
        .expect_admit()
        .withf(move |asked, by, now| asked == key && *by == rule && *now == start())
        .once()
        .return_once(move |_, _, _| Ok(refused));
    FakeStore::new(vec![read], Vec::new())
}

/// The rule that the route of a path declares in these tests.
fn own(path: &str) -> Option<Rule> {
    path.starts_with("/sign-in").then_some(SENSITIVE)
}

async fn admitted(limit: &RateLimit, address: &str, path: &str) -> usize {
    let mut admitted = 0;
    while admitted < 200 && limit.admit(address, path, own(path)).await.is_ok() {
        admitted += 1;
    }
    admitted
}

#[tokio::test]
async fn a_path_with_a_rule_of_its_own_is_counted_in_the_database_by_better_auths_key() {
    let per_minute = Rule {
        window: TimeDelta::seconds(60),
        max: 3,
    };
    for rule in [SENSITIVE, per_minute] {
        let refused = Some(Refused { retry_after: 7 });
        let fake = FakePorts::with_store(database("192.0.2.7|/sign-in/email", rule, refused));
        let limit = RateLimit::new(&fake.ports, Some(options(None, &[])), [rule]);
        let outcome = limit.admit("192.0.2.7", "/sign-in/email", Some(rule)).await;
        let error = outcome.unwrap_err();
        assert!(matches!(
            error,
            RateLimitError::TooManyRequests(Refused { retry_after: 7 })
        ));
    }
}

#[tokio::test]
async fn other_paths_are_counted_in_memory_for_each_address_and_path() {
    let fake = FakePorts::with_store(FakeStore::default());
    let limit = RateLimit::new(&fake.ports, Some(options(None, &[])), [SENSITIVE]);
    assert_eq!(admitted(&limit, "192.0.2.7", "/get-session").await, 100);
    assert_eq!(admitted(&limit, "192.0.2.8", "/get-session").await, 100);
    assert_eq!(admitted(&limit, "192.0.2.7", "/ok").await, 100);

    fake.clock.advance(TimeDelta::milliseconds(10_001));
    assert_eq!(admitted(&limit, "192.0.2.7", "/get-session").await, 100);
}

#[tokio::test]
async fn a_configured_storage_counts_all_paths() {
    let fake = FakePorts::with_store(FakeStore::default());
    let limit = RateLimit::new(
        &fake.ports,
        Some(options(Some(Storage::Memory), &[])),
        [SENSITIVE],
    );
    assert_eq!(admitted(&limit, "192.0.2.7", "/sign-in/email").await, 3);

    let fake = FakePorts::with_store(database("192.0.2.7|/ok", GENERAL, None));
    let limit = RateLimit::new(
        &fake.ports,
        Some(options(Some(Storage::Database), &[])),
        [SENSITIVE],
    );
    assert!(limit.admit("192.0.2.7", "/ok", None).await.is_ok());
}

#[tokio::test]
async fn the_first_matching_custom_rule_precedes_every_other_rule() {
    let one = Rule {
        window: TimeDelta::seconds(60),
        max: 1,
    };
    let custom = [
        ("/sign-in/*", None),
        ("/get-session", Some(one)),
        ("/get-**", None),
    ];
    let fake = FakePorts::with_store(FakeStore::default());
    let limit = RateLimit::new(&fake.ports, Some(options(None, &custom)), [SENSITIVE]);
    assert_eq!(admitted(&limit, "192.0.2.7", "/sign-in/email").await, 200);
    assert_eq!(admitted(&limit, "192.0.2.7", "/get-session").await, 1);
    assert_eq!(admitted(&limit, "192.0.2.7", "/get-else").await, 200);
}

#[tokio::test]
async fn without_options_nothing_is_counted() {
    let fake = FakePorts::with_store(FakeStore::default());
    let limit = RateLimit::new(&fake.ports, None, [SENSITIVE]);
    assert_eq!(admitted(&limit, "192.0.2.7", "/sign-in/email").await, 200);
}

#[tokio::test]
async fn requests_for_unknown_paths_share_one_count_in_memory() {
    let fake = FakePorts::with_store(FakeStore::default());
    let limit = RateLimit::new(
        &fake.ports,
        Some(options(Some(Storage::Database), &[])),
        [SENSITIVE],
    );
    let admitted = |address| {
        (0..200)
            .filter(|_| limit.admit_unmatched(address).is_ok())
            .count()
    };
    assert_eq!(admitted("192.0.2.7"), 100);
    assert_eq!(admitted("192.0.2.8"), 100);

    let off = RateLimit::new(&fake.ports, None, [SENSITIVE]);
    assert!((0..200).all(|_| off.admit_unmatched("192.0.2.7").is_ok()));
}

#[tokio::test]
async fn the_database_is_not_queried_while_a_refusal_is_certain() {
    let ask = |refused| {
        let mut read = FakeUnitOfWork::default();
        let counts = read.rate_limits.expect_admit().once();
        counts.return_once(move |_, _, _| Ok(refused));
        read
    };
    let reads = vec![ask(Some(Refused { retry_after: 7 })), ask(None), ask(None)];
    let fake = FakePorts::with_store(FakeStore::new(reads, Vec::new()));
    let limit = RateLimit::new(&fake.ports, Some(options(None, &[])), [SENSITIVE]);
    let refused = async || match limit.admit("192.0.2.7", "/sign-in/email", Some(SENSITIVE)).await {
        Err(RateLimitError::TooManyRequests(refused)) => Some(refused.retry_after),
        outcome => outcome.map(|()| None).unwrap(),
    };
    assert_eq!(refused().await, Some(7));
    fake.clock.advance(TimeDelta::milliseconds(1500));
    assert_eq!(refused().await, Some(6));
    fake.clock.advance(TimeDelta::milliseconds(4499));
    assert_eq!(refused().await, Some(2));
    assert!(
        limit
            .admit("192.0.2.8", "/sign-in/email", Some(SENSITIVE))
            .await
            .is_ok(),
        "another client is another key"
    );
    fake.clock.advance(TimeDelta::milliseconds(1));
    assert_eq!(refused().await, None);
}
