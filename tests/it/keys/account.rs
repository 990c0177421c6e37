//! Proofs of the keys of `account`.

use portcullis_testkit::TestServer;
use serde_json::json;

use super::{
    looks::sign_up,
    proof::{Proof, server},
};

pub(super) fn proofs() -> Vec<Proof> {
    vec![server(
        "account.account_linking.allow_unlinking_all",
        "true",
        async |server: &TestServer| {
            let (ada, _) = sign_up(server, json!({})).await;
            let body = json!({ "providerId": "credential" });
            ada.post("/unlink-account", &body).send().await.to_string()
        },
        ["YOU_CANT_UNLINK_YOUR_LAST_ACCOUNT", r#"{"status":true}"#],
    )]
}
