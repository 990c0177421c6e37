//! Proofs of the keys of `account`.

use portcullis_testkit::TestServer;
use serde_json::json;

use super::{
    looks::sign_up,
    proof::{Proof, provided, refused, server},
    provided::{Provided, Shape, beginning, returning},
    social_providers::configured,
};
use crate::social::flow::{Flow, open};

const STRATEGY: &str = "account.store_state_strategy";
const TRUSTED: &str = "account.account_linking.trusted_providers";
const DIFFERENT: &str = "account.account_linking.allow_different_emails";
const GOOGLE: Shape = Shape::Social("google");

/// The same as [`returning`], of a user who has signed up and verified the address before.
async fn linking(on: &Provided) -> String {
    sign_up(&on.server, json!({})).await;
    on.server.execute(r#"update "user" set "emailVerified" = true"#);
    returning(on).await
}

/// The same, if the provider has not verified the address.
async fn linking_unverified(on: &Provided) -> String {
    on.mock.set_email_verified(false);
    linking(on).await
}

/// The page to which a signed-in user returns who links an account with the address `email`, and the user's name.
async fn linking_explicitly(on: &Provided, email: &str) -> String {
    let (ada, _) = sign_up(&on.server, json!({ "name": "Countess" })).await;
    on.mock.set_email(email);
    let body = json!({ "provider": "google", "callbackURL": "/linked", "errorCallbackURL": "/failed" });
    let url = Flow::begin_with(&ada, "/link-social", &body).await;
    let answer = open(&ada, &on.mock.authorize(&url)).await;
    let name = on.server.shown(r#"select name from "user""#);
    format!("{}, {name:?}", answer.header("location").unwrap_or_default())
}

async fn linking_same(on: &Provided) -> String {
    linking_explicitly(on, "ada@example.com").await
}

async fn linking_different(on: &Provided) -> String {
    linking_explicitly(on, "countess@example.com").await
}

/// The stored access token.
async fn stored(on: &Provided) -> String {
    on.sign_in().await;
    let token = on.server.shown(r#"select "accessToken" from account"#);
    format!("token: {}", token.unwrap_or_default())
}

/// The same after another sign-in.
async fn stored_again(on: &Provided) -> String {
    on.sign_in().await;
    stored(on).await
}

/// The cookies of a user who returns from a provider.
async fn returning_cookies(on: &Provided) -> String {
    let (_, answer) = on.sign_in().await;
    answer.cookies().collect::<Vec<_>>().join("\n")
}

pub(super) fn proofs() -> Vec<Proof> {
    let mut proofs = vec![
        server(
            "account.account_linking.allow_unlinking_all",
            "true",
            async |server: &TestServer| {
                let (ada, _) = sign_up(server, json!({})).await;
                let body = json!({ "providerId": "credential" });
                ada.post("/unlink-account", &body).send().await.to_string()
            },
            ["YOU_CANT_UNLINK_YOUR_LAST_ACCOUNT", r#"{"status":true}"#],
        ),
        configured(
            server(
                STRATEGY,
                "cookie",
                beginning("google"),
                ["better-auth.state=", "better-auth.oauth_state="],
            ),
            "google",
        ),
        provided(
            GOOGLE,
            "account.store_account_cookie",
            "true",
            returning_cookies,
            ["", "better-auth.account_data="],
        ),
        provided(
            GOOGLE,
            "account.encrypt_oauth_tokens",
            "true",
            stored,
            ["token: access-", ""],
        ),
        provided(
            GOOGLE,
            "account.update_account_on_sign_in",
            "false",
            stored_again,
            ["", "token: access-0002"],
        ),
    ];
    proofs.extend(links());
    proofs
}

fn links() -> Vec<Proof> {
    let not_linked = ["/done", "error=account_not_linked"];
    vec![
        provided(
            GOOGLE,
            "account.account_linking.enabled",
            "false",
            linking,
            not_linked,
        ),
        provided(
            GOOGLE,
            "account.account_linking.disable_implicit_linking",
            "true",
            linking,
            not_linked,
        ),
        provided(
            GOOGLE,
            TRUSTED,
            "google",
            linking_unverified,
            ["error=account_not_linked", "/done"],
        ),
        refused(TRUSTED, "gogle", "is not the id of a provider"),
        provided(
            GOOGLE,
            DIFFERENT,
            "true",
            linking_different,
            ["error=email_doesn", "/linked"],
        ),
        provided(
            GOOGLE,
            "account.account_linking.update_user_info_on_link",
            "true",
            linking_same,
            ["Countess", "Ada Lovelace"],
        ),
    ]
}
