//! Codes of the plugins `two_factor` and `username`.

use portcullis_testkit::{Caller, TestServer, TestServerBuilder};
use serde_json::json;

use super::Produced;

const PASSWORD: &str = "password1234";
/// Makes every update of a second factor change nothing, as if another request had been faster.
const OVERTAKEN: &str = r#"
    create function overtaken() returns trigger language plpgsql as 'begin return null; end';
    create trigger overtaken before update on "twoFactor" for each row execute function overtaken()"#;

fn with_plugin() -> TestServerBuilder {
    TestServer::with().set("PORTCULLIS_PLUGINS__TWO_FACTOR__ENABLED", "true")
}

pub(super) async fn met(produced: &Produced) {
    let server = with_plugin().start();
    let ada = server.signed_up("ada").await;
    not_enrolled(produced, &ada).await;
    enrolled(produced, &server, &ada).await;
    let password = json!({ "password": PASSWORD });
    server.execute("delete from account");
    produced.post(&ada, "/two-factor/get-totp-uri", password).await;
    let code = json!({ "code": "no" });
    produced
        .post(&server.anonymous(), "/two-factor/verify-totp", code.clone())
        .await;

    let without = with_plugin()
        .set("PORTCULLIS_PLUGINS__TWO_FACTOR__TOTP_OPTIONS__DISABLE", "true")
        .set("PORTCULLIS_DELIVERY__TRANSPORT", "none")
        .start();
    let ada = without.signed_up("ada").await;
    produced.post(&ada, "/two-factor/verify-totp", code).await;
    produced.post(&ada, "/two-factor/send-otp", json!({})).await;
}

async fn not_enrolled(produced: &Produced, ada: &Caller) {
    let password = json!({ "password": PASSWORD });
    let code = json!({ "code": "no" });
    produced
        .post(ada, "/two-factor/generate-backup-codes", password.clone())
        .await;
    produced.post(ada, "/two-factor/get-totp-uri", password).await;
    produced.post(ada, "/two-factor/verify-backup-code", code).await;
}

async fn enrolled(produced: &Produced, server: &TestServer, ada: &Caller) {
    let enabled = ada.post("/two-factor/enable", &json!({ "password": PASSWORD }));
    let codes = enabled.send().await.json()["backupCodes"].clone();
    let code = json!({ "code": "no" });
    produced
        .post(ada, "/two-factor/verify-backup-code", code.clone())
        .await;
    produced.post(ada, "/two-factor/verify-otp", code.clone()).await;
    produced.post(ada, "/two-factor/send-otp", json!({})).await;
    for _ in 0..6 {
        produced.post(ada, "/two-factor/verify-otp", code.clone()).await;
    }
    server.execute(OVERTAKEN);
    produced
        .post(ada, "/two-factor/verify-backup-code", json!({ "code": codes[0] }))
        .await;
}

pub(super) async fn user_names(produced: &Produced) {
    let server = TestServer::with()
        .set("PORTCULLIS_PLUGINS__USERNAME__ENABLED", "true")
        .start();
    let stranger = server.anonymous();
    let sign_up = |email: &str, username: &str| json!({ "name": "n", "email": email, "password": PASSWORD, "username": username });
    for (email, username) in [
        ("ada@example.com", "ada"),
        ("eve@example.com", "ada"),
        ("eve@example.com", "a"),
        ("eve@example.com", "a b c"),
    ] {
        produced
            .post(&server.anonymous(), "/sign-up/email", sign_up(email, username))
            .await;
    }
    let long = "a".repeat(31);
    for username in ["ada", "a", "a b c", long.as_str()] {
        let body = json!({ "username": username, "password": "no" });
        produced.post(&stranger, "/sign-in/username", body).await;
        produced
            .post(
                &stranger,
                "/is-username-available",
                json!({ "username": username }),
            )
            .await;
    }
}
