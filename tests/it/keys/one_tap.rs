//! Proofs of the keys of `plugins.one_tap`.

use serde_json::json;

use super::{
    proof::{Proof, provided},
    provided::{Provided, Shape},
};

const ENABLED: &str = "plugins.one_tap.enabled";
const GOOGLE: Shape = Shape::Social("google");

/// The answer to an id token that Google gave to a page.
async fn tapped(on: &Provided) -> String {
    let body = json!({ "idToken": on.mock.id_token(&json!({})) });
    let call = on.server.anonymous();
    call.post("/one-tap/callback", &body).send().await.to_string()
}

pub(super) fn proofs() -> Vec<Proof> {
    vec![
        provided(GOOGLE, ENABLED, "true", tapped, ["404\n", "ada@example.com"]),
        provided(
            GOOGLE,
            "plugins.one_tap.client_id",
            "other",
            tapped,
            ["ada@example.com", "INVALID_ID_TOKEN"],
        )
        .with(ENABLED, "true"),
        provided(
            GOOGLE,
            "plugins.one_tap.disable_signup",
            "true",
            tapped,
            ["ada@example.com", "USER_NOT_FOUND"],
        )
        .with(ENABLED, "true"),
    ]
}
