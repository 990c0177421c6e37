//! The first proof of an address: passkeys from before it may belong to an attacker who signed up with the victim's address
//! (GHSA-qq9h-g4jm-xgf3).

use super::*;

const ADA: &str = "ada@example.com";

fn sending() -> TestServerBuilder {
    with_plugin()
        .set("PORTCULLIS_EMAIL_VERIFICATION__SEND_ON_SIGN_UP", "true")
        .set("PORTCULLIS_PLUGINS__MAGIC_LINK__ENABLED", "true")
}

async fn is_rejected(server: &TestServer, attacker: &mut Authenticator) -> bool {
    let answer = sign_in(&server.anonymous(), attacker).await;
    is(&answer, 401, "PASSKEY_NOT_FOUND")
}

#[tokio::test]
async fn a_passkey_from_before_the_address_was_verified_signs_in_no_more() {
    let server = sending().start();
    let (_ada, mut attacker) = registered(&server, "ada").await;
    let token = server.mailbox.next(ADA).await.token;
    let victim = server.anonymous();
    let followed = victim.get(&format!("/verify-email?token={token}")).send().await;
    assert_eq!(followed.status, 200, "{followed}");
    assert!(is_rejected(&server, &mut attacker).await);
    assert_eq!(server.rows(r#"select 1 from "passkey""#), 0);
}

#[tokio::test]
async fn a_passkey_from_before_the_first_magic_link_signs_in_no_more() {
    let server = sending().start();
    let (_ada, mut attacker) = registered(&server, "ada").await;
    server.mailbox.next(ADA).await;
    let victim = server.anonymous();
    let asked = victim
        .post("/sign-in/magic-link", &json!({ "email": ADA }))
        .send()
        .await;
    assert_eq!(asked.status, 200, "{asked}");
    let token = server.mailbox.next(ADA).await.token;
    let path = format!("/magic-link/verify?token={token}");
    let followed = victim.get(&path).send().await;
    assert_eq!(followed.status, 200, "{followed}");
    assert_eq!(name(&victim).await, "ada");
    assert!(is_rejected(&server, &mut attacker).await);

    // A passkey from after it remains.
    let mut own = Authenticator::es256();
    register(&victim, &own).await;
    let browser = server.anonymous();
    let again = victim
        .post("/sign-in/magic-link", &json!({ "email": ADA }))
        .send()
        .await;
    assert_eq!(again.status, 200, "{again}");
    let token = server.mailbox.next(ADA).await.token;
    browser
        .get(&format!("/magic-link/verify?token={token}"))
        .send()
        .await;
    assert_eq!(sign_in(&server.anonymous(), &mut own).await.status, 200);
}
