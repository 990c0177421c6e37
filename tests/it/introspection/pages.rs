//! Pages in browsers: cookies and origins have no effect on routes for services, and no page may read an answer.

use super::*;

const TRUSTED: &str = "http://localhost:5173";

#[tokio::test]
async fn pages_of_no_origin_can_read_answers() {
    let server = with(&[]).start();
    let ada = server.signed_up("ada").await;
    for origin in [TRUSTED, "http://localhost:3000", "https://evil.test"] {
        let answer = call(&ada, INTROSPECT, form(&cookie(&ada)))
            .header("origin", origin)
            .send()
            .await;
        assert_eq!(
            (answer.status, &answer.json()["active"]),
            (200, &json!(true)),
            "{origin}"
        );
        let is_shared = answer
            .headers
            .iter()
            .any(|(name, _)| name.starts_with("access-control-"));
        assert!(!is_shared, "{answer}");
        let preflight = server
            .anonymous()
            .call("OPTIONS", &format!("/api/auth{INTROSPECT}"))
            .header("origin", origin)
            .header("access-control-request-method", "POST")
            .send()
            .await;
        assert_eq!(preflight.status, 404, "{origin}");
        assert!(preflight.header("access-control-allow-methods").is_none());
    }
}

#[tokio::test]
async fn the_cookies_of_a_request_do_not_matter() {
    let server = with(&[]).start();
    let (ada, bob) = (server.signed_up("ada").await, server.signed_up("bob").await);
    let answer = call(&bob, INTROSPECT, form(&cookie(&ada))).send().await;
    assert_eq!(answer.json()["username"], "ada@example.com");
    let revoked = call(&bob, REVOKE, form(&cookie(&ada))).send().await;
    assert_eq!((revoked.status, revoked.cookies().count()), (200, 0));
    assert!(is_active(&server, &cookie(&bob)).await);
    assert!(!is_active(&server, &cookie(&ada)).await);
}
