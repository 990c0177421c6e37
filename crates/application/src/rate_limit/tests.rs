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

/// A database that expects a request with this key and rule, and returns this decision.
fn database(key: &'static str, rule: Rule, decision: Decision) -> FakeStore {
    let mut read = FakeUnitOfWork::default();
    read.rate_limits
        .expect_count()
        .withf(move |asked, by, now| asked == key && *by == rule && *now == start())
        .once()
        .return_once(move |_, _, _| Ok(decision));
    FakeStore::new(vec![read], Vec::new())
}

/// The rule that the route of a path declares in these tests.
fn own(path: &str) -> Option<Rule> {
    path.starts_with("/sign-in").then_some(SENSITIVE)
}

/// A client without a session.
const fn at(address: &str) -> Client<'_> {
    Client {
        address,
        session: None,
    }
}

async fn allowed(limit: &RateLimit, address: &str, path: &str) -> usize {
    let mut allowed = 0;
    while allowed < 200 && limit.check(at(address), path, own(path)).await.is_ok() {
        allowed += 1;
    }
    allowed
}

#[tokio::test]
async fn a_path_with_a_rule_of_its_own_is_counted_in_the_database_by_better_auths_key() {
    let per_minute = Rule {
        window: TimeDelta::seconds(60),
        max: 3,
    };
    for rule in [SENSITIVE, per_minute] {
        let denied = Decision::Denied(Denied { retry_after: 7 });
        let fake = FakePorts::with_store(database("192.0.2.7|/sign-in/email", rule, denied));
        let limit = RateLimit::new(&fake.ports, Some(options(None, &[])), [rule]);
        let outcome = limit.check(at("192.0.2.7"), "/sign-in/email", Some(rule)).await;
        let error = outcome.unwrap_err();
        assert!(matches!(
            error,
            RateLimitError::TooManyRequests(Denied { retry_after: 7 })
        ));
    }
}

#[tokio::test]
async fn other_paths_are_counted_in_memory_for_each_address_and_path() {
    let fake = FakePorts::with_store(FakeStore::default());
    let limit = RateLimit::new(&fake.ports, Some(options(None, &[])), [SENSITIVE]);
    assert_eq!(allowed(&limit, "192.0.2.7", "/get-session").await, 100);
    assert_eq!(allowed(&limit, "192.0.2.8", "/get-session").await, 100);
    assert_eq!(allowed(&limit, "192.0.2.7", "/ok").await, 100);

    fake.clock.advance(TimeDelta::milliseconds(10_001));
    assert_eq!(allowed(&limit, "192.0.2.7", "/get-session").await, 100);
}

#[tokio::test]
async fn a_configured_storage_counts_all_paths() {
    let fake = FakePorts::with_store(FakeStore::default());
    let limit = RateLimit::new(
        &fake.ports,
        Some(options(Some(Storage::Memory), &[])),
        [SENSITIVE],
    );
    assert_eq!(allowed(&limit, "192.0.2.7", "/sign-in/email").await, 3);

    let fake = FakePorts::with_store(database("192.0.2.7|/ok", GENERAL, Decision::Allowed));
    let limit = RateLimit::new(
        &fake.ports,
        Some(options(Some(Storage::Database), &[])),
        [SENSITIVE],
    );
    assert!(limit.check(at("192.0.2.7"), "/ok", None).await.is_ok());
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
    assert_eq!(allowed(&limit, "192.0.2.7", "/sign-in/email").await, 200);
    assert_eq!(allowed(&limit, "192.0.2.7", "/get-session").await, 1);
    assert_eq!(allowed(&limit, "192.0.2.7", "/get-else").await, 200);
}

#[tokio::test]
async fn without_options_nothing_is_counted() {
    let fake = FakePorts::with_store(FakeStore::default());
    let limit = RateLimit::new(&fake.ports, None, [SENSITIVE]);
    assert_eq!(allowed(&limit, "192.0.2.7", "/sign-in/email").await, 200);
}

#[tokio::test]
async fn requests_for_unknown_paths_share_one_count_in_memory() {
    let fake = FakePorts::with_store(FakeStore::default());
    let limit = RateLimit::new(
        &fake.ports,
        Some(options(Some(Storage::Database), &[])),
        [SENSITIVE],
    );
    let allowed = |address| {
        (0..200)
            .filter(|_| limit.check_unmatched(address).is_ok())
            .count()
    };
    assert_eq!(allowed("192.0.2.7"), 100);
    assert_eq!(allowed("192.0.2.8"), 100);

    let off = RateLimit::new(&fake.ports, None, [SENSITIVE]);
    assert!((0..200).all(|_| off.check_unmatched("192.0.2.7").is_ok()));
}

#[tokio::test]
async fn the_database_is_not_queried_while_a_denial_is_certain() {
    let ask = |decision| {
        let mut read = FakeUnitOfWork::default();
        let counts = read.rate_limits.expect_count().once();
        counts.return_once(move |_, _, _| Ok(decision));
        read
    };
    let denied = Decision::Denied(Denied { retry_after: 7 });
    let reads = vec![ask(denied), ask(Decision::Allowed), ask(Decision::Allowed)];
    let fake = FakePorts::with_store(FakeStore::new(reads, Vec::new()));
    let limit = RateLimit::new(&fake.ports, Some(options(None, &[])), [SENSITIVE]);
    let retry_after = async || match limit
        .check(at("192.0.2.7"), "/sign-in/email", Some(SENSITIVE))
        .await
    {
        Err(RateLimitError::TooManyRequests(denied)) => Some(denied.retry_after),
        outcome => outcome.map(|()| None).unwrap(),
    };
    assert_eq!(retry_after().await, Some(7));
    fake.clock.advance(TimeDelta::milliseconds(1500));
    assert_eq!(retry_after().await, Some(6));
    fake.clock.advance(TimeDelta::milliseconds(4499));
    assert_eq!(retry_after().await, Some(2));
    assert!(
        limit
            .check(at("192.0.2.8"), "/sign-in/email", Some(SENSITIVE))
            .await
            .is_ok(),
        "another client is another key"
    );
    fake.clock.advance(TimeDelta::milliseconds(1));
    assert_eq!(retry_after().await, None);
}
