//! Attacks on the check, each under its name.

use portcullis_testkit::{Answer, TestServer};
use serde_json::json;

use super::{CHECK, IDENTITY, assert_no_identity, identity, ruled, with};

async fn raw_status(server: &TestServer, path: &str, cookies: &str) -> u16 {
    let request = format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncookie: {cookies}\r\n\r\n");
    server.raw_status(request).await
}

/// The check itself must not repeat what a client claims to be.
#[tokio::test]
async fn forged_identity_headers_are_never_repeated() {
    let server = ruled().start();
    let ada = server.signed_up("ada").await;
    for rule in ["", "/open", "/verified", "/other"] {
        for caller in [&ada, &server.anonymous()] {
            let call = caller.call("GET", &format!("{CHECK}{rule}"));
            let call = IDENTITY.iter().fold(call, |call, name| {
                call.header(name, "forged")
                    .header(&name.replace('-', "_"), "forged")
            });
            let answer = call.send().await;
            assert!(!answer.to_string().contains("forged"), "{rule}: {answer}");
            identity(&answer);
        }
    }
}

/// Only the rule `admins` is strict. No spelling of another path leads to a weaker rule, or past the check.
#[tokio::test]
async fn path_tricks_choose_no_other_rule() {
    let server = ruled().start();
    let cookies = server.signed_up("ada").await.cookies();
    for tail in [
        "/..",
        "/../",
        "/../open",
        "/../open/",
        "/..%2fopen",
        "/%2e%2e/open",
        "/%2e%2e%2fopen",
        "/./../open",
        "//open",
        "/..;/open",
        "/open",
        "/../../forward-auth",
        "/../../../ok",
        "/\\..\\open",
        "?rule=open",
        "?/open",
    ] {
        let path = format!("{CHECK}/verified{tail}");
        assert_eq!(raw_status(&server, &path, &cookies).await, 403, "{path}");
        assert_eq!(raw_status(&server, &path, "").await, 401, "{path}");
    }
    for path in [
        "/",
        "//",
        "//open",
        "/./open",
        "/../forward-auth/open",
        "/%6fpen",
        "/open%2f",
        "/open;x",
        "/OPEN",
        "/%2e%2e/open",
    ] {
        let path = format!("{CHECK}{path}");
        assert_eq!(raw_status(&server, &path, &cookies).await, 404, "{path}");
    }
}

/// Envoy appends the original path. If its configuration names no rule, the original path would be the rule.
#[tokio::test]
async fn rule_confusion_by_an_appended_path_is_impossible() {
    let server = ruled().start();
    let cookies = server.signed_up("ada").await.cookies();
    for original in ["/open", "/open/x", "/signed-in", "/../open", "/%2e%2e/open"] {
        let path = format!("{CHECK}/verified{original}");
        assert_eq!(raw_status(&server, &path, &cookies).await, 403, "{path}");
    }
    // Without a rule, ordinary paths are rejected, so that the operator notices it at once.
    for original in ["/notes", "/", "/notes/open", "/../open"] {
        let path = format!("{CHECK}{original}");
        assert_eq!(raw_status(&server, &path, &cookies).await, 404, "{path}");
    }
}

#[tokio::test]
async fn query_tricks_change_nothing() {
    let server = ruled().start();
    let cookies = server.signed_up("ada").await.cookies();
    for query in [
        "?rule=open",
        "?allow_anonymous=true",
        "?disableCookieCache=false",
        "?token=x",
        "?callbackURL=https://evil.test",
        "?%00",
        "?a=%zz",
    ] {
        let path = format!("{CHECK}{query}");
        assert_eq!(raw_status(&server, &path, &cookies).await, 200, "{path}");
        assert_eq!(raw_status(&server, &path, "").await, 401, "{path}");
        let path = format!("{CHECK}/verified{query}");
        assert_eq!(raw_status(&server, &path, &cookies).await, 403, "{path}");
    }
}

#[tokio::test]
async fn method_override_headers_change_nothing() {
    let server = ruled().start();
    let ada = server.signed_up("ada").await;
    for name in [
        "x-http-method-override",
        "x-http-method",
        "x-method-override",
        "x-forwarded-method",
        "x-original-method",
    ] {
        for method in ["OPTIONS", "HEAD", "TRACE", "POST", ""] {
            let ask = async |path: &str, by: &portcullis_testkit::Caller| -> Answer {
                by.call("GET", &format!("{CHECK}{path}"))
                    .header(name, method)
                    .send()
                    .await
            };
            assert_eq!(ask("", &ada).await.status, 200, "{name}: {method}");
            assert_eq!(ask("/verified", &ada).await.status, 403, "{name}: {method}");
            assert_eq!(ask("", &server.anonymous()).await.status, 401, "{name}: {method}");
        }
    }
}

#[tokio::test]
async fn a_session_cookie_cache_of_a_revoked_session_does_not_pass() {
    let server = ruled()
        .set("PORTCULLIS_SESSION__COOKIE_CACHE__ENABLED", "true")
        .start();
    let ada = server.signed_up("ada").await;
    ada.get("/get-session").send().await;
    let cookies = ada.cookies();
    assert!(cookies.contains("session_data"), "{cookies}");
    let elsewhere = server.signed_in("ada").await;
    elsewhere.post("/revoke-other-sessions", &json!({})).send().await;
    let thief = server.anonymous();
    assert_eq!(
        thief
            .get("/get-session")
            .header("cookie", &cookies)
            .send()
            .await
            .json()["user"]["name"],
        "ada"
    );
    for rule in ["", "/signed-in", "/open"] {
        let call = thief
            .call("GET", &format!("{CHECK}{rule}"))
            .header("cookie", &cookies);
        let answer = call.send().await;
        assert_eq!(answer.status, if rule == "/open" { 200 } else { 401 }, "{rule}");
        assert_no_identity(&answer, rule);
    }
}

/// Ids and addresses in the database may contain any character, for example after an import.
#[tokio::test]
async fn response_splitting_by_fields_of_the_user_adds_no_header() {
    let server = with("").start();
    let ada = server.signed_up("ada").await;
    for (stored, sent) in [
        (r"a\r\nset-cookie: x=y", "a%0D%0Aset-cookie:%20x=y"),
        (r"a b,c%d", "a%20b%2Cc%25d"),
        (r"\u00e9\t@example.com", "%C3%A9%09@example.com"),
        (r"\u2028\u007f", "%E2%80%A8%7F"),
    ] {
        server.execute(&format!(r#"update "user" set email = E'{stored}'"#));
        let answer = ada.call("GET", CHECK).send().await;
        assert_eq!((answer.status, identity(&answer)[1]), (200, sent), "{stored}");
        assert_eq!(answer.cookies().count(), 0);
    }
}

/// Without a rule of its own, the response depends only on the session, so no cache may store it.
#[tokio::test]
async fn a_check_that_passes_is_never_cached() {
    let server = ruled().start();
    let ada = server.signed_up("ada").await;
    for caller in [&ada, &server.anonymous()] {
        let answer = caller.call("GET", &format!("{CHECK}/open")).send().await;
        assert_eq!(answer.header("cache-control"), Some("no-store"));
    }
}
