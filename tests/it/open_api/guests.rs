//! Answers to guests.

use portcullis_testkit::TestServer;
use serde_json::json;

use super::answers::Checked;

/// Signs a guest in, and deletes the guest.
pub(super) async fn guests(checked: &Checked, server: &TestServer) {
    let guest = server.anonymous();
    for path in ["/sign-in/anonymous", "/delete-anonymous-user"] {
        checked.post(&guest, path, json!({})).await;
    }
}
