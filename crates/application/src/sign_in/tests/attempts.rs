use portcullis_domain::rate_limit::Refused;

use super::*;

const REFUSED: Refused = Refused { retry_after: 600 };

/// What is asked of the counts before anything is compared, and their answer.
pub(super) fn attempt(refused: Option<Refused>) -> FakeUnitOfWork {
    let mut unit = FakeUnitOfWork::default();
    unit.rate_limits
        .expect_admit()
        .withf(|key, rule, now| {
            key.starts_with("failed-sign-in|") && !key.contains("ada") && rule.max == 20 && *now == start()
        })
        .once()
        .return_once(move |_, _, _| Ok(refused));
    unit
}

/// From where an attempt comes when the account's budget is used up.
#[derive(Clone, Copy, PartialEq)]
enum From {
    Stranger,
    KnownAddress,
    KnownAddressThatIsUsedUp,
}

fn refused_attempt(from: From) -> FakeUnitOfWork {
    let mut unit = attempt(Some(REFUSED));
    let is_known = from != From::Stranger;
    if is_known {
        let refused = (from == From::KnownAddressThatIsUsedUp).then_some(REFUSED);
        unit.rate_limits
            .expect_admit()
            .withf(|key, rule, _| key.starts_with("failed-sign-in-from|192.0.2.7|") && rule.max == 20)
            .once()
            .return_once(move |_, _, _| Ok(refused));
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

/// A unit of work in which a session is stored, the attempts are forgotten and the address is noted.
fn counted_entry() -> FakeUnitOfWork {
    let mut unit = entry();
    unit.expect_forgotten_failures("192.0.2.7");
    unit
}

#[tokio::test]
async fn a_good_sign_in_is_held_against_nobody_and_makes_its_address_known() {
    let reads = vec![attempt(None), look(Some("plain:password1"))];
    let fake = FakePorts::around(FakeStore::new(reads, vec![counted_entry()]));
    assert!(sign_in(&fake, limited(), command("password1")).await.is_ok());
    assert!(fake.store.has_committed());
}

#[tokio::test]
async fn a_wrong_password_stays_counted() {
    let reads = vec![attempt(None), look(Some("plain:password1"))];
    let fake = FakePorts::around(FakeStore::new(reads, Vec::new()));
    let error = sign_in(&fake, limited(), command("password2")).await.unwrap_err();
    assert!(matches!(error, SignInError::InvalidCredentials));
    assert!(!fake.store.has_committed());
}

#[tokio::test]
async fn an_attempt_too_many_is_refused_before_any_work_and_leaves_at_the_floor() {
    let fake = FakePorts::around(FakeStore::new(vec![refused_attempt(From::Stranger)], Vec::new()));
    let error = sign_in(&fake, limited(), command("password1")).await.unwrap_err();
    assert!(matches!(error, SignInError::TooManyAttempts(REFUSED)));
    assert_eq!(fake.hasher.work(), 0);
    assert_eq!(fake.clock.slept(), [FLOOR]);
}

#[tokio::test]
async fn an_address_that_is_known_is_not_locked_out_by_strangers() {
    let reads = vec![refused_attempt(From::KnownAddress), look(Some("plain:password1"))];
    let fake = FakePorts::around(FakeStore::new(reads, vec![counted_entry()]));
    assert!(sign_in(&fake, limited(), command("password1")).await.is_ok());
}

/// An attacker behind the same address, or one who has signed in once, must not guess for ever.
#[tokio::test]
async fn a_known_address_has_a_limit_of_its_own() {
    let reads = vec![refused_attempt(From::KnownAddressThatIsUsedUp)];
    let fake = FakePorts::around(FakeStore::new(reads, Vec::new()));
    let error = sign_in(&fake, limited(), command("password1")).await.unwrap_err();
    assert!(matches!(error, SignInError::TooManyAttempts(REFUSED)));
    assert_eq!(fake.hasher.work(), 0);
}

/// Whoever comes through the same proxy would be known as well.
#[tokio::test]
async fn an_address_that_others_share_is_neither_known_nor_noted() {
    let mut unit = entry();
    unit.rate_limits.expect_forget().once().return_once(|_| Ok(()));
    let reads = vec![
        attempt(Some(REFUSED)),
        attempt(None),
        look(Some("plain:password1")),
    ];
    let fake = FakePorts::around(FakeStore::new(reads, vec![unit]));
    let shared = RequestContext {
        is_address_shared: true,
        ..context()
    };
    let signing_in = SignIn::new(&fake.ports, limited());
    let error = signing_in
        .with_email(command("password1"), &shared)
        .await
        .unwrap_err();
    assert!(matches!(error, SignInError::TooManyAttempts(REFUSED)));
    assert!(signing_in.with_email(command("password1"), &shared).await.is_ok());
}
