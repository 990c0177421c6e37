//! Attacks on the sessions of a device.

use portcullis_testkit::signed;

use super::*;

fn encoded(text: &str) -> String {
    text.replace('/', "%2F").replace('+', "%2B").replace('=', "%3D")
}

/// A victim's session on another device, and an attacker's device with a session of its own.
async fn world(server: &TestServer) -> (Caller, String, Caller) {
    let (victim, attacker) = (server.anonymous(), server.anonymous());
    let token = sign_up(&victim, "victim").await;
    sign_up(&attacker, "eve").await;
    (victim, token, attacker)
}

/// Cookies in which an attacker names the victim's session without having its cookie.
fn forgeries(attacker: &Caller, token: &str) -> Vec<(String, String)> {
    let own = cookie(attacker, SESSION).unwrap();
    let signature = own.split_once('.').unwrap().1;
    let name = cookie_of(token);
    vec![
        (name.clone(), token.to_owned()),
        (name.clone(), format!("{token}.bad")),
        (name.clone(), format!("{token}.{signature}")),
        (name.clone(), String::new()),
        // A genuine cookie under the name of the victim's.
        (name, own.clone()),
        (format!("{SESSION}_multi-x"), format!("{token}.{signature}")),
    ]
}

/// GHSA-wmjr-v86c-m9jj: sign-out trusted unsigned cookies of sessions. Better Auth's other routes accept a genuine cookie
/// under another session's name.
#[tokio::test]
async fn a_forged_cookie_shows_activates_and_ends_no_session_of_another_device() {
    let server = with_plugin().start();
    let (victim, token, attacker) = world(&server).await;
    for (name, value) in forgeries(&attacker, &token) {
        let cookies = format!(
            "{SESSION}={}; {name}={value}",
            cookie(&attacker, SESSION).unwrap()
        );
        let list = attacker.get(LIST).header("cookie", &cookies).send().await;
        assert_eq!(names(&list), [""; 0], "{name}={value}");
        for path in [ACTIVATE, REVOKE] {
            let call = attacker.post(path, &json!({ "sessionToken": token }));
            assert_refused(&call.header("cookie", &cookies).send().await);
        }
        let stranger = server.anonymous();
        let call = stranger.post("/sign-out", &json!({}));
        let answer = call.header("cookie", &format!("{name}={value}")).send().await;
        assert!(line(&answer, &cookie_of(&token)).is_none(), "{answer}");
        assert_eq!(current(&victim).await, "victim", "{name}={value}");
    }
}

#[tokio::test]
async fn a_signed_text_that_is_no_token_of_a_session_is_no_session_of_a_device() {
    let server = with_plugin().start();
    let device = server.anonymous();
    sign_up(&device, "ada").await;
    device.set_cookie(&cookie_of("true"), &encoded(&signed("true")));
    assert_eq!(listed(&device).await, ["ada"]);
    assert_refused(&post(&device, ACTIVATE, "true").await);
}

/// Without the cookie, a token is not enough, however the caller is authenticated.
#[tokio::test]
async fn a_bearer_token_activates_no_session_without_its_cookie() {
    let server = with_plugin()
        .set("PORTCULLIS_PLUGINS__BEARER__ENABLED", "true")
        .start();
    let (_victim, token, _attacker) = world(&server).await;
    let client = server.anonymous();
    for path in [ACTIVATE, REVOKE] {
        let call = client.post(path, &json!({ "sessionToken": token }));
        let answer = call
            .header("authorization", &format!("Bearer {token}"))
            .send()
            .await;
        assert_refused(&answer);
    }
    assert_eq!(client.cookies(), "");
}

#[tokio::test]
async fn a_key_activates_and_revokes_no_session_of_a_device() {
    let server = with_plugin()
        .set("PORTCULLIS_PLUGINS__API_KEY__ENABLED", "true")
        .set("PORTCULLIS_PLUGINS__API_KEY__ENABLE_SESSION_FOR_API_KEYS", "true")
        .start();
    let device = server.anonymous();
    let token = sign_up(&device, "ada").await;
    let key = device.post("/api-key/create", &json!({})).send().await.json()["key"].clone();
    for path in [ACTIVATE, REVOKE] {
        let call = device.post(path, &json!({ "sessionToken": token }));
        let answer = call.header("x-api-key", key.as_str().unwrap()).send().await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (403, "KEY_IS_NOT_ACCEPTED")
        );
    }
    assert_eq!(current(&device).await, "ada");
}

#[tokio::test]
async fn a_page_of_another_origin_changes_no_session_of_a_device() {
    let server = with_plugin().start();
    let device = server.anonymous();
    let ada = sign_up(&device, "ada").await;
    sign_up(&device, "bob").await;
    for path in [ACTIVATE, REVOKE] {
        let call = device.post(path, &json!({ "sessionToken": ada }));
        let answer = call.header("origin", "https://evil.test").send().await;
        assert_eq!((answer.status, answer.code().as_str()), (403, "INVALID_ORIGIN"));
    }
    assert_eq!(current(&device).await, "bob");
    assert_eq!(listed(&device).await.len(), 2);
}

#[tokio::test]
async fn an_ended_session_is_neither_shown_nor_activated_by_an_old_cookie() {
    let server = with_plugin().start();
    let device = server.anonymous();
    let ada = sign_up(&device, "ada").await;
    sign_up(&device, "bob").await;
    let old = device.cookies();
    post(&device, REVOKE, &ada).await;
    let list = device.get(LIST).header("cookie", &old).send().await;
    assert_eq!(names(&list), ["bob"]);
    let call = device.post(ACTIVATE, &json!({ "sessionToken": ada }));
    assert_refused(&call.header("cookie", &old).send().await);
    device.post("/sign-out", &json!({})).send().await;
    let list = device.get(LIST).header("cookie", &old).send().await;
    assert_eq!(names(&list), [""; 0]);
}

/// Better Auth stores the session for seven days then, and its cookie of the device from the beginning.
#[tokio::test]
async fn a_session_that_is_not_remembered_leaves_no_cookie_when_the_browser_closes() {
    let server = with_plugin().start();
    let device = server.anonymous();
    let body =
        json!({ "name": "ada", "email": "ada@example.com", "password": "password1234", "rememberMe": false });
    let answer = device.post("/sign-up/email", &body).send().await;
    let ada = token(&answer);
    let kept = line(&answer, &cookie_of(&ada)).unwrap();
    assert!(!kept.contains("Max-Age"), "{kept}");

    // Another user signs in after the browser was closed and opened again, without the mark.
    let other = server.anonymous();
    for name in [SESSION, &cookie_of(&ada)] {
        other.set_cookie(name, &cookie(&device, name).unwrap());
    }
    sign_up(&other, "bob").await;
    let answer = post(&other, ACTIVATE, &ada).await;
    let stored = line(&answer, SESSION).unwrap();
    assert!(!stored.contains("Max-Age"), "{stored}");
    assert!(line(&answer, "better-auth.dont_remember").is_some(), "{answer}");
}
