//! Generic providers against a provider on this machine.

mod discovery;
mod presets;
mod provider;
mod server;
mod sign_in;
mod urls;

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::DateTime;
use portcullis_application::ports::{AuthorizationRequest, CodeExchange, ProviderTokens};
use portcullis_domain::secret::Secret;
use serde_json::{Value, json};

use super::GenericOptions;

/// The `state` of requests.
const STATE: &str = "s";
/// The redirect URI of requests.
const REDIRECT: &str = "https://auth.example.com/api/auth/oauth2/callback/op";
/// The end of the life of id tokens: 2026-01-01T01:00:00Z, an hour after the clock's time.
const END: i64 = 1_767_229_200;

fn secret(text: &str) -> Secret<String> {
    Secret::new(text.to_owned())
}

/// Options of a provider whose endpoints are configured.
fn configured() -> GenericOptions {
    GenericOptions {
        authorization_url: Some("https://op.example/auth".to_owned()),
        token_url: Some("https://op.example/token".to_owned()),
        client_secret: Some(secret("hush")),
        ..GenericOptions::new("op", "client")
    }
}

fn request<'a>(
    verifier: &'a Secret<String>,
    scopes: Option<&'a [String]>,
    is_link: bool,
) -> AuthorizationRequest<'a> {
    AuthorizationRequest {
        state: STATE,
        code_verifier: verifier,
        redirect_uri: REDIRECT,
        scopes,
        login_hint: None,
        is_link,
    }
}

fn exchange<'a>(code: &'a Secret<String>, verifier: &'a Secret<String>) -> CodeExchange<'a> {
    CodeExchange {
        code,
        code_verifier: verifier,
        redirect_uri: REDIRECT,
        device_id: None,
        user: None,
    }
}

/// Returns an id token with this header and these claims. The verifier of the tests accepts the signature `signed`.
fn id_token(header: &Value, claims: &Value, signature: &str) -> String {
    let part = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.{signature}", part(header), part(claims))
}

/// Returns tokens with an id token that has these claims.
fn tokens(claims: Option<&Value>) -> ProviderTokens {
    ProviderTokens {
        access_token: Some(secret("access")),
        id_token: claims.map(|claims| Secret::new(id_token(&json!({ "alg": "HS256" }), claims, "mac"))),
        access_token_expires_at: DateTime::from_timestamp(END, 0),
        ..ProviderTokens::default()
    }
}
