//! Which keys are used, when they are read, and which requests wait for them.

use std::time::Duration;

use tokio::time::timeout;

use super::*;

impl Setup {
    /// Returns whether the token is accepted, without an answer of the provider.
    async fn accepts_at_once(&self, token: &Secret<String>) -> bool {
        timeout(Duration::from_secs(5), self.accepts(token))
            .await
            .unwrap()
    }

    async fn error(&self) -> ProviderError {
        let token = self.token("1");
        let result = self.verifier.verify(&self.rules(), &token, None).await;
        result.unwrap_err()
    }
}

#[tokio::test]
async fn keys_that_are_not_for_these_signatures_are_skipped() {
    let setup = Setup::new(vec![
        json!({ "kty": "oct", "kid": "1", "k": "AAAA" }),
        json!("no key"),
        published(Algorithm::Es256, "1", &json!({ "use": "enc" })),
        published(Algorithm::Es256, "2", &json!({ "alg": "ES384" })),
        published(
            Algorithm::Rs256,
            "3",
            &json!({ "alg": "RS256", "x5c": ["MIIB"], "key_ops": ["verify"] }),
        ),
        published(Algorithm::Rs256, "4", &json!({})),
    ])
    .await;
    let signed = |algorithm, kid| sign(algorithm, kid, &setup.claims(&json!({})));
    assert!(!setup.accepts(&signed(Algorithm::Es256, "1")).await);
    assert!(!setup.accepts(&signed(Algorithm::Es256, "2")).await);
    assert!(setup.accepts(&signed(Algorithm::Rs256, "3")).await);
    assert!(!setup.accepts(&signed(Algorithm::Ps256, "3")).await);
    assert!(setup.accepts(&signed(Algorithm::Rs256, "4")).await);
}

#[tokio::test]
async fn new_keys_are_read_when_a_token_names_one() {
    let setup = Setup::with_key().await;
    assert!(setup.accepts(&setup.token("1")).await);
    *setup.keys.lock().unwrap() = vec![published(Algorithm::Es256, "2", &json!({}))];
    assert!(!setup.accepts(&setup.token("2")).await);
    setup.clock.advance(TimeDelta::seconds(60));
    assert!(setup.accepts(&setup.token("2")).await);
    assert!(!setup.accepts(&setup.token("1")).await);
    assert_eq!(setup.requests(), 2);
}

#[tokio::test]
async fn many_tokens_with_unknown_keys_cause_one_request() {
    let setup = Setup::with_key().await;
    assert!(setup.accepts(&setup.token("1")).await);
    setup.clock.advance(TimeDelta::seconds(60));
    let tokens: Vec<_> = (0..30).map(|number| setup.token(&format!("x{number}"))).collect();
    let (a, b, c, d) = tokio::join!(
        setup.accepts(&tokens[0]),
        setup.accepts(&tokens[1]),
        setup.accepts(&tokens[2]),
        setup.accepts(&tokens[3]),
    );
    assert!(!a && !b && !c && !d);
    for token in &tokens {
        assert!(!setup.accepts(token).await);
    }
    assert_eq!(setup.requests(), 2);
}

#[tokio::test]
async fn parallel_first_sign_ins_cause_one_request() {
    let setup = Setup::with_key().await;
    let token = setup.token("1");
    let (a, b, c) = tokio::join!(
        setup.accepts(&token),
        setup.accepts(&token),
        setup.accepts(&token)
    );
    assert!(a && b && c);
    assert_eq!(setup.requests(), 1);
}

#[tokio::test]
async fn keys_survive_an_outage_of_a_day() {
    let setup = Setup::with_key().await;
    assert!(setup.accepts(&setup.token("1")).await);
    setup.is_down.store(true, Ordering::SeqCst);
    setup.clock.advance(TimeDelta::minutes(59));
    assert!(setup.accepts(&setup.token("1")).await);
    assert_eq!(setup.requests(), 1);
    setup.clock.advance(TimeDelta::minutes(1));
    assert!(setup.accepts(&setup.token("1")).await);
    assert!(setup.accepts(&setup.token("1")).await);
    assert_eq!(setup.requests(), 2);
    setup.clock.advance(TimeDelta::hours(23));
    let error = setup
        .verifier
        .verify(&setup.rules(), &setup.token("1"), None)
        .await;
    assert!(matches!(error, Err(ProviderError::Rejected(_))), "{error:?}");
    let error = setup
        .verifier
        .verify(&setup.rules(), &setup.token("1"), None)
        .await;
    assert!(matches!(error, Err(ProviderError::Unreachable(_))), "{error:?}");
    assert_eq!(setup.requests(), 3);
    setup.is_down.store(false, Ordering::SeqCst);
    setup.clock.advance(TimeDelta::seconds(1));
    assert!(setup.accepts(&setup.token("1")).await);
}

#[tokio::test]
async fn a_token_with_an_unknown_key_does_not_delay_others_while_the_provider_is_slow() {
    let setup = Setup::with_key().await;
    assert!(setup.accepts(&setup.token("1")).await);
    setup.is_slow.store(true, Ordering::SeqCst);
    setup.clock.advance(TimeDelta::seconds(60));
    let unknown = setup.token("x");
    let mut waiting = Box::pin(setup.accepts(&unknown));
    tokio::select! {
        _ = &mut waiting => panic!("the provider does not answer"),
        () = setup.server.wait_for_requests(2) => {}
    }
    for _ in 0..3 {
        assert!(setup.accepts_at_once(&setup.token("1")).await);
    }
    assert_eq!(setup.requests(), 2);
}

#[tokio::test]
async fn a_withdrawn_key_is_rejected_after_an_hour() {
    let setup = Setup::with_key().await;
    assert!(setup.accepts(&setup.token("1")).await);
    *setup.keys.lock().unwrap() = vec![published(Algorithm::Es256, "2", &json!({}))];
    setup.clock.advance(TimeDelta::hours(1));
    assert!(!setup.accepts(&setup.token("1")).await);
    assert_eq!(setup.requests(), 2);
}

#[tokio::test]
async fn after_a_failed_attempt_old_keys_are_used_without_waiting() {
    let setup = Setup::with_key().await;
    assert!(setup.accepts(&setup.token("1")).await);
    setup.is_down.store(true, Ordering::SeqCst);
    setup.clock.advance(TimeDelta::hours(1));
    assert!(setup.accepts(&setup.token("1")).await);
    setup.is_slow.store(true, Ordering::SeqCst);
    setup.clock.advance(TimeDelta::seconds(60));
    for _ in 0..3 {
        assert!(setup.accepts_at_once(&setup.token("1")).await);
    }
    setup.server.wait_for_requests(3).await;
    assert!(setup.accepts_at_once(&setup.token("1")).await);
    assert_eq!(setup.requests(), 3);
}

#[tokio::test]
async fn the_error_after_a_failed_attempt_names_only_the_host() {
    let setup = Setup::with_key().await;
    setup.is_down.store(true, Ordering::SeqCst);
    assert!(matches!(setup.error().await, ProviderError::Rejected(_)));
    let ProviderError::Unreachable(failure) = setup.error().await else {
        panic!("another attempt was made");
    };
    assert_eq!(
        failure.causes(),
        "the last attempt to read the keys at 127.0.0.1 failed less than a second ago"
    );
}
