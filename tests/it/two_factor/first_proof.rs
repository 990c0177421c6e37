//! A second factor from before the first proof of the address (GHSA-qq9h-g4jm-xgf3).

use portcullis_domain::message::MessageKind;

use super::*;

fn with_messages() -> TestServerBuilder {
    with_plugin()
        .set("PORTCULLIS_PLUGINS__MAGIC_LINK__ENABLED", "true")
        .set("PORTCULLIS_PLUGINS__EMAIL_OTP__ENABLED", "true")
}

/// Signs the owner of the address in by a link.
async fn follow_link(server: &TestServer, client: &Caller) -> Answer {
    let answer = client.post("/sign-in/magic-link", &json!({ "email": ADA }));
    assert_eq!(answer.send().await.status, 200);
    let message = server.mailbox.next(ADA).await;
    assert_eq!(message.kind, MessageKind::MagicLink);
    client.call("GET", &message.path()).send().await
}

/// Signs the owner of the address in by a code.
async fn enter_code(server: &TestServer, client: &Caller) -> Answer {
    let body = json!({ "email": ADA, "type": "sign-in" });
    let answer = client.post("/email-otp/send-verification-otp", &body);
    assert_eq!(answer.send().await.status, 200);
    let code = server.mailbox.next(ADA).await.code;
    let body = json!({ "email": ADA, "otp": code });
    client.post("/sign-in/email-otp", &body).send().await
}

/// Asserts that the owner is signed in, and that everything of the attacker has ended.
async fn assert_ended(server: &TestServer, owner: &Caller, attacker: &User) {
    let user = session(owner).await["user"].clone();
    assert_eq!(
        json!([user["email"], user["emailVerified"], user["twoFactorEnabled"]]),
        json!([ADA, true, false])
    );
    assert_eq!(session(&attacker.caller).await, Value::Null);
    let again = sign_in(&server.anonymous(), "ada").await;
    assert_eq!(again.status, 401, "{again}");
    assert_eq!(server.rows(r#"select from "twoFactor""#), 0);
}

#[tokio::test]
async fn an_attackers_second_factor_does_not_keep_the_owner_of_the_address_out() {
    let server = with_messages().start();
    let attacker = protected(&server, "ada").await;
    let pending = challenged(&server, "ada").await;
    let owner = server.anonymous();
    let answer = follow_link(&server, &owner).await;
    assert_eq!(answer.status, 302, "{answer}");
    assert_ended(&server, &owner, &attacker).await;
    // A sign-in of the attacker that waited for the second factor has ended as well.
    let code = json!({ "code": attacker.code(&server, 0) });
    assert_eq!(post(&pending, "verify-totp", code).await.status, 401);

    let server = with_messages().start();
    let attacker = protected(&server, "ada").await;
    let owner = server.anonymous();
    let answer = enter_code(&server, &owner).await;
    assert_eq!(answer.status, 200, "{answer}");
    assert_ended(&server, &owner, &attacker).await;
}

#[tokio::test]
async fn the_second_factor_of_a_proven_address_stays() {
    let server = with_messages().start();
    protected(&server, "ada").await;
    server.execute(r#"update "user" set "emailVerified" = true"#);
    let owner = server.anonymous();
    let answer = enter_code(&server, &owner).await;
    assert_eq!(answer.body, r#"{"twoFactorRedirect":true}"#, "{answer}");
    assert_eq!(server.rows(r#"select from "twoFactor""#), 1);
}

#[tokio::test]
async fn a_refused_owner_changes_nothing_of_the_account() {
    let server = with_messages()
        .set("PORTCULLIS_PLUGINS__ADMIN__ENABLED", "true")
        .start();
    protected(&server, "ada").await;
    server.execute(r#"update "user" set banned = true"#);
    let answer = enter_code(&server, &server.anonymous()).await;
    assert_eq!((answer.status, answer.code()), (403, "BANNED_USER".to_owned()));
    let kept = r#"select from "twoFactor", "user" where not "emailVerified" and "twoFactorEnabled""#;
    assert_eq!(server.rows(kept), 1);
}
