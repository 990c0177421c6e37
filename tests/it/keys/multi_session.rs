//! Proofs of the keys of `plugins.multi_session`.

use portcullis_testkit::TestServer;
use serde_json::json;

use super::proof::{Proof, server};

const ENABLED: &str = "plugins.multi_session.enabled";

/// Signs two users up in one browser, and returns the number of sessions that it lists.
async fn listed(server: &TestServer) -> String {
    let device = server.anonymous();
    for name in ["ada", "bob"] {
        let body =
            json!({ "name": name, "email": format!("{name}@example.com"), "password": "password1234" });
        device.post("/sign-up/email", &body).send().await;
    }
    let list = device.get("/multi-session/list-device-sessions").send().await;
    let sessions = list.body.matches(r#""session":"#).count();
    format!("{} with {sessions} sessions", list.status)
}

pub(super) fn proofs() -> Vec<Proof> {
    vec![
        server(ENABLED, "true", listed, ["404", "200 with 2 sessions"]),
        server(
            "plugins.multi_session.maximum_sessions",
            "1",
            listed,
            ["2 sessions", "1 sessions"],
        )
        .with(ENABLED, "true"),
    ]
}
