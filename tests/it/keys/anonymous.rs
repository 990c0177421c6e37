//! Proofs of the keys of `plugins.anonymous`.

use portcullis_testkit::TestServer;
use serde_json::json;

use super::proof::{Proof, refused, server};

const ENABLED: &str = "plugins.anonymous.enabled";
const DOMAIN: &str = "plugins.anonymous.email_domain_name";

/// The answers to the sign-in and to the deletion of a guest.
async fn guest(server: &TestServer) -> String {
    let caller = server.anonymous();
    let signed_in = caller.post("/sign-in/anonymous", &json!({})).send().await;
    let deleted = caller.post("/delete-anonymous-user", &json!({})).send().await;
    format!("{signed_in}\n{deleted}")
}

pub(super) fn proofs() -> Vec<Proof> {
    let options = [
        server(
            DOMAIN,
            "guests.example.com",
            guest,
            ["\"temp@", "@guests.example.com\""],
        ),
        refused(DOMAIN, "localhost", "with which e-mail addresses are not valid"),
        server(
            "plugins.anonymous.name",
            "Guest",
            guest,
            [r#""name":"Anonymous""#, r#""name":"Guest""#],
        ),
        server(
            "plugins.anonymous.disable_delete_anonymous_user",
            "true",
            guest,
            [r#"{"success":true}"#, "DELETING_ANONYMOUS_USERS_IS_DISABLED"],
        ),
    ];
    let mut proofs = vec![server(ENABLED, "true", guest, ["404\n", r#""isAnonymous":true"#])];
    proofs.extend(options.map(|proof| proof.with(ENABLED, "true")));
    proofs
}
