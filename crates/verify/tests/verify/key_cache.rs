//! When keys are fetched, and what is accepted while the server is away.

use std::{sync::Arc, time::Duration};

use portcullis_verify::{Claims, Error, Unavailable, Verifier};
use serde_json::Value;

use crate::{
    clock::{START, TestClock},
    server::{Reply, TestServer},
    signer::{AUDIENCE, ISSUER, Signer, claims, claims_with, jwks},
};

/// Duration of a fetch during which a call is dropped.
const FETCH: Duration = Duration::from_millis(500);

struct Setup {
    verifier: Verifier,
    server: TestServer,
    clock: Arc<TestClock>,
    signer: Signer,
}

impl Setup {
    async fn new() -> Self {
        let signer = Signer::new("EdDSA", "first");
        let reply = Reply::json(jwks([&signer])).header("cache-control", "public, max-age=300");
        let server = TestServer::start(reply).await;
        let clock = TestClock::new();
        let verifier = Verifier::builder()
            .issuer(ISSUER)
            .audience(AUDIENCE)
            .jwks_url(format!("{}/jwks", server.url))
            .timeout(Duration::from_secs(30))
            .clock(clock.clone())
            .build()
            .unwrap();
        Self {
            verifier,
            server,
            clock,
            signer,
        }
    }

    /// Verifies a token that does not expire in the test.
    async fn outcome(&self, signer: &Signer) -> Result<(), Error> {
        let token = signer.sign(&claims_with("exp", (START + 1_000_000).into()));
        self.verifier.verify(&token).await.map(|_: Claims| ())
    }

    /// Drops a call that waits for the server's answer to this request.
    async fn drop_a_call_during_fetch(&self, signer: &Signer, request: usize) {
        let mut call = Box::pin(self.outcome(signer));
        tokio::select! {
            biased;
            outcome = &mut call => panic!("not dropped: {outcome:?}"),
            () = self.server.wait_for(request) => {}
        }
    }

    fn publish(&self, signers: &[&Signer]) {
        self.server.answer(Reply::json(jwks(signers.iter().copied())));
    }
}

#[tokio::test]
async fn keys_are_fetched_once_for_parallel_calls() {
    let setup = Setup::new().await;
    let delay = Duration::from_millis(50);
    setup
        .server
        .answer(Reply::json(jwks([&setup.signer])).after(delay));
    let token = setup.signer.sign(&claims());
    let calls: Vec<_> = (0..100)
        .map(|_| {
            let (verifier, token) = (setup.verifier.clone(), token.clone());
            tokio::spawn(async move { verifier.verify::<Value>(&token).await })
        })
        .collect();
    for call in calls {
        assert_eq!(call.await.unwrap().unwrap().sub, "user1");
    }
    assert_eq!(setup.server.count(), 1);
}

#[tokio::test]
async fn the_lifetime_of_the_response_is_honoured() {
    let setup = Setup::new().await;
    assert_eq!(setup.outcome(&setup.signer).await, Ok(()));
    setup.clock.advance(299);
    assert_eq!(setup.outcome(&setup.signer).await, Ok(()));
    assert_eq!(setup.server.count(), 1);
    setup.clock.advance(1);
    // Answered by the cached keys, and fetched in the background.
    assert_eq!(setup.outcome(&setup.signer).await, Ok(()));
    setup.server.wait_for(2).await;
}

#[tokio::test]
async fn after_a_rotation_the_new_key_is_accepted_at_once() {
    let setup = Setup::new().await;
    assert_eq!(setup.outcome(&setup.signer).await, Ok(()));
    let next = Signer::new("ES256", "second");
    setup.publish(&[&setup.signer, &next]);
    assert_eq!(setup.outcome(&next).await, Ok(()));
    assert_eq!(setup.outcome(&setup.signer).await, Ok(()));
    assert_eq!(setup.server.count(), 2);
}

#[tokio::test]
async fn a_withdrawn_key_is_rejected_once_the_keys_are_fetched_again() {
    let setup = Setup::new().await;
    assert_eq!(setup.outcome(&setup.signer).await, Ok(()));
    let next = Signer::new("EdDSA", "second");
    setup.publish(&[&next]);
    setup.clock.advance(3600);
    // Too old for an answer by the cached keys if the server responds.
    assert_eq!(setup.outcome(&setup.signer).await, Err(Error::UnknownKey));
    assert_eq!(setup.outcome(&next).await, Ok(()));
}

#[tokio::test]
async fn tokens_with_random_kids_cause_one_fetch_per_interval() {
    let setup = Setup::new().await;
    assert_eq!(setup.outcome(&setup.signer).await, Ok(()));
    let forger = Signer::new("EdDSA", "forged");
    let storm = || async {
        let calls: Vec<_> = (0..1000)
            .map(|number| {
                let header = serde_json::json!({ "alg": "EdDSA", "kid": format!("random{number}") });
                let token = forger.sign_with(&header, &claims());
                let verifier = setup.verifier.clone();
                tokio::spawn(async move { verifier.verify::<Value>(&token).await })
            })
            .collect();
        for call in calls {
            assert_eq!(call.await.unwrap().unwrap_err(), Error::UnknownKey);
        }
    };
    storm().await;
    assert_eq!(setup.server.count(), 2);
    setup.clock.advance(29);
    storm().await;
    assert_eq!(setup.server.count(), 2);
    assert_eq!(setup.outcome(&setup.signer).await, Ok(()));
    setup.clock.advance(1);
    storm().await;
    assert_eq!(setup.server.count(), 3);
}

#[tokio::test]
async fn a_storm_on_a_verifier_without_keys_causes_two_fetches() {
    let setup = Setup::new().await;
    let forger = Signer::new("EdDSA", "forged");
    for _ in 0..50 {
        assert_eq!(setup.outcome(&forger).await, Err(Error::UnknownKey));
    }
    assert_eq!(setup.server.count(), 2);
}

#[tokio::test]
async fn stale_keys_are_used_for_a_limited_time_while_the_server_is_away() {
    let setup = Setup::new().await;
    assert_eq!(setup.outcome(&setup.signer).await, Ok(()));
    setup.server.answer(Reply::status(503));
    setup.clock.advance(300 + 3599);
    assert_eq!(setup.outcome(&setup.signer).await, Ok(()));
    assert_eq!(setup.server.count(), 2);
    for _ in 0..20 {
        assert_eq!(setup.outcome(&setup.signer).await, Ok(()));
    }
    assert_eq!(setup.server.count(), 2, "one attempt per interval");
    setup.clock.advance(1);
    let away = Err(Error::Unavailable(Unavailable::Status(503)));
    assert_eq!(setup.outcome(&setup.signer).await, away);
    setup.publish(&[&setup.signer]);
    setup.clock.advance(30);
    assert_eq!(setup.outcome(&setup.signer).await, Ok(()));
}

#[tokio::test]
async fn during_an_outage_no_request_waits_for_the_server() {
    let setup = Setup::new().await;
    assert_eq!(setup.outcome(&setup.signer).await, Ok(()));
    setup.server.answer(Reply::status(503));
    setup.clock.advance(1000);
    assert_eq!(setup.outcome(&setup.signer).await, Ok(()));
    let silent = Reply::status(503).after(Duration::from_hours(1));
    setup.server.answer(silent);
    setup.clock.advance(30);
    for _ in 0..20 {
        // The time limit of a request for keys is 30 s.
        let outcome = tokio::time::timeout(Duration::from_secs(25), setup.outcome(&setup.signer));
        assert_eq!(outcome.await, Ok(Ok(())));
    }
    setup.server.wait_for(3).await;
    assert_eq!(setup.server.count(), 3);
}

/// The user must not be signed out because a new key cannot be fetched.
#[tokio::test]
async fn an_unknown_key_is_an_outage_while_the_server_is_away() {
    let setup = Setup::new().await;
    assert_eq!(setup.outcome(&setup.signer).await, Ok(()));
    setup.server.answer(Reply::status(503));
    let next = Signer::new("EdDSA", "second");
    for _ in 0..2 {
        let error = setup.outcome(&next).await.unwrap_err();
        assert!(error.is_unavailable(), "{error}");
    }
    assert_eq!(setup.server.count(), 2);
}

#[tokio::test]
async fn a_verifier_without_keys_does_not_queue_requests_for_a_server_that_is_away() {
    let setup = Setup::new().await;
    setup.server.answer(Reply::status(503));
    for _ in 0..20 {
        assert!(setup.outcome(&setup.signer).await.unwrap_err().is_unavailable());
    }
    assert_eq!(setup.server.count(), 1);
    setup.publish(&[&setup.signer]);
    setup.clock.advance(1);
    assert_eq!(setup.outcome(&setup.signer).await, Ok(()));
}

#[tokio::test]
async fn a_slow_server_is_not_waited_for() {
    let signer = Signer::new("EdDSA", "a");
    let delay = Duration::from_hours(1);
    let server = TestServer::start(Reply::json(jwks([&signer])).after(delay)).await;
    let verifier = Verifier::builder()
        .issuer(ISSUER)
        .audience(AUDIENCE)
        .jwks_url(&server.url)
        .timeout(Duration::from_millis(50))
        .build()
        .unwrap();
    assert_eq!(verifier.load_keys().await, Err(Unavailable::TimedOut));
}

#[tokio::test]
async fn a_server_that_does_not_listen_is_an_outage() {
    let verifier = Verifier::builder()
        .issuer(ISSUER)
        .audience(AUDIENCE)
        .jwks_url("http://127.0.0.1:1/jwks")
        .build()
        .unwrap();
    let error = verifier.load_keys().await.unwrap_err();
    assert!(matches!(error, Unavailable::Unreachable(_)), "{error}");
}

#[tokio::test]
async fn a_clock_that_is_set_back_does_not_keep_keys_fresh() {
    let setup = Setup::new().await;
    setup.clock.advance(100_000);
    assert_eq!(setup.outcome(&setup.signer).await, Ok(()));
    setup.clock.set_back(50_000);
    assert_eq!(setup.outcome(&setup.signer).await, Ok(()));
    assert_eq!(setup.server.count(), 2);
}

/// Frameworks drop a handler when its client disconnects.
#[tokio::test]
async fn a_dropped_call_does_not_delay_the_acceptance_of_a_new_key() {
    let setup = Setup::new().await;
    assert_eq!(setup.outcome(&setup.signer).await, Ok(()));
    let next = Signer::new("ES256", "second");
    let reply = Reply::json(jwks([&setup.signer, &next]));
    setup.server.answer(reply.after(FETCH));
    let forger = Signer::new("EdDSA", "forged");
    setup.drop_a_call_during_fetch(&forger, 2).await;
    assert_eq!(setup.outcome(&next).await, Ok(()));
    assert_eq!(setup.server.count(), 2, "both calls share one fetch");
}

#[tokio::test]
async fn dropped_calls_cause_one_fetch_per_interval() {
    let setup = Setup::new().await;
    assert_eq!(setup.outcome(&setup.signer).await, Ok(()));
    let reply = Reply::json(jwks([&setup.signer]));
    setup.server.answer(reply.after(FETCH));
    let forger = Signer::new("EdDSA", "forged");
    for _ in 0..20 {
        setup.drop_a_call_during_fetch(&forger, 2).await;
    }
    assert_eq!(setup.outcome(&forger).await, Err(Error::UnknownKey));
    assert_eq!(setup.server.count(), 2);
}

#[tokio::test]
async fn a_dropped_first_call_leaves_the_keys_to_the_next() {
    let setup = Setup::new().await;
    let reply = Reply::json(jwks([&setup.signer]));
    setup.server.answer(reply.after(FETCH));
    setup.drop_a_call_during_fetch(&setup.signer, 1).await;
    assert_eq!(setup.outcome(&setup.signer).await, Ok(()));
    assert_eq!(setup.server.count(), 1);
}
