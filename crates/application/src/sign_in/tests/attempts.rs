use portcullis_domain::rate_limit::{Decision, Denied};

use super::*;

const DENIED: Denied = Denied { retry_after: 600 };

/// A read that counts an attempt before the password is compared, with this result.
pub(super) fn attempt(decision: Decision) -> FakeUnitOfWork {
    let mut unit = FakeUnitOfWork::default();
    unit.rate_limits
        .expect_count()
        .withf(|key, rule, now| {
            key.starts_with("failed-sign-in|") && !key.contains("ada") && rule.max == 20 && *now == start()
        })
        .once()
        .return_once(move |_, _, _| Ok(decision));
    unit
}

/// The client of an attempt when the account's budget is used up.
#[derive(Clone, Copy, PartialEq)]
enum Client {
    UnknownAddress,
    KnownAddress,
    KnownAddressOverLimit,
}

fn denied_attempt(client: Client) -> FakeUnitOfWork {
    let mut unit = attempt(Decision::Denied(DENIED));
    let is_known = client != Client::UnknownAddress;
    if is_known {
        let decision = match client {
            Client::KnownAddressOverLimit => Decision::Denied(DENIED),
            Client::UnknownAddress | Client::KnownAddress => Decision::Allowed,
        };
        unit.rate_limits
            .expect_count()
            .withf(|key, rule, _| key.starts_with("failed-sign-in-from|192.0.2.7|") && rule.max == 20)
            .once()
            .return_once(move |_, _, _| Ok(decision));
    }
    unit.known_addresses
        .expect_is_known()
        .withf(|email, address, since| {
            email.as_str() == "ada@example.com"
                && address == "192.0.2.7"
                && *since == start() - TimeDelta::days(30)
        })
        .once()
        .return_once(move |_, _, _| Ok(is_known));
    unit
}

/// A unit of work that stores a session, deletes the counts of failures and stores the IP address as known.
fn counted_sign_in() -> FakeUnitOfWork {
    let mut unit = starting_session();
    unit.expect_forgotten_failures("192.0.2.7");
    unit
}

#[tokio::test]
async fn a_successful_sign_in_deletes_the_counts_and_makes_its_ip_address_known() {
    let reads = vec![attempt(Decision::Allowed), read_user(Some("plain:password1"))];
    let fake = FakePorts::with_store(FakeStore::new(reads, vec![counted_sign_in()]));
    assert!(sign_in(&fake, limited(), command("password1")).await.is_ok());
    assert!(fake.store.has_committed());
}

#[tokio::test]
async fn a_wrong_password_stays_counted() {
    let reads = vec![attempt(Decision::Allowed), read_user(Some("plain:password1"))];
    let fake = FakePorts::with_store(FakeStore::new(reads, Vec::new()));
    let error = sign_in(&fake, limited(), command("password2")).await.unwrap_err();
    assert!(matches!(error, SignInError::InvalidCredentials));
    assert!(!fake.store.has_committed());
}

#[tokio::test]
async fn an_attempt_over_the_limit_is_rejected_before_hashing_after_the_minimum_time() {
    let fake = FakePorts::with_store(FakeStore::new(
        vec![denied_attempt(Client::UnknownAddress)],
        Vec::new(),
    ));
    let error = sign_in(&fake, limited(), command("password1")).await.unwrap_err();
    assert!(matches!(error, SignInError::TooManyAttempts(DENIED)));
    assert_eq!(fake.hasher.work(), 0);
    assert_eq!(fake.clock.slept(), [FLOOR]);
}

#[tokio::test]
async fn strangers_cannot_lock_out_a_known_ip_address() {
    let reads = vec![
        denied_attempt(Client::KnownAddress),
        read_user(Some("plain:password1")),
    ];
    let fake = FakePorts::with_store(FakeStore::new(reads, vec![counted_sign_in()]));
    assert!(sign_in(&fake, limited(), command("password1")).await.is_ok());
}

/// An attacker with the same IP address, or one who has signed in once, must not be able to guess without limit.
#[tokio::test]
async fn a_known_ip_address_has_its_own_limit() {
    let reads = vec![denied_attempt(Client::KnownAddressOverLimit)];
    let fake = FakePorts::with_store(FakeStore::new(reads, Vec::new()));
    let error = sign_in(&fake, limited(), command("password1")).await.unwrap_err();
    assert!(matches!(error, SignInError::TooManyAttempts(DENIED)));
    assert_eq!(fake.hasher.work(), 0);
}

/// Otherwise every client of the same proxy would be known.
#[tokio::test]
async fn a_shared_ip_address_is_neither_treated_nor_stored_as_known() {
    let mut unit = starting_session();
    unit.rate_limits.expect_delete().once().return_once(|_| Ok(()));
    let reads = vec![
        attempt(Decision::Denied(DENIED)),
        attempt(Decision::Allowed),
        read_user(Some("plain:password1")),
    ];
    let fake = FakePorts::with_store(FakeStore::new(reads, vec![unit]));
    let shared = RequestContext {
        is_ip_address_shared: true,
        ..context()
    };
    let signing_in = SignIn::new(&fake.ports, limited());
    let error = signing_in
        .with_email(command("password1"), &shared)
        .await
        .unwrap_err();
    assert!(matches!(error, SignInError::TooManyAttempts(DENIED)));
    assert!(signing_in.with_email(command("password1"), &shared).await.is_ok());
}
