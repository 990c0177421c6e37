//! Proofs of the keys that only some providers have.

use portcullis_testkit::{CLIENT_ID, CLIENT_SECRET};
use serde_json::json;

use super::{
    proof::{Proof, provided, refused, server},
    provided::{Provided, Shape, beginning, present, with_id_token},
    social_providers::{configured, in_url},
};

const DOMAIN: &str = "social_providers.NAME.domain";
const REGION: &str = "social_providers.NAME.region";
const USER_POOL: &str = "social_providers.NAME.user_pool_id";
const ISSUER: &str = "social_providers.NAME.issuer";
const ENVIRONMENT: &str = "social_providers.NAME.environment";
const CLIENT_KEY: &str = "social_providers.NAME.client_key";
const PKCE: &str = "social_providers.NAME.pkce";

/// Every such key, with a value that it may have.
const OPTIONS: &[(&str, &str)] = &[
    ("social_providers.NAME.app_bundle_identifier", "com.example.app"),
    ("social_providers.NAME.audience", "com.example.app"),
    ("social_providers.NAME.authority", "https://login.example.com"),
    ("social_providers.NAME.claims", "picture"),
    ("social_providers.NAME.config_id", "4711"),
    ("social_providers.NAME.disable_profile_photo", "true"),
    ("social_providers.NAME.display", "popup"),
    ("social_providers.NAME.duration", "permanent"),
    ("social_providers.NAME.fields", "birthday"),
    ("social_providers.NAME.hd", "example.com"),
    ("social_providers.NAME.login_url", "acme.my.salesforce.com"),
    ("social_providers.NAME.permissions", "8"),
    ("social_providers.NAME.profile_photo_size", "64"),
    ("social_providers.NAME.scheme", "dark"),
    ("social_providers.NAME.tenant_id", "consumers"),
    (CLIENT_KEY, "key"),
    (DOMAIN, "id.example.com"),
    (ENVIRONMENT, "sandbox"),
    (ISSUER, "https://id.example.com"),
    (PKCE, "true"),
    (REGION, "eu-north-1"),
    (USER_POOL, "eu-north-1_pool"),
];

/// The requests of a sign-in.
async fn requests(on: &Provided) -> String {
    on.sign_in().await;
    let requests = on.mock.requests().into_iter();
    let lines = requests.map(|request| format!("{}?{}", request.path, request.raw_query));
    lines.collect::<Vec<_>>().join("\n")
}

/// The answer to an id token of the user pool `eu-north-1_pool`.
async fn of_pool(on: &Provided) -> String {
    let issuer = "https://cognito-idp.eu-north-1.amazonaws.com/eu-north-1_pool";
    present(on, &on.mock.id_token(&json!({ "iss": issuer }))).await
}

pub(super) fn proofs() -> Vec<Proof> {
    let mut proofs: Vec<_> = OPTIONS
        .iter()
        .map(|(key, value)| refused(key, value, "is not an option of GitHub"))
        .map(|proof| configured(proof, "github"))
        .collect();
    proofs.extend(urls());
    proofs.extend(hosts());
    proofs.extend(tokens());
    proofs
}

fn urls() -> Vec<Proof> {
    vec![
        in_url(
            "discord",
            "social_providers.NAME.permissions",
            "8",
            ["", "permissions=8"],
        )
        .with("social_providers.NAME.scope", "bot"),
        in_url(
            "facebook",
            "social_providers.NAME.config_id",
            "4711",
            ["", "config_id=4711"],
        ),
        in_url(
            "google",
            "social_providers.NAME.display",
            "popup",
            ["", "display=popup"],
        ),
        in_url(
            "google",
            "social_providers.NAME.hd",
            "example.com",
            ["", "hd=example.com"],
        ),
        in_url(
            "reddit",
            "social_providers.NAME.duration",
            "permanent",
            ["", "duration=permanent"],
        ),
        server(
            CLIENT_KEY,
            "other",
            beginning("tiktok"),
            ["client_key=key", "client_key=other"],
        )
        .instead_of("key")
        .of("tiktok")
        .with("social_providers.NAME.client_secret", CLIENT_SECRET),
        in_url(
            "twitch",
            "social_providers.NAME.claims",
            "picture",
            ["preferred_username", ""],
        ),
        in_url("vk", "social_providers.NAME.scheme", "dark", ["", "scheme=dark"]),
        in_url("zoom", PKCE, "false", ["code_challenge=", ""]),
    ]
}

fn hosts() -> Vec<Proof> {
    vec![
        in_url(
            "cognito",
            DOMAIN,
            "id.example.com",
            ["https://old.example.com/", "https://id.example.com/"],
        )
        .instead_of("old.example.com")
        .with(REGION, "eu-north-1")
        .with(USER_POOL, "eu-north-1_pool"),
        in_url(
            "gitlab",
            ISSUER,
            "https://git.example.com",
            ["https://gitlab.com/", "https://git.example.com/"],
        ),
        in_url(
            "paybin",
            ISSUER,
            "https://id.example.com",
            ["https://idp.paybin.io/", "https://id.example.com/"],
        ),
        in_url(
            "microsoft",
            "social_providers.NAME.tenant_id",
            "consumers",
            [
                "https://login.microsoftonline.com/common/",
                "https://login.microsoftonline.com/consumers/",
            ],
        ),
        in_url(
            "microsoft",
            "social_providers.NAME.authority",
            "https://login.example.com",
            ["https://login.microsoftonline.com/", "https://login.example.com/"],
        ),
        in_url(
            "paypal",
            ENVIRONMENT,
            "live",
            ["https://www.sandbox.paypal.com/", "https://www.paypal.com/"],
        ),
        in_url(
            "salesforce",
            ENVIRONMENT,
            "sandbox",
            ["https://login.salesforce.com/", "https://test.salesforce.com/"],
        ),
        in_url(
            "salesforce",
            "social_providers.NAME.login_url",
            "acme.my.salesforce.com",
            ["https://login.salesforce.com/", "https://acme.my.salesforce.com/"],
        ),
    ]
}

fn tokens() -> Vec<Proof> {
    let of_apple = |key| {
        provided(
            Shape::Social("apple"),
            key,
            "com.example.app",
            with_id_token,
            ["200\n", "INVALID_TOKEN"],
        )
    };
    let of_pool = |key, value, before| {
        provided(
            Shape::Social("cognito"),
            key,
            value,
            of_pool,
            ["INVALID_TOKEN", "200\n"],
        )
        .instead_of(before)
        .with("social_providers.NAME.endpoints.issuer", "")
    };
    vec![
        of_apple("social_providers.NAME.app_bundle_identifier"),
        of_apple("social_providers.NAME.audience"),
        of_pool(REGION, "eu-north-1", "us-east-1").with(USER_POOL, "eu-north-1_pool"),
        of_pool(USER_POOL, "eu-north-1_pool", "eu-north-1_other").with(REGION, "eu-north-1"),
        refused(REGION, "", "is required")
            .instead_of("eu-north-1")
            .of("cognito")
            .with("social_providers.NAME.client_id", CLIENT_ID)
            .with("social_providers.NAME.client_secret", CLIENT_SECRET)
            .with(DOMAIN, "id.example.com")
            .with(USER_POOL, "eu-north-1_pool"),
        provided(
            Shape::Social("facebook"),
            "social_providers.NAME.fields",
            "birthday",
            requests,
            ["", "birthday"],
        ),
        provided(
            Shape::Social("microsoft"),
            "social_providers.NAME.profile_photo_size",
            "64",
            requests,
            ["/photos/48x48/", "/photos/64x64/"],
        ),
        provided(
            Shape::Social("microsoft"),
            "social_providers.NAME.disable_profile_photo",
            "true",
            requests,
            ["/photos/48x48/", ""],
        ),
    ]
}
