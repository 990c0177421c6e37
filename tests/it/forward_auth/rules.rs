//! Rules: requirements, and clients without a session.

use portcullis_testkit::TestServer;
use serde_json::json;

use super::{CHECK, assert_no_identity, identity, ruled, with};

#[tokio::test]
async fn a_user_who_does_not_meet_a_requirement_gets_403() {
    let server = ruled().start();
    let ada = server.signed_up("ada").await;
    let path = format!("{CHECK}/verified");
    let refused = ada.call("GET", &path).send().await;
    assert_eq!(
        (refused.status, refused.code().as_str()),
        (403, "REQUIREMENT_NOT_MET")
    );
    assert_no_identity(&refused, "refused");
    server.execute(r#"update "user" set "emailVerified" = true"#);
    assert_eq!(ada.call("GET", &path).send().await.status, 200);
}

#[tokio::test]
async fn an_unknown_rule_is_404_for_every_client() {
    let server = ruled().start();
    let ada = server.signed_up("ada").await;
    for path in ["/other", "/Verified", "/verified%20", "/other/verified"] {
        for caller in [&ada, &server.anonymous()] {
            let answer = caller.call("GET", &format!("{CHECK}{path}")).send().await;
            assert_eq!(
                (answer.status, answer.code().as_str()),
                (404, "UNKNOWN_RULE"),
                "{path}"
            );
            assert_no_identity(&answer, path);
        }
    }
}

#[tokio::test]
async fn a_rule_that_allows_anonymous_clients_passes_them_without_an_identity() {
    let server = ruled().start();
    let path = format!("{CHECK}/open");
    let anonymous = server.anonymous().call("GET", &path).send().await;
    assert_eq!(anonymous.status, 200);
    assert_no_identity(&anonymous, "anonymous");
    let forged = server
        .anonymous()
        .call("GET", &path)
        .header("cookie", "better-auth.session_token=abc.def")
        .send()
        .await;
    assert_eq!(forged.status, 200);
    assert_no_identity(&forged, "forged");
    let ada = server.signed_up("ada").await;
    assert_eq!(
        identity(&ada.call("GET", &path).send().await)[1],
        "ada@example.com"
    );
}

/// The requirements of fields of each kind, with the value that a user has.
#[tokio::test]
async fn declared_fields_decide() {
    let server = with(
        r#"
        [plugins.forward_auth.rules]
        plan = { require = ["plan=pro,team"] }
        level = { require = ["level=2,3"] }
        beta = { require = ["beta=true"] }
        all = { require = ["plan=pro", "level=2"] }
        admins = { require = ["role=admin,editor"] }
        hidden = { require = ["secret=x"] }
        [user.additional_fields]
        plan = { type = ["free", "pro", "team"], input = false, default = "free" }
        level = { type = "number", input = false, required = false }
        beta = { type = "boolean", input = false, required = false }
        role = { type = "string", input = false, required = false }
        secret = { type = "string", input = false, required = false, returned = false }
        "#,
    )
    .start();
    let ada = server.signed_up("ada").await;
    for (rule, change, status) in [
        ("plan", "plan = 'free'", 403),
        ("plan", "plan = 'team'", 200),
        ("level", "level = null", 403),
        ("level", "level = 2", 200),
        ("all", "level = 2", 403),
        ("all", "plan = 'pro'", 200),
        ("beta", "beta = false", 403),
        ("beta", "beta = true", 200),
        ("admins", "role = 'user'", 403),
        ("admins", "role = 'user,editor'", 200),
        ("admins", "role = 'administrator'", 403),
        ("hidden", "secret = 'x'", 200),
    ] {
        server.execute(&format!(r#"update "user" set {change}"#));
        let answer = ada.call("GET", &format!("{CHECK}/{rule}")).send().await;
        assert_eq!(answer.status, status, "{rule}, {change}: {answer}");
    }
}

#[tokio::test]
async fn a_change_of_the_user_counts_at_the_next_check() {
    let server = ruled()
        .set("PORTCULLIS_SESSION__COOKIE_CACHE__ENABLED", "true")
        .start();
    let ada = server.signed_up("ada").await;
    server.execute(r#"update "user" set "emailVerified" = true"#);
    let path = format!("{CHECK}/verified");
    assert_eq!(ada.call("GET", &path).send().await.status, 200);
    server.execute(r#"update "user" set "emailVerified" = false"#);
    assert_eq!(ada.call("GET", &path).send().await.status, 403);
    ada.post("/sign-out", &json!({})).send().await;
    assert_eq!(ada.call("GET", &path).send().await.status, 401);
}

#[test]
fn a_rule_that_no_user_can_meet_or_that_is_malformed_is_a_startup_error() {
    let refusal = |rule: &str| {
        let file = format!("[plugins.forward_auth.rules]\n{rule}\n");
        TestServer::with().file(&file).refusal().unwrap_or_default()
    };
    for (rule, reason) in [
        (
            "a = { require = [\"emailverified=true\"] }",
            "did you mean emailVerified?",
        ),
        (
            "a = { require = [\"plan=pro\"] }",
            "\"plan\", which is not a field of users",
        ),
        (
            "a = { require = [\"emailVerified=yes\"] }",
            "holds `true` or `false`",
        ),
        ("a = { require = [\"emailVerified\"] }", "is not of the form"),
        ("a = { require = [\"createdAt=2026\"] }", "holds a date"),
        (
            "a = { require = \"emailVerified=true\" }",
            "is not a list of texts",
        ),
        ("a = { require = [true] }", "is not a list of texts"),
        (
            "a = { requires = [] }",
            "unknown member `requires`: did you mean require?",
        ),
        ("a = { allow_anonymous = \"yes\" }", "neither `true` nor `false`"),
        (
            "a = { require = [\"emailVerified=true\"], allow_anonymous = true }",
            "could pass by signing out",
        ),
        (
            "a = { sign_in_url = \"https://a.test\", allow_anonymous = true }",
            "no client would be redirected",
        ),
        (
            "a = { sign_in_url = \"/sign-in\" }",
            "is not an http or https URL",
        ),
        ("a = { sign_in_url = 1 }", "is not a text"),
        ("\"a/b\" = {}", "letters, digits, `-` and `_`"),
        ("\"\" = {}", "letters, digits, `-` and `_`"),
        ("a = true", "must be a table"),
    ] {
        let words = refusal(rule);
        assert!(
            words.contains(reason) && words.contains("`plugins.forward_auth.rules"),
            "{rule}: {words}"
        );
    }
    assert_eq!(refusal("a = {}"), "");
}
