//! Choice and caching of the signing key.

use std::sync::OnceLock;

use futures_util::FutureExt;

use super::*;

#[tokio::test]
async fn the_newest_key_signs_and_is_cached_for_half_a_minute() {
    let newest = || vec![a_key("new", Algorithm::EdDsa), a_key("old", Algorithm::EdDsa)];
    let newer = vec![a_key("newer", Algorithm::EdDsa), a_key("new", Algorithm::EdDsa)];
    let reads = vec![listing(newest()), listing(newer)];
    let fake = FakePorts::with_store(FakeStore::new(reads, Vec::new()));
    let jwt = Jwt::new(&fake.ports, options());
    assert_eq!(signed_by(&jwt).await, "EdDSA.new");
    fake.clock
        .advance(TimeDelta::seconds(30) - TimeDelta::milliseconds(1));
    assert_eq!(signed_by(&jwt).await, "EdDSA.new");
    fake.clock.advance(TimeDelta::milliseconds(1));
    assert_eq!(signed_by(&jwt).await, "EdDSA.newer");
}

#[tokio::test]
async fn while_one_request_reads_the_keys_others_use_the_cached_key() {
    let other = Arc::new(OnceLock::<Arc<Jwt>>::new());
    let requests_meanwhile = Arc::clone(&other);
    let mut looking = FakeUnitOfWork::default();
    looking.jwks.expect_list().once().return_once(move || {
        let meanwhile = token(requests_meanwhile.get().unwrap()).now_or_never();
        assert!(
            meanwhile
                .expect("the request does not wait")
                .unwrap()
                .starts_with("EdDSA.old.")
        );
        Ok(vec![a_key("new", Algorithm::EdDsa)])
    });
    let reads = vec![listing(vec![a_key("old", Algorithm::EdDsa)]), looking];
    let fake = FakePorts::with_store(FakeStore::new(reads, Vec::new()));
    let jwt = Arc::new(Jwt::new(&fake.ports, options()));
    assert!(other.set(Arc::clone(&jwt)).is_ok());
    assert_eq!(signed_by(&jwt).await, "EdDSA.old");
    fake.clock.advance(TimeDelta::seconds(30));
    assert_eq!(signed_by(&jwt).await, "EdDSA.new");
}

#[tokio::test]
async fn if_reading_the_keys_fails_the_cached_key_is_used_for_a_minute_in_all() {
    let away = || {
        let mut unit = FakeUnitOfWork::default();
        let list = unit.jwks.expect_list().once();
        list.return_once(|| Err(Failure::unavailable("unreachable")));
        unit
    };
    let reads = vec![listing(vec![a_key("K", Algorithm::EdDsa)]), away(), away()];
    let fake = FakePorts::with_store(FakeStore::new(reads, Vec::new()));
    let jwt = Jwt::new(&fake.ports, options());
    assert_eq!(signed_by(&jwt).await, "EdDSA.K");
    fake.clock
        .advance(TimeDelta::minutes(1) - TimeDelta::milliseconds(1));
    assert_eq!(signed_by(&jwt).await, "EdDSA.K");
    fake.clock.advance(TimeDelta::milliseconds(1));
    assert!(token(&jwt).await.unwrap_err().is_unavailable());
}

#[tokio::test]
async fn a_new_key_signs_only_once_verifiers_can_know_it() {
    let keys = || {
        let new = StoredKey {
            created_at: start(),
            ..a_key("new", Algorithm::EdDsa)
        };
        let old = ending(a_key("old", Algorithm::EdDsa), TimeDelta::days(1));
        vec![new, old]
    };
    let reads = vec![listing(keys()), listing(keys())];
    let fake = FakePorts::with_store(FakeStore::new(reads, Vec::new()));
    let jwt = Jwt::new(&fake.ports, options());
    assert_eq!(signed_by(&jwt).await, "EdDSA.old");
    fake.clock.advance(TimeDelta::minutes(6));
    assert_eq!(signed_by(&jwt).await, "EdDSA.new");
}

#[tokio::test]
async fn a_clock_that_is_set_back_does_not_prolong_the_caching_of_a_key() {
    let reads = vec![
        listing(vec![a_key("one", Algorithm::EdDsa)]),
        listing(vec![a_key("two", Algorithm::EdDsa)]),
    ];
    let fake = FakePorts::with_store(FakeStore::new(reads, Vec::new()));
    let jwt = Jwt::new(&fake.ports, options());
    assert_eq!(signed_by(&jwt).await, "EdDSA.one");
    fake.clock.advance(TimeDelta::milliseconds(-1));
    assert_eq!(signed_by(&jwt).await, "EdDSA.two");
}

#[tokio::test]
async fn a_cached_key_signs_nothing_after_it_expires() {
    let key = ending(a_key("old", Algorithm::EdDsa), TimeDelta::seconds(30));
    let reads = vec![
        listing(vec![key.clone()]),
        listing(vec![a_key("next", Algorithm::EdDsa), key]),
    ];
    let fake = FakePorts::with_store(FakeStore::new(reads, Vec::new()));
    let jwt = Jwt::new(&fake.ports, options());
    fake.clock
        .advance(TimeDelta::seconds(30) - TimeDelta::milliseconds(1));
    assert_eq!(signed_by(&jwt).await, "EdDSA.old");
    fake.clock.advance(TimeDelta::milliseconds(1));
    assert_eq!(signed_by(&jwt).await, "EdDSA.next");
}

/// Better Auth signs with the option's algorithm, and returns 500 once that is changed.
#[tokio::test]
async fn the_stored_keys_algorithm_is_used_and_not_the_options() {
    for algorithm in Algorithm::ALL {
        let reads = vec![listing(vec![a_key("K", algorithm)])];
        let fake = FakePorts::with_store(FakeStore::new(reads, Vec::new()));
        let jwt = Jwt::new(&fake.ports, options());
        assert_eq!(signed_by(&jwt).await, format!("{}.K", algorithm.name()));
    }
}

#[tokio::test]
async fn an_rsa_key_without_alg_signs_by_the_options_rsa_algorithm() {
    let key = StoredKey {
        public: json!({ "kty": "RSA" }).to_string(),
        ..a_key("K", Algorithm::Ps256)
    };
    let fake = FakePorts::with_store(FakeStore::new(vec![listing(vec![key])], Vec::new()));
    let rsa = JwtOptions {
        algorithm: Algorithm::Ps256,
        ..options()
    };
    assert_eq!(signed_by(&Jwt::new(&fake.ports, rsa)).await, "PS256.K");
}

#[tokio::test]
async fn a_private_key_that_is_stored_unencrypted_signs_and_is_not_encrypted() {
    let key = StoredKey {
        private: Secret::new(json!({ "d": "EdDSA" }).to_string()),
        ..a_key("K", Algorithm::EdDsa)
    };
    let fake = FakePorts::with_store(FakeStore::new(vec![listing(vec![key])], Vec::new()));
    assert_eq!(signed_by(&Jwt::new(&fake.ports, options())).await, "EdDSA.K");
}

#[tokio::test]
async fn a_key_is_re_encrypted_only_if_its_secret_is_old_and_re_encryption_is_on() {
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
        let fake = FakePorts::with_store(FakeStore::new(reads, Vec::new()));
        let options = JwtOptions {
            re_encrypts,
            ..options()
        };
        assert_eq!(signed_by(&Jwt::new(&fake.ports, options)).await, "EdDSA.K");
    }
}

#[tokio::test]
async fn the_newest_key_is_opened_without_re_encryption_if_it_may_sign() {
    let sealed = |seal| StoredKey {
        private: sealed_by(seal, Algorithm::EdDsa),
        ..a_key("K", Algorithm::EdDsa)
    };
    let old = || a_key("old", Algorithm::EdDsa);
    for (keys, is_opened) in [
        (vec![], None),
        (vec![ending(old(), TimeDelta::zero())], None),
        (vec![old()], Some(true)),
        (vec![sealed("stale")], Some(true)),
        (vec![sealed("another secret"), old()], Some(false)),
    ] {
        let fake = FakePorts::with_store(FakeStore::new(vec![listing(keys)], Vec::new()));
        let jwt = Jwt::new(&fake.ports, options());
        let opened = jwt.opens_newest_keys().await.unwrap();
        assert_eq!(opened, [(Algorithm::EdDsa, is_opened)]);
    }
}

/// Another replica re-encrypted or deleted it at the same time: it still signs here.
#[tokio::test]
async fn a_key_that_changed_before_its_re_encryption_still_signs() {
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
    let fake = FakePorts::with_store(FakeStore::new(vec![listing(vec![key]), replacing], Vec::new()));
    assert_eq!(signed_by(&Jwt::new(&fake.ports, options())).await, "EdDSA.K");
}

#[tokio::test]
async fn an_unreachable_store_is_a_failure_and_the_next_token_reads_the_keys_again() {
    let mut away = FakeUnitOfWork::default();
    away.jwks
        .expect_list()
        .once()
        .return_once(|| Err(Failure::unavailable("unreachable")));
    let reads = vec![away, listing(vec![a_key("K", Algorithm::EdDsa)])];
    let fake = FakePorts::with_store(FakeStore::new(reads, Vec::new()));
    let jwt = Jwt::new(&fake.ports, options());
    assert!(token(&jwt).await.unwrap_err().is_unavailable());
    assert_eq!(signed_by(&jwt).await, "EdDSA.K");
}

#[test]
fn the_option_decides_whether_responses_carry_a_jwt() {
    let fake = FakePorts::with_store(FakeStore::default());
    for sets_header in [true, false] {
        let options = JwtOptions {
            sets_header,
            ..options()
        };
        assert_eq!(Jwt::new(&fake.ports, options).sets_header(), sets_header);
    }
}
