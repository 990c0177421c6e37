//! Cookies by deep link: applications receive the cookies of the browser that returns to them.

use insta::assert_snapshot;
use portcullis_testkit::TestServer;
use serde_json::json;

use super::{ADA, follow, location, passed, verification, with_plugin, without_plugin};

fn names(cookies: &str) -> Vec<&str> {
    let lines = cookies.split(", ");
    lines.map(|line| line.split('=').next().unwrap()).collect()
}

#[tokio::test]
async fn a_verification_link_signs_in_in_the_application() {
    let server = with_plugin().start();
    let token = verification(&server).await;
    let answer = follow(&server, &token, "myapp://home?tab=1").await;
    assert_snapshot!(answer, @r"
    302
    cache-control: no-store
    content-type: application/json
    location: myapp://home?tab=1&cookie=better-auth.session_token%3DWX7CRWWvDpOPjJa7y743YvIovQSVN7Qd.Tzvh01h4Wjww3JH1aFRDViQWHX%252FN62c6qZFuCWstpVo%253D%3B+Max-Age%3D604800%3B+Path%3D%2F%3B+HttpOnly%3B+SameSite%3DLax
    referrer-policy: no-referrer
    set-cookie: better-auth.session_token=WX7CRWWvDpOPjJa7y743YvIovQSVN7Qd.Tzvh01h4Wjww3JH1aFRDViQWHX%2FN62c6qZFuCWstpVo%3D; Max-Age=604800; Path=/; HttpOnly; SameSite=Lax
    ");

    let cookies = passed(&answer).unwrap();
    assert_eq!(cookies, answer.cookies().collect::<Vec<_>>().join(", "));
    let app = server.anonymous();
    let pair = cookies.split(';').next().unwrap();
    let session = app.get("/get-session").header("cookie", pair).send().await;
    assert_eq!(session.json()["user"]["email"], ADA);
}

/// The session cookie and the session cookie cache are two lines of the response.
#[tokio::test]
async fn every_cookie_of_the_response_is_passed() {
    let server = with_plugin()
        .set("PORTCULLIS_SESSION__COOKIE_CACHE__ENABLED", "true")
        .start();
    let token = verification(&server).await;
    let answer = follow(&server, &token, "exp://10.0.0.7:8081/--/home").await;
    let cookies = passed(&answer).unwrap();
    assert_eq!(
        names(&cookies),
        ["better-auth.session_token", "better-auth.session_data"]
    );
}

#[tokio::test]
async fn a_target_that_is_no_trusted_application_receives_no_cookie() {
    for target in [
        "/home",
        "http://localhost:5173/home",
        "https://app.example.com/home",
        "HTTPS://APP.EXAMPLE.COM/home",
        "http://localhost:3000/home",
        // The pattern `app*://callback` names no scheme: every application may register one that it matches.
        "application://callback",
    ] {
        let server = with_plugin().start();
        let token = verification(&server).await;
        let answer = follow(&server, &token, target).await;
        assert_eq!(answer.status, 302, "{target}: {answer}");
        assert_eq!(location(&answer), target);
        assert_eq!(answer.cookies().count(), 1, "the browser is signed in: {answer}");
    }
}

#[tokio::test]
async fn an_untrusted_target_is_rejected_before_the_link_is_used() {
    let server = with_plugin().start();
    let token = verification(&server).await;
    for target in [
        "evil://home",
        "myappevil://home",
        "myapp:home",
        "myapp:/home",
        "myapp://home\\@evil",
        "https://evil.test",
        "javascript://home",
        "intent://home#Intent;scheme=myapp;end",
        "//evil.test",
    ] {
        let answer = follow(&server, &token, target).await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (403, "INVALID_CALLBACKURL"),
            "{target}"
        );
        assert_eq!(answer.header("location"), None, "{target}");
        assert_eq!(answer.cookies().count(), 0, "{target}");
    }
    assert_eq!(follow(&server, &token, "myapp://home").await.status, 302);
}

#[tokio::test]
async fn without_the_plugin_no_application_receives_a_cookie() {
    let server = without_plugin().start();
    let token = verification(&server).await;
    let answer = follow(&server, &token, "myapp://home").await;
    assert_eq!(location(&answer), "myapp://home");
}

#[tokio::test]
async fn a_rejected_link_passes_no_cookie() {
    let server = with_plugin().start();
    let answer = follow(&server, "forged", "myapp://home").await;
    assert_eq!(location(&answer), "myapp://home?error=invalid_token");
    assert_eq!(answer.cookies().count(), 0);
}

#[tokio::test]
async fn a_cookie_in_the_link_is_replaced_by_that_of_the_response() {
    let server = with_plugin().start();
    let token = verification(&server).await;
    let forged = "myapp://home?cookie=better-auth.session_token%3Devil&cookie=again&a=b";
    let answer = follow(&server, &token, forged).await;
    let cookies = passed(&answer).unwrap();
    assert!(!cookies.contains("evil"), "{answer}");
    assert!(location(&answer).ends_with("&a=b"), "{answer}");
}

#[tokio::test]
async fn no_target_adds_a_header_to_the_response() {
    for target in [
        "myapp://home?a=\r\nset-cookie: evil=1",
        "myapp://home/\r\nset-cookie: evil=1",
        "myapp://home#\nset-cookie: evil=1",
        "myapp://home?a=%0d%0aset-cookie:%20evil=1",
        "myapp://home?a=é\u{2028}set-cookie: evil=1",
    ] {
        let server = with_plugin().start();
        let token = verification(&server).await;
        let answer = follow(&server, &token, target).await;
        // A control character is rejected, or is encoded or removed as browsers do.
        assert!([302, 400, 403].contains(&answer.status), "{target:?}: {answer}");
        for line in answer.cookies() {
            assert!(line.starts_with("better-auth."), "{target:?}: {answer}");
        }
        if answer.status == 302 {
            assert!(
                location(&answer).bytes().all(|byte| byte.is_ascii_graphic()),
                "{answer}"
            );
            assert_eq!(names(&passed(&answer).unwrap()), ["better-auth.session_token"]);
        }
    }
}

/// Better Auth passes cookies only from the routes that end a sign-in.
#[tokio::test]
async fn other_redirects_pass_no_cookie() {
    let server = TestServer::with()
        .set("BETTER_AUTH_TRUSTED_ORIGINS", "myapp://")
        .set("PORTCULLIS_PLUGINS__EXPO__ENABLED", "true")
        .set("PORTCULLIS_USER__DELETE_USER__ENABLED", "true")
        .set("PORTCULLIS_USER__DELETE_USER__VERIFICATION", "true")
        .start();
    let ada = server.signed_up("ada").await;
    let app = json!({ "redirectTo": "myapp://reset", "email": ADA });
    ada.post("/request-password-reset", &app).send().await;
    let letter = server.mailbox.next(ADA).await;
    let reset = ada.call("GET", &letter.path()).send().await;
    assert_eq!(location(&reset), format!("myapp://reset?token={}", letter.token));

    ada.post("/delete-user", &json!({ "callbackURL": "myapp://gone" }))
        .send()
        .await;
    let letter = server.mailbox.next(ADA).await;
    let deleted = ada.call("GET", &letter.path()).send().await;
    assert_eq!(location(&deleted), "myapp://gone");
    assert!(
        deleted.cookies().count() > 0,
        "the cookies are cleared: {deleted}"
    );
}
