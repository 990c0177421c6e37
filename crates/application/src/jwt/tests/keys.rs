//! Which key signs.

use std::sync::OnceLock;

use futures_util::FutureExt;

use super::*;

#[tokio::test]
async fn the_newest_key_signs_and_is_kept_at_hand_for_half_a_minute() {
    let newest = || vec![a_key("new", Algorithm::EdDsa), a_key("old", Algorithm::EdDsa)];
    let newer = vec![a_key("newer", Algorithm::EdDsa), a_key("new", Algorithm::EdDsa)];
    let reads = vec![listing(newest()), listing(newer)];
    let fake = FakePorts::around(FakeStore::new(reads, Vec::new()));
    let jwt = Jwt::new(&fake.ports, options());
    assert_eq!(signed_by(&jwt).await, "EdDSA.new");
    fake.clock
        .advance(TimeDelta::seconds(30) - TimeDelta::milliseconds(1));
    assert_eq!(signed_by(&jwt).await, "EdDSA.new");
    fake.clock.advance(TimeDelta::milliseconds(1));
    assert_eq!(signed_by(&jwt).await, "EdDSA.newer");
}

#[tokio::test]
async fn while_one_looks_others_go_on_with_the_key_at_hand() {
    let other = Arc::new(OnceLock::<Arc<Jwt>>::new());
    let asks_meanwhile = Arc::clone(&other);
    let mut looking = FakeUnitOfWork::default();
    looking.jwks.expect_list().once().return_once(move || {
        let meanwhile = token(asks_meanwhile.get().unwrap()).now_or_never();
        assert!(meanwhile.expect("it waits").unwrap().starts_with("EdDSA.old."));
        Ok(vec![a_key("new", Algorithm::EdDsa)])
    });
    let reads = vec![listing(vec![a_key("old", Algorithm::EdDsa)]), looking];
    let fake = FakePorts::around(FakeStore::new(reads, Vec::new()));
    let jwt = Arc::new(Jwt::new(&fake.ports, options()));
    assert!(other.set(Arc::clone(&jwt)).is_ok());
    assert_eq!(signed_by(&jwt).await, "EdDSA.old");
    fake.clock.advance(TimeDelta::seconds(30));
    assert_eq!(signed_by(&jwt).await, "EdDSA.new");
}

#[tokio::test]
async fn a_look_that_fails_leaves_the_key_at_hand_for_a_minute_in_all() {
    let away = || {
        let mut unit = FakeUnitOfWork::default();
        let list = unit.jwks.expect_list().once();
        list.return_once(|| Err(Failure::unavailable("away")));
        unit
    };
    let reads = vec![listing(vec![a_key("K", Algorithm::EdDsa)]), away(), away()];
    let fake = FakePorts::around(FakeStore::new(reads, Vec::new()));
    let jwt = Jwt::new(&fake.ports, options());
    assert_eq!(signed_by(&jwt).await, "EdDSA.K");
    fake.clock
        .advance(TimeDelta::minutes(1) - TimeDelta::milliseconds(1));
    assert_eq!(signed_by(&jwt).await, "EdDSA.K");
    fake.clock.advance(TimeDelta::milliseconds(1));
    assert!(token(&jwt).await.unwrap_err().is_unavailable());
}

#[tokio::test]
async fn a_new_key_signs_once_verifiers_can_know_it() {
    let keys = || {
        let new = StoredKey {
            created_at: start(),
            ..a_key("new", Algorithm::EdDsa)
        };
        let old = ending(a_key("old", Algorithm::EdDsa), TimeDelta::days(1));
        vec![new, old]
    };
    let reads = vec![listing(keys()), listing(keys())];
    let fake = FakePorts::around(FakeStore::new(reads, Vec::new()));
    let jwt = Jwt::new(&fake.ports, options());
    assert_eq!(signed_by(&jwt).await, "EdDSA.old");
    fake.clock.advance(TimeDelta::minutes(6));
    assert_eq!(signed_by(&jwt).await, "EdDSA.new");
}

#[tokio::test]
async fn a_clock_that_is_set_back_keeps_no_key_at_hand_for_longer() {
    let reads = vec![
        listing(vec![a_key("one", Algorithm::EdDsa)]),
        listing(vec![a_key("two", Algorithm::EdDsa)]),
    ];
    let fake = FakePorts::around(FakeStore::new(reads, Vec::new()));
    let jwt = Jwt::new(&fake.ports, options());
    assert_eq!(signed_by(&jwt).await, "EdDSA.one");
    fake.clock.advance(TimeDelta::milliseconds(-1));
    assert_eq!(signed_by(&jwt).await, "EdDSA.two");
}

#[tokio::test]
async fn a_key_at_hand_signs_nothing_from_its_end_on() {
    let key = ending(a_key("old", Algorithm::EdDsa), TimeDelta::seconds(30));
    let reads = vec![
        listing(vec![key.clone()]),
        listing(vec![a_key("next", Algorithm::EdDsa), key]),
    ];
    let fake = FakePorts::around(FakeStore::new(reads, Vec::new()));
    let jwt = Jwt::new(&fake.ports, options());
    fake.clock
        .advance(TimeDelta::seconds(30) - TimeDelta::milliseconds(1));
    assert_eq!(signed_by(&jwt).await, "EdDSA.old");
    fake.clock.advance(TimeDelta::milliseconds(1));
    assert_eq!(signed_by(&jwt).await, "EdDSA.next");
}

/// The reference signs with the option's algorithm, and answers 500 once that is changed.
#[tokio::test]
async fn the_algorithm_is_that_of_the_stored_key_and_not_of_the_option() {
    for algorithm in Algorithm::ALL {
        let reads = vec![listing(vec![a_key("K", algorithm)])];
        let fake = FakePorts::around(FakeStore::new(reads, Vec::new()));
        let jwt = Jwt::new(&fake.ports, options());
        assert_eq!(signed_by(&jwt).await, format!("{}.K", algorithm.name()));
    }
}

#[tokio::test]
async fn an_rsa_key_that_does_not_say_signs_by_the_option_where_that_is_for_rsa() {
    let key = StoredKey {
        public: json!({ "kty": "RSA" }).to_string(),
        ..a_key("K", Algorithm::Ps256)
    };
    let fake = FakePorts::around(FakeStore::new(vec![listing(vec![key])], Vec::new()));
    let rsa = JwtOptions {
        algorithm: Algorithm::Ps256,
        ..options()
    };
    assert_eq!(signed_by(&Jwt::new(&fake.ports, rsa)).await, "PS256.K");
}

#[tokio::test]
async fn a_private_key_that_is_stored_in_the_clear_signs_and_stays_so() {
    let key = StoredKey {
        private: Secret::new(json!({ "d": "EdDSA" }).to_string()),
        ..a_key("K", Algorithm::EdDsa)
    };
    let fake = FakePorts::around(FakeStore::new(vec![listing(vec![key])], Vec::new()));
    assert_eq!(signed_by(&Jwt::new(&fake.ports, options())).await, "EdDSA.K");
}

#[tokio::test]
async fn a_key_is_encrypted_anew_only_where_its_secret_is_an_old_one_and_others_know_the_new() {
    for (seal, re_encrypts, is_replaced) in [
        ("stale", true, true),
        ("stale", false, false),
        ("SigningKey", true, false),
    ] {
        let key = StoredKey {
            private: sealed_by(seal, Algorithm::EdDsa),
            ..a_key("K", Algorithm::EdDsa)
        };
        let mut reads = vec![listing(vec![key])];
        if is_replaced {
            let mut replacing = FakeUnitOfWork::default();
            replacing
                .jwks
                .expect_replace_private()
                .withf(|id, from, to| {
                    id.as_str() == "K"
                        && from.expose() == sealed_by("stale", Algorithm::EdDsa).expose()
                        && to.expose() == sealed_by("SigningKey", Algorithm::EdDsa).expose()
                })
                .once()
                .return_once(|_, _, _| Ok(true));
            reads.push(replacing);
        }
        let fake = FakePorts::around(FakeStore::new(reads, Vec::new()));
        let options = JwtOptions {
            re_encrypts,
            ..options()
        };
        assert_eq!(signed_by(&Jwt::new(&fake.ports, options)).await, "EdDSA.K");
    }
}

/// Another server has encrypted it anew at the same time, or it is gone: it signs here all the same.
#[tokio::test]
async fn a_key_that_is_no_longer_there_to_be_encrypted_anew_signs_still() {
    let key = StoredKey {
        private: sealed_by("stale", Algorithm::EdDsa),
        ..a_key("K", Algorithm::EdDsa)
    };
    let mut replacing = FakeUnitOfWork::default();
    replacing
        .jwks
        .expect_replace_private()
        .once()
        .return_once(|_, _, _| Ok(false));
    let fake = FakePorts::around(FakeStore::new(vec![listing(vec![key]), replacing], Vec::new()));
    assert_eq!(signed_by(&Jwt::new(&fake.ports, options())).await, "EdDSA.K");
}

#[tokio::test]
async fn a_store_that_is_away_is_a_failure_and_the_next_token_looks_again() {
    let mut away = FakeUnitOfWork::default();
    away.jwks
        .expect_list()
        .once()
        .return_once(|| Err(Failure::unavailable("away")));
    let reads = vec![away, listing(vec![a_key("K", Algorithm::EdDsa)])];
    let fake = FakePorts::around(FakeStore::new(reads, Vec::new()));
    let jwt = Jwt::new(&fake.ports, options());
    assert!(token(&jwt).await.unwrap_err().is_unavailable());
    assert_eq!(signed_by(&jwt).await, "EdDSA.K");
}

#[test]
fn whether_tokens_ride_along_is_the_options_to_say() {
    let fake = FakePorts::around(FakeStore::default());
    for rides_along in [true, false] {
        let options = JwtOptions {
            rides_along,
            ..options()
        };
        assert_eq!(Jwt::new(&fake.ports, options).rides_along(), rides_along);
    }
}
