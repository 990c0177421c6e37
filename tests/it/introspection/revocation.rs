//! Revocation of session tokens.

use futures_util::future::join_all;

use super::*;

#[tokio::test]
async fn revocation_ends_the_session_and_no_other() {
    let server = with(&[]).start();
    let ada = server.signed_up("ada").await;
    let second = server.signed_in("ada").await;
    let bob = server.signed_up("bob").await;
    let token = cookie(&ada);
    let answer = ask(&server, REVOKE, &token).await;
    assert_eq!(answer.to_string(), "200\ncache-control: no-store\n");
    assert_eq!(ada.get("/get-session").send().await.body, "null");
    assert!(!is_active(&server, &token).await);
    for other in [&second, &bob] {
        assert!(is_active(&server, &cookie(other)).await);
    }
    // It may be repeated, as RFC 7009 demands.
    assert_eq!(ask(&server, REVOKE, &token).await.status, 200);
    assert_eq!(ask(&server, REVOKE, "unknown").await.status, 200);
}

#[tokio::test]
async fn revocation_is_what_revoke_session_does() {
    let left = async |revoke: bool| {
        let server = with(&[]).start();
        let ada = server.signed_up("ada").await;
        let second = server.signed_in("ada").await;
        // A link that the session requested must not outlive it.
        let body = json!({ "email": "ada@example.com" });
        let answer = ada.post("/request-password-reset", &body).send().await;
        assert_eq!(answer.status, 200);
        let token = decoded(&cookie(&ada));
        if revoke {
            assert_eq!(ask(&server, REVOKE, &token).await.status, 200);
        } else {
            let body = json!({ "token": raw(&token) });
            assert_eq!(second.post("/revoke-session", &body).send().await.status, 200);
        }
        let links = server.rows("select from verification");
        (
            links,
            server.rows(r#"select from "session""#),
            server.rows("select from portcullis_known_address"),
        )
    };
    assert_eq!(left(true).await, left(false).await);
}

#[tokio::test]
async fn twenty_parallel_revocations_all_succeed() {
    let server = with(&[]).start();
    let ada = server.signed_up("ada").await;
    let token = cookie(&ada);
    let answers = join_all((0..20).map(|_| ask(&server, REVOKE, &token))).await;
    for answer in answers {
        assert_eq!(answer.status, 200, "{answer}");
    }
    assert_eq!(server.rows(r#"select from "session""#), 0);
}

/// RFC 7662, section 4: without authentication, an attacker could find valid tokens.
#[tokio::test]
async fn token_scanning_needs_authentication() {
    let server = with(&["BEARER"]).start();
    let ada = server.signed_up("ada").await;
    let token = cookie(&ada);
    let anonymous = server.anonymous();
    for path in [INTROSPECT, REVOKE] {
        let mut answers = Vec::new();
        for candidate in [token.as_str(), raw(&token), "unknown"] {
            let answer = unauthenticated(&anonymous, path, form(candidate)).send().await;
            answers.push(answer.to_string());
            // The user's own session is no authentication of a service.
            let as_user = unauthenticated(&ada, path, form(candidate))
                .header("authorization", &format!("Bearer {token}"))
                .send()
                .await;
            answers.push(as_user.to_string());
        }
        answers.dedup();
        assert_eq!(answers.len(), 1, "{answers:#?}");
        assert!(answers[0].starts_with("401\n"));
    }
    assert!(is_active(&server, &token).await);
}
