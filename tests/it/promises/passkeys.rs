//! The codes of passkeys.

use portcullis_testkit::TestServer;
use serde_json::json;

use super::Produced;

pub(super) async fn met(produced: &Produced) {
    let server = TestServer::with()
        .set("PORTCULLIS_PLUGINS__PASSKEY__ENABLED", "true")
        .start();
    let (ada, eve) = (server.signed_up("ada").await, server.signed_up("eve").await);
    server.execute(
        r#"insert into "passkey" ("id", "publicKey", "userId", "credentialID", "counter", "deviceType", "backedUp")
           select 'p', 'key', "id", 'known', 0, 'singleDevice', false from "user" where "name" = 'ada'"#,
    );
    let sign_in = "/passkey/verify-authentication";
    produced.post(&eve, sign_in, json!({ "response": {} })).await;
    let body = json!({ "response": {} });
    let without_origin = eve.post(sign_in, &body).without("origin");
    produced.note(&without_origin.send().await);
    for id in ["unknown", "known"] {
        eve.get("/passkey/generate-authenticate-options").send().await;
        produced
            .post(&eve, sign_in, json!({ "response": { "id": id } }))
            .await;
    }
    ada.get("/passkey/generate-register-options").send().await;
    produced
        .post(&ada, "/passkey/verify-registration", json!({}))
        .await;
    let named = json!({ "id": "p", "name": "mine" });
    produced.post(&eve, "/passkey/update-passkey", named).await;
}
