use portcullis_domain::rate_limit::{Decision, Denied};

use super::*;
use crate::testing::fixtures::limited_credential_options;

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

/// A setup with a limit on failed sign-ins.
pub(super) fn limited() -> Setup {
    let mut setup = Setup::default();
    setup.services.credentials = limited_credential_options();
    setup
}

/// The reads of an attempt that is counted: of the user, this count, and of the account.
pub(super) fn counted(count: FakeUnitOfWork) -> Vec<FakeUnitOfWork> {
    vec![
        read_user(Some(a_user())),
        count,
        read_account(Some("plain:password1")),
    ]
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
    let reads = counted(attempt(Decision::Allowed));
    let fake = FakePorts::with_store(FakeStore::new(reads, vec![counted_sign_in()]));
    assert!(sign_in(&fake, limited(), command("password1")).await.is_ok());
    assert!(fake.store.has_committed());
}

#[tokio::test]
async fn a_wrong_password_stays_counted() {
    let reads = counted(attempt(Decision::Allowed));
    let fake = FakePorts::with_store(FakeStore::new(reads, Vec::new()));
    let error = sign_in(&fake, limited(), command("password2")).await.unwrap_err();
    assert!(matches!(error, SignInError::InvalidCredentials));
    assert!(!fake.store.has_committed());
}

#[tokio::test]
async fn an_attempt_over_the_limit_is_rejected_before_hashing_after_the_minimum_time() {
    let fake = FakePorts::with_store(FakeStore::new(
        vec![read_user(Some(a_user())), denied_attempt(Client::UnknownAddress)],
        Vec::new(),
    ));
    let error = sign_in(&fake, limited(), command("password1")).await.unwrap_err();
    assert!(matches!(error, SignInError::TooManyAttempts(DENIED)));
    assert_eq!(fake.hasher.work(), 0);
    assert_eq!(fake.clock.slept(), [FLOOR]);
}

#[tokio::test]
async fn strangers_cannot_lock_out_a_known_ip_address() {
    let reads = counted(denied_attempt(Client::KnownAddress));
    let fake = FakePorts::with_store(FakeStore::new(reads, vec![counted_sign_in()]));
    assert!(sign_in(&fake, limited(), command("password1")).await.is_ok());
}

/// An attacker with the same IP address, or one who has signed in once, must not be able to guess without limit.
#[tokio::test]
async fn a_known_ip_address_has_its_own_limit() {
    let reads = vec![
        read_user(Some(a_user())),
        denied_attempt(Client::KnownAddressOverLimit),
    ];
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
    let mut reads = vec![read_user(Some(a_user())), attempt(Decision::Denied(DENIED))];
    reads.extend(counted(attempt(Decision::Allowed)));
    let fake = FakePorts::with_store(FakeStore::new(reads, vec![unit]));
    let shared = RequestContext {
        is_ip_address_shared: true,
        ..context()
    };
    let signing_in = limited().use_case(&fake);
    let error = signing_in
        .with_email(command("password1"), &shared)
        .await
        .unwrap_err();
    assert!(matches!(error, SignInError::TooManyAttempts(DENIED)));
    assert!(signing_in.with_email(command("password1"), &shared).await.is_ok());
}

/// Otherwise the response would reveal whether a user has the address.
#[tokio::test]
async fn attempts_of_an_unknown_address_are_counted_in_the_same_way() {
    let mut count = attempt(Decision::Denied(DENIED));
    count
        .known_addresses
        .expect_is_known()
        .withf(|email, _, _| email.as_str() == "ada@example.com")
        .once()
        .return_once(|_, _, _| Ok(false));
    let fake = FakePorts::with_store(FakeStore::new(vec![read_user(None), count], Vec::new()));
    let error = sign_in(&fake, limited(), command("password1")).await.unwrap_err();
    assert!(matches!(error, SignInError::TooManyAttempts(DENIED)));
    assert_eq!((fake.hasher.work(), fake.clock.slept()), (0, vec![FLOOR]));
}
