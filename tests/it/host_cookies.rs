//! Cookies whose names begin with `__Host-`.

use std::collections::BTreeSet;

use serde_json::json;

use super::cookies::{ada, assert_alike, attributes, post, secure};

/// Browsers accept such cookies only with `Secure` and `Path=/`, and without `Domain`.
#[tokio::test]
async fn host_cookies_are_set_and_cleared_with_the_attributes_that_browsers_require() {
    let all = BTreeSet::from(["Path=/", "HttpOnly", "Secure", "SameSite=Lax"]);
    assert_alike("advanced.cookie_prefix = \"__Host-acme\"", "__Host-acme", &all).await;
}

#[tokio::test]
async fn a_session_in_a_host_cookie_is_read_until_sign_out() {
    let server = secure("advanced.cookies.session_token.name = \"__Host-session\"").start();
    let caller = server.anonymous();
    let signed_up = post(&caller, "/sign-up/email", ada(true)).await;
    let set = signed_up
        .cookies()
        .find(|line| line.starts_with("__Host-session="));
    let expected = BTreeSet::from(["Path=/", "HttpOnly", "Secure", "SameSite=Lax"]);
    assert_eq!(attributes(set.unwrap()), expected);

    let value = set.unwrap().split(';').next().unwrap();
    let other = server.anonymous();
    let fresh = || other.get("/get-session");
    let read = fresh().header("cookie", value).send().await;
    assert!(read.body.contains("ada@example.com"), "{read}");
    let renamed = value.replace("__Host-session", "__Secure-better-auth.session_token");
    assert_eq!(fresh().header("cookie", &renamed).send().await.body, "null");

    let signed_out = post(&caller, "/sign-out", json!({})).await;
    let cleared = signed_out
        .cookies()
        .find(|line| line.starts_with("__Host-session="));
    assert!(cleared.unwrap().contains("Max-Age=0"), "{signed_out}");
    assert_eq!(attributes(cleared.unwrap()), expected);
    assert_eq!(fresh().header("cookie", value).send().await.body, "null");
}
