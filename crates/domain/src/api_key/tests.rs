//! Tests of the rules of API keys.

use serde_json::json;

use super::*;

const NOW: i64 = 1_800_000_000_000;

fn at(milliseconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(NOW + milliseconds).unwrap()
}

fn policy() -> KeyPolicy {
    KeyPolicy {
        length: 8,
        default_prefix: Some("app_".to_owned()),
        prefix_length: 1..=4,
        name_length: 2..=5,
        requires_name: false,
        has_metadata: true,
        start_length: Some(6),
        default_lifetime: None,
        may_choose_lifetime: true,
        lifetime: TimeDelta::days(1)..=TimeDelta::days(365),
        rate_limit: KeyRateLimit {
            is_enabled: true,
            window: 1000,
            max: 2,
        },
        default_permissions: Some(Statements::of(&[("file", &["read"])])),
        is_hashed: true,
        max_per_user: 10,
    }
}

fn key_of(new: NewKey) -> ApiKey {
    ApiKey::new(
        (Id::new("key-1"), UserId::new("user-1")),
        (
            &Secret::new("app_abcdefgh".to_owned()),
            Secret::new("digest".to_owned()),
        ),
        new,
        &policy(),
        at(0),
    )
}

fn key() -> ApiKey {
    key_of(NewKey::default())
}

fn with_remaining(remaining: i32, refill: Refill) -> ApiKey {
    key_of(NewKey {
        privileges: KeyPrivileges {
            remaining: Some(remaining),
            refill,
            ..KeyPrivileges::default()
        },
        ..NewKey::default()
    })
}

fn check(key: &ApiKey, milliseconds: i64) -> Result<KeyUsage, KeyRefusal> {
    key.check(None, RateLimiting::On, at(milliseconds))
}

#[test]
fn a_new_key_has_the_defaults_of_the_policy() {
    let key = key();
    assert_eq!(key.start.as_deref(), Some("app_ab"));
    assert_eq!(key.prefix.as_deref(), Some("app_"));
    assert_eq!(key.is_enabled, Some(true));
    assert_eq!(key.expires_at, None);
    let limit = OwnRateLimit {
        is_enabled: Some(true),
        window: Some(1000),
        max: Some(2),
    };
    assert_eq!(key.rate_limit, limit);
    assert_eq!(key.permissions, policy().default_permissions);
    assert_eq!(key.usage.remaining, None);
}

#[test]
fn a_key_expires_after_its_lifetime() {
    let mut key = key_of(NewKey {
        lifetime: Some(TimeDelta::seconds(1)),
        ..NewKey::default()
    });
    assert!(check(&key, 1000).is_ok());
    assert_eq!(check(&key, 1001), Err(KeyRefusal::Expired));
    key.is_enabled = Some(false);
    assert_eq!(check(&key, 1001), Err(KeyRefusal::Disabled));
    key.is_enabled = None;
    assert!(check(&key, 0).is_ok(), "rows of other programs may have no value");
}

#[test]
fn a_key_is_accepted_only_for_what_it_permits() {
    let mut key = key();
    let read = Statements::of(&[("file", &["read"])]);
    let write = Statements::of(&[("file", &["read", "write"])]);
    let asked = |key: &ApiKey, wanted| key.check(Some(wanted), RateLimiting::On, at(0));
    assert!(asked(&key, &read).is_ok());
    assert_eq!(asked(&key, &write), Err(KeyRefusal::NotPermitted));
    let nothing = Statements::default();
    assert_eq!(asked(&key, &nothing), Err(KeyRefusal::NotPermitted));
    key.permissions = None;
    assert_eq!(asked(&key, &read), Err(KeyRefusal::NotPermitted));
}

#[test]
fn each_use_takes_one_of_the_remaining_ones() {
    let mut key = with_remaining(1, Refill::default());
    key.usage = check(&key, 0).unwrap();
    assert_eq!(key.usage.remaining, Some(0));
    let refusal = KeyRefusal::Exhausted { is_final: true };
    assert_eq!(check(&key, 0), Err(refusal));
    key.usage.remaining = Some(-1);
    let refusal = KeyRefusal::Exhausted { is_final: false };
    assert_eq!(check(&key, 0), Err(refusal));
}

#[test]
fn the_remaining_uses_are_refilled_after_the_interval() {
    let refill = Refill {
        interval: Some(500),
        amount: Some(3),
    };
    let mut key = with_remaining(1, refill);
    key.rate_limit.is_enabled = Some(false);
    key.usage = check(&key, 500).unwrap();
    assert_eq!((key.usage.remaining, key.usage.last_refill_at), (Some(0), None));
    let refusal = KeyRefusal::Exhausted { is_final: false };
    assert_eq!(check(&key, 500), Err(refusal));
    key.usage = check(&key, 501).unwrap();
    assert_eq!(
        (key.usage.remaining, key.usage.last_refill_at),
        (Some(2), Some(at(501)))
    );
    key.usage = check(&key, 1001).unwrap();
    assert_eq!(key.usage.remaining, Some(1), "the next refill is not due yet");
}

#[test]
fn a_key_is_limited_until_its_window_has_passed_since_the_last_use() {
    let mut key = key();
    for milliseconds in [0, 900] {
        key.usage = check(&key, milliseconds).unwrap();
    }
    assert_eq!(key.usage.request_count, Some(2));
    let retry_after = TimeDelta::milliseconds(900);
    assert_eq!(check(&key, 1000), Err(KeyRefusal::RateLimited { retry_after }));
    let usage = check(&key, 1901).unwrap();
    assert_eq!(
        (usage.request_count, usage.last_request),
        (Some(1), Some(at(1901)))
    );
}

#[test]
fn a_key_without_a_limit_is_not_counted() {
    let mut key = key();
    key.usage.request_count = Some(9);
    let usage = key.check(None, RateLimiting::Off, at(5)).unwrap();
    assert_eq!((usage.request_count, usage.last_request), (Some(9), Some(at(5))));
    key.rate_limit.window = None;
    let usage = check(&key, 5).unwrap();
    assert_eq!(usage, key.usage, "as in Better Auth, the use is not recorded");
}

#[test]
fn lifetimes_and_lengths_have_limits() {
    let policy = policy();
    for (seconds, expected) in [
        (86_399, Err(ExpiryRejection::TooShort)),
        (86_400, Ok(())),
        (31_536_000, Ok(())),
        (31_536_001, Err(ExpiryRejection::TooLong)),
    ] {
        assert_eq!(policy.check_lifetime(TimeDelta::seconds(seconds)), expected);
    }
    let fixed = KeyPolicy {
        may_choose_lifetime: false,
        ..policy.clone()
    };
    let rejected = fixed.check_lifetime(TimeDelta::days(2));
    assert_eq!(rejected, Err(ExpiryRejection::NotChoosable));
    assert!(policy.check_name("a").is_err() && policy.check_name("ab").is_ok());
    assert!(policy.check_name("abcde").is_ok() && policy.check_name("abcdef").is_err());
    assert!(policy.check_prefix("abcd").is_ok() && policy.check_prefix("abcde").is_err());
    assert!(policy.may_be_key("12345678") && !policy.may_be_key("1234567"));
}

#[test]
fn stored_metadata_is_read_in_both_forms() {
    for (stored, expected) in [
        (None, json!(null)),
        (Some("null"), json!(null)),
        (Some(r#"{"a":1}"#), json!({ "a": 1 })),
        (Some(r#""{\"a\":1}""#), json!({ "a": 1 })),
        (Some(r#""no json""#), json!(null)),
        (Some("{"), json!(null)),
    ] {
        assert_eq!(ApiKey::metadata_of_stored(stored), expected, "{stored:?}");
    }
}

#[test]
fn stored_permissions_are_lists_of_actions() {
    let permissions = Statements::of(&[("file", &["read", "write"]), ("user", &[])]);
    let json = ApiKey::permissions_as_json(&permissions);
    assert_eq!(json, json!({ "file": ["read", "write"], "user": [] }));
    assert_eq!(
        ApiKey::permissions_of_stored(&json.to_string()),
        Some(permissions)
    );
    for other in ["null", "[]", "{", r#"{"file":"read"}"#, r#"{"file":[1]}"#] {
        assert_eq!(ApiKey::permissions_of_stored(other), None, "{other}");
    }
}
