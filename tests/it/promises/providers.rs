//! Codes of sign-in with providers, and of the tokens that they issue.

use portcullis_testkit::{Caller, MockProvider, TestServer, TestServerBuilder};
use serde_json::{Value, json};

use super::Produced;
use crate::social::server_with;

fn with_google(mock: &MockProvider) -> TestServerBuilder {
    server_with("google", mock).set("PORTCULLIS_PLUGINS__ONE_TAP__ENABLED", "true")
}

/// Also with Vercel, which refreshes no tokens, and with a provider whose discovery document does not exist.
fn with_others(mock: &MockProvider) -> TestServerBuilder {
    let settings = [
        ("SOCIAL_PROVIDERS__VERCEL__CLIENT_ID", "id"),
        ("SOCIAL_PROVIDERS__VERCEL__CLIENT_SECRET", "secret"),
        ("PLUGINS__GENERIC_OAUTH__PROVIDERS__GONE__CLIENT_ID", "id"),
        ("PLUGINS__GENERIC_OAUTH__PROVIDERS__GONE__CLIENT_SECRET", "secret"),
        (
            "PLUGINS__GENERIC_OAUTH__PROVIDERS__GONE__DISCOVERY_URL",
            &mock.url("/gone"),
        ),
    ];
    settings
        .into_iter()
        .fold(with_google(mock), |server, (name, value)| {
            server.set(&format!("PORTCULLIS_{name}"), value)
        })
}

/// The body of a request with an id token of Google, with these changes of its claims.
fn google(mock: &MockProvider, claims: &Value) -> Value {
    json!({ "provider": "google", "idToken": { "token": mock.id_token(claims) } })
}

fn tapped(mock: &MockProvider, claims: &Value) -> Value {
    json!({ "idToken": mock.id_token(claims) })
}

pub(super) async fn met(produced: &Produced) {
    let mock = MockProvider::for_provider("google");
    let server = with_others(&mock).start();
    providers(produced, &server).await;
    id_tokens(produced, &server, &mock).await;
    links(produced, &server, &mock).await;
    tokens(produced, &server).await;
    strict(produced, &mock).await;
    large_states(produced, &mock).await;
}

/// A deployment that stores states in cookies.
async fn large_states(produced: &Produced, mock: &MockProvider) {
    let server = with_google(mock)
        .set("PORTCULLIS_ACCOUNT__STORE_STATE_STRATEGY", "cookie")
        .start();
    let note = json!({ "note": "x".repeat(2000) });
    let body = json!({ "provider": "google", "additionalData": note });
    produced.post(&server.anonymous(), "/sign-in/social", body).await;
}

async fn providers(produced: &Produced, server: &TestServer) {
    let anonymous = server.anonymous();
    for provider in ["gitlab", "gone"] {
        let body = json!({ "provider": provider });
        produced.post(&anonymous, "/sign-in/social", body).await;
    }
    for provider in ["name", "gone"] {
        let body = json!({ "providerId": provider });
        produced.post(&anonymous, "/sign-in/oauth2", body).await;
    }
    let body = json!({ "provider": "vercel", "idToken": { "token": "x" } });
    produced.post(&anonymous, "/sign-in/social", body).await;
}

async fn id_tokens(produced: &Produced, server: &TestServer, mock: &MockProvider) {
    server.signed_up("ada").await;
    for claims in [
        json!({}),
        json!({ "aud": "other" }),
        json!({ "sub": null }),
        json!({ "email": null }),
    ] {
        let anonymous = server.anonymous();
        produced
            .post(&anonymous, "/sign-in/social", google(mock, &claims))
            .await;
        produced
            .post(&anonymous, "/one-tap/callback", tapped(mock, &claims))
            .await;
    }
}

async fn links(produced: &Produced, server: &TestServer, mock: &MockProvider) {
    let eve = server.signed_up("eve").await;
    let bob = server.signed_up("bob").await;
    let of_eve = json!({ "email": "eve@example.com" });
    let unproven = json!({ "email": "eve@example.com", "email_verified": false });
    produced.post(&bob, "/link-social", google(mock, &of_eve)).await;
    produced.post(&eve, "/link-social", google(mock, &unproven)).await;
    produced.post(&eve, "/link-social", google(mock, &of_eve)).await;
    let of_bob = json!({ "email": "bob@example.com" });
    produced.post(&bob, "/link-social", google(mock, &of_bob)).await;
}

async fn tokens(produced: &Produced, server: &TestServer) {
    let eve = server.signed_in("eve").await;
    let ask = async |path: &str, provider: &str| {
        let body = json!({ "providerId": provider });
        produced.post(&eve, path, body).await;
    };
    ask("/get-access-token", "name").await;
    ask("/refresh-token", "name").await;
    ask("/refresh-token", "vercel").await;
    set(server, r#""refreshToken" = null"#);
    ask("/refresh-token", "google").await;
    set(server, r#""accessToken" = null, "accountId" = '1'"#);
    info(produced, &eve).await;
    set(
        server,
        r#""accessToken" = 'a', "refreshToken" = 'gone', "accessTokenExpiresAt" = '2025-12-31T00:00:00Z'"#,
    );
    ask("/get-access-token", "google").await;
    ask("/refresh-token", "google").await;
    set(server, r#""providerId" = 'name'"#);
    info(produced, &eve).await;
}

/// Sets columns of the account at Google.
fn set(server: &TestServer, columns: &str) {
    server.execute(&format!(
        r#"update account set {columns} where "providerId" = 'google'"#
    ));
}

async fn info(produced: &Produced, caller: &Caller) {
    produced.note(&caller.get("/account-info?accountId=1").send().await);
}

/// Deployments that accept no new users, or that require a field that Google does not provide.
async fn strict(produced: &Produced, mock: &MockProvider) {
    let closed = with_google(mock)
        .set("PORTCULLIS_SOCIAL_PROVIDERS__GOOGLE__DISABLE_SIGN_UP", "true")
        .set("PORTCULLIS_PLUGINS__ONE_TAP__DISABLE_SIGNUP", "true")
        .start();
    let demanding = with_google(mock)
        .file("[user.additional_fields.field]\ntype = \"string\"\nrequired = true\n")
        .start();
    for server in [closed, demanding] {
        let anonymous = server.anonymous();
        let none = json!({});
        produced
            .post(&anonymous, "/sign-in/social", google(mock, &none))
            .await;
        produced
            .post(&anonymous, "/one-tap/callback", tapped(mock, &none))
            .await;
    }
}
