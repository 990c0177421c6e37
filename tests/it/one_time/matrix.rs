//! The class of CVE-2026-110862: every one-time token, presented to every endpoint.

use portcullis_domain::verification::Purpose;

use super::{IssuedToken, TokenInput, generous};

#[tokio::test]
async fn a_token_is_accepted_only_by_its_own_endpoint() {
    for encoding in ["compact", "jwt", "jwe"] {
        let server = generous()
            .set("PORTCULLIS_PLUGINS__BEARER__ENABLED", "true")
            .set("PORTCULLIS_SESSION__COOKIE_CACHE__ENABLED", "true")
            .set("PORTCULLIS_SESSION__COOKIE_CACHE__STRATEGY", encoding)
            .start();
        for purpose in Purpose::ALL {
            let issued = IssuedToken::make(&server, purpose, purpose.name()).await;
            for input in TokenInput::ALL.into_iter().filter(|input| !input.takes(purpose)) {
                let answer = input.show(&server, &issued.token, &issued.owner.cookies()).await;
                assert!(input.refuses(&answer), "{purpose:?} at {input:?}: {answer}");
            }
            assert!(
                issued.is_stored(&server),
                "{purpose:?} was consumed by another endpoint"
            );
            if TokenInput::of(purpose).is_some() {
                let answer = issued.redeem(&server).await;
                assert!(issued.was_redeemed(&answer), "{purpose:?}: {answer}");
            }
        }
    }
}

/// The session cookie cache is signed with the same key as a link: only its content distinguishes it.
#[tokio::test]
async fn the_session_cookie_cache_is_accepted_by_no_other_endpoint() {
    for encoding in ["compact", "jwt", "jwe"] {
        let server = generous()
            .set("PORTCULLIS_SESSION__COOKIE_CACHE__ENABLED", "true")
            .set("PORTCULLIS_SESSION__COOKIE_CACHE__STRATEGY", encoding)
            .start();
        let ada = server.signed_up("ada").await;
        let cookies = ada.cookies();
        let copy = cookies.split("session_data=").nth(1).unwrap();
        let copy = copy.split(';').next().unwrap();
        for input in TokenInput::ALL
            .into_iter()
            .filter(|input| *input != TokenInput::SessionCacheValue)
        {
            let answer = input.show(&server, copy, &cookies).await;
            assert!(input.refuses(&answer), "{encoding} at {input:?}: {answer}");
        }
    }
}

#[tokio::test]
async fn a_token_is_rejected_from_another_user_and_after_its_expiry() {
    for purpose in Purpose::ALL {
        let Some(input) = TokenInput::of(purpose) else {
            continue;
        };
        let server = generous().start();
        let issued = IssuedToken::make(&server, purpose, "ada").await;
        let eve = server.signed_up("eve").await;
        if purpose == Purpose::AccountDeletion {
            let stolen = TokenInput::FollowDeletion
                .show(&server, &issued.token, &eve.cookies())
                .await;
            assert!(TokenInput::FollowDeletion.refuses(&stolen), "{stolen}");
            assert_eq!(server.rows(r#"select from "user""#), 2);
        }
        server
            .clock
            .advance(chrono::TimeDelta::days(1) + chrono::TimeDelta::seconds(1));
        let answer = issued.redeem(&server).await;
        assert!(
            input != TokenInput::FinishSignIn || input.refuses(&answer),
            "{purpose:?}: {answer}"
        );
        let refused = (answer.status, answer.code());
        let expected = match input {
            TokenInput::VerifyEmail => (401, "TOKEN_EXPIRED".to_owned()),
            TokenInput::FollowDeletion => (404, "INVALID_TOKEN".to_owned()),
            TokenInput::FinishSignIn => (302, String::new()),
            _ => (400, "INVALID_TOKEN".to_owned()),
        };
        assert_eq!(refused, expected, "{purpose:?}");
    }
}
