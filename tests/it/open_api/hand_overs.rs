//! The routes of sessions of a device and of their hand-over.

use portcullis_testkit::TestServer;
use serde_json::json;

use super::answers::Checked;

pub(super) async fn hand_overs(checked: &Checked, server: &TestServer) {
    let device = server.signed_up("device").await;
    let list = "/multi-session/list-device-sessions";
    let listed = checked.get(&device, list, "").await.json();
    let session = json!({ "sessionToken": listed[0]["session"]["token"] });
    let unknown = json!({ "sessionToken": "unknown" });
    for path in ["/multi-session/set-active", "/multi-session/revoke"] {
        checked.post(&device, path, unknown.clone()).await;
    }
    checked
        .post(&device, "/multi-session/set-active", session.clone())
        .await;

    let (generate, verify) = ("/one-time-token/generate", "/one-time-token/verify");
    let created = checked.get(&device, generate, "").await.json();
    for _once_and_again in 0..2 {
        checked.post(&server.anonymous(), verify, created.clone()).await;
    }
    checked.post(&device, "/multi-session/revoke", session).await;
    checked.get(&device, generate, "").await;
}
