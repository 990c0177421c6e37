//! The routes of passkeys.

use portcullis_testkit::TestServer;
use serde_json::json;

use super::answers::Checked;
use crate::passkey::Authenticator;

pub(super) async fn passkeys(checked: &Checked, server: &TestServer) {
    let caller = server.signed_up("passkeys").await;
    let mut authenticator = Authenticator::eddsa(9);
    let options = checked
        .get(&caller, "/passkey/generate-register-options", "")
        .await;
    let response = authenticator.register(options.json()["challenge"].as_str().unwrap());
    let body = json!({ "response": response });
    for _ in 0..2 {
        // The second answer is `null`.
        checked
            .post(&caller, "/passkey/verify-registration", body.clone())
            .await;
    }
    let list = checked
        .get(&caller, "/passkey/list-user-passkeys", "")
        .await
        .json();
    let id = list[0]["id"].clone();
    let path = "/passkey/generate-authenticate-options";
    checked.get(&caller, path, "").await;
    let browser = server.anonymous();
    let options = checked.get(&browser, path, "").await.json();
    let response = authenticator.sign(options["challenge"].as_str().unwrap());
    let body = json!({ "response": response });
    checked
        .post(&browser, "/passkey/verify-authentication", body)
        .await;
    let named = json!({ "id": id, "name": "laptop" });
    checked.post(&caller, "/passkey/update-passkey", named).await;
    checked
        .post(&caller, "/passkey/delete-passkey", json!({ "id": id }))
        .await;
}
