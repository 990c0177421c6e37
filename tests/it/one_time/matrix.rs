//! The class of CVE-2026-110862: every one-time token, presented to every endpoint.

use portcullis_domain::verification::Purpose;

use super::{Door, Minted, generous};

#[tokio::test]
async fn a_token_is_accepted_only_by_its_own_endpoint() {
    for encoding in ["compact", "jwt", "jwe"] {
        let server = generous()
            .set("PORTCULLIS_PLUGINS__BEARER__ENABLED", "true")
            .set("PORTCULLIS_SESSION__COOKIE_CACHE__ENABLED", "true")
            .set("PORTCULLIS_SESSION__COOKIE_CACHE__STRATEGY", encoding)
            .start();
        for purpose in Purpose::ALL {
            let minted = Minted::make(&server, purpose, purpose.name()).await;
            for door in Door::ALL.into_iter().filter(|door| !door.takes(purpose)) {
                let answer = door.show(&server, &minted.token, &minted.owner.cookies()).await;
                assert!(door.refuses(&answer), "{purpose:?} at {door:?}: {answer}");
            }
            assert!(
                minted.is_stored(&server),
                "{purpose:?} was consumed by another endpoint"
            );
            if Door::of(purpose).is_some() {
                let answer = minted.redeem(&server).await;
                assert!(minted.was_redeemed(&answer), "{purpose:?}: {answer}");
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
        for door in Door::ALL
            .into_iter()
            .filter(|door| *door != Door::SessionCacheValue)
        {
            let answer = door.show(&server, copy, &cookies).await;
            assert!(door.refuses(&answer), "{encoding} at {door:?}: {answer}");
        }
    }
}

#[tokio::test]
async fn a_token_is_rejected_from_another_user_and_after_its_expiry() {
    for purpose in Purpose::ALL {
        let Some(door) = Door::of(purpose) else { continue };
        let server = generous().start();
        let minted = Minted::make(&server, purpose, "ada").await;
        let eve = server.signed_up("eve").await;
        if purpose == Purpose::AccountDeletion {
            let stolen = Door::FollowDeletion
                .show(&server, &minted.token, &eve.cookies())
                .await;
            assert!(Door::FollowDeletion.refuses(&stolen), "{stolen}");
            assert_eq!(server.rows(r#"select from "user""#), 2);
        }
        server
            .clock
            .advance(chrono::TimeDelta::days(1) + chrono::TimeDelta::seconds(1));
        let answer = minted.redeem(&server).await;
        assert!(
            door != Door::FinishSignIn || door.refuses(&answer),
            "{purpose:?}: {answer}"
        );
        let refused = (answer.status, answer.code());
        let expected = match door {
            Door::VerifyEmail => (401, "TOKEN_EXPIRED".to_owned()),
            Door::FollowDeletion => (404, "INVALID_TOKEN".to_owned()),
            Door::FinishSignIn => (302, String::new()),
            _ => (400, "INVALID_TOKEN".to_owned()),
        };
        assert_eq!(refused, expected, "{purpose:?}");
    }
}
