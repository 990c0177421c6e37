//! Proofs of the keys of `plugins.api_key`.

use chrono::TimeDelta;
use portcullis_testkit::{Caller, SERVICE_SECRET, TestServer, basic};
use serde_json::{Value, json};

use super::{
    looks::sign_up,
    proof::{Proof, refused, server},
};

const ENABLED: &str = "plugins.api_key.enabled";
const SESSIONS: &str = "plugins.api_key.enable_session_for_api_keys";
const MIN_PREFIX: &str = "plugins.api_key.minimum_prefix_length";
const MAX_PREFIX: &str = "plugins.api_key.maximum_prefix_length";
const MIN_NAME: &str = "plugins.api_key.minimum_name_length";
const MAX_NAME: &str = "plugins.api_key.maximum_name_length";
const MIN_LIFETIME: &str = "plugins.api_key.key_expiration.min_expires_in";
const MAX_LIFETIME: &str = "plugins.api_key.key_expiration.max_expires_in";

async fn create(ada: &Caller, body: Value) -> String {
    ada.post("/api-key/create", &body).send().await.to_string()
}

/// The answers to the creation of Ada's keys with these bodies.
async fn created(server: &TestServer, bodies: &[Value]) -> String {
    let (ada, _) = sign_up(server, json!({})).await;
    let mut answers = Vec::new();
    for body in bodies {
        answers.push(create(&ada, body.clone()).await);
    }
    answers.join("\n")
}

async fn unnamed(server: &TestServer) -> String {
    created(server, &[json!({})]).await
}

async fn two(server: &TestServer) -> String {
    created(server, &[json!({}), json!({})]).await
}

async fn named(server: &TestServer) -> String {
    created(server, &[json!({ "name": "a" }), json!({ "name": "abcdef" })]).await
}

async fn prefixed(server: &TestServer) -> String {
    created(server, &[json!({ "prefix": "a" }), json!({ "prefix": "abcdef" })]).await
}

async fn with_metadata(server: &TestServer) -> String {
    created(server, &[json!({ "metadata": {} })]).await
}

/// Keys that live for an hour, and for two years.
async fn limited(server: &TestServer) -> String {
    let bodies = [3600, 63_072_000].map(|seconds| json!({ "expiresIn": seconds }));
    created(server, &bodies).await
}

/// A key that lives for two days.
async fn for_two_days(server: &TestServer) -> String {
    created(server, &[json!({ "expiresIn": 172_800 })]).await
}

async fn text(ada: &Caller) -> String {
    let answer = ada.post("/api-key/create", &json!({})).send().await;
    answer.json()["key"].as_str().unwrap().to_owned()
}

async fn length(server: &TestServer) -> String {
    let (ada, _) = sign_up(server, json!({})).await;
    format!("{} letters", text(&ada).await.len())
}

/// Whether the text in the database is the key.
async fn stored(server: &TestServer) -> String {
    let (ada, _) = sign_up(server, json!({})).await;
    let plain = text(&ada).await;
    let stored = server.shown(r#"(select "key" from "apikey")"#).unwrap();
    format!("plain: {}", stored == plain)
}

/// Whose session a key stands for, in the headers `x-api-key` and `x-key`.
async fn sessions(server: &TestServer) -> String {
    let (ada, _) = sign_up(server, json!({})).await;
    let key = text(&ada).await;
    let stranger = server.anonymous();
    let mut answers = Vec::new();
    for header in ["x-api-key", "x-key"] {
        let answer = stranger.get("/get-session").header(header, &key).send().await;
        answers.push(format!("{header}: {}", answer.json()["user"]["email"]));
    }
    answers.join(", ")
}

/// How often a key is valid of eleven uses.
async fn uses(server: &TestServer) -> String {
    let (ada, _) = sign_up(server, json!({})).await;
    let key = text(&ada).await;
    let stranger = server.anonymous();
    let mut valid = 0;
    for _ in 0..11 {
        let call = stranger.post("/portcullis/api-key/verify", &json!({ "key": key }));
        let call = call.header("authorization", &basic("name", SERVICE_SECRET));
        valid += u32::from(call.send().await.json()["valid"] == json!(true));
        server.clock.advance(TimeDelta::minutes(2));
    }
    format!("{valid} uses")
}

/// The status of a request of the service `name` for administrators.
async fn managed(server: &TestServer) -> String {
    let stranger = server.anonymous();
    let call = stranger.get("/portcullis/admin/api-keys/list?userId=x");
    let call = call.header("authorization", &basic("name", SERVICE_SECRET));
    call.send().await.to_string()
}

#[expect(clippy::too_many_lines, reason = "a table of cases")]
pub(super) fn proofs() -> Vec<Proof> {
    let options = [
        server(
            "plugins.api_key.disable_key_hashing",
            "true",
            stored,
            ["plain: false", "plain: true"],
        ),
        server(
            "plugins.api_key.default_key_length",
            "40",
            length,
            ["64 letters", "40 letters"],
        ),
        refused("plugins.api_key.default_key_length", "43", "must be at least 44")
            .with("plugins.api_key.disable_key_hashing", "true"),
        server(
            "plugins.api_key.default_prefix",
            "app_",
            unnamed,
            [r#""prefix":null"#, r#""prefix":"app_""#],
        ),
        refused("plugins.api_key.default_prefix", "a b", "must consist of letters"),
        server(MIN_PREFIX, "2", prefixed, ["", "THE_PREFIX_LENGTH"]),
        refused(MIN_PREFIX, "33", "must not be greater than"),
        server(MAX_PREFIX, "5", prefixed, ["", "THE_PREFIX_LENGTH"]),
        server(
            "plugins.api_key.require_name",
            "true",
            unnamed,
            ["", "API_KEY_NAME_IS_REQUIRED"],
        ),
        server(MIN_NAME, "2", named, ["", "THE_NAME_LENGTH"]),
        refused(MIN_NAME, "33", "must not be greater than"),
        server(MAX_NAME, "5", named, ["", "THE_NAME_LENGTH"]),
        server(
            "plugins.api_key.enable_metadata",
            "true",
            with_metadata,
            ["METADATA_IS_DISABLED", r#""metadata":{}"#],
        ),
        server(
            "plugins.api_key.max_per_user",
            "1",
            two,
            ["", "API_KEY_LIMIT_REACHED"],
        ),
        server(
            "plugins.api_key.starting_characters_config.should_store",
            "false",
            unnamed,
            ["", r#""start":null"#],
        ),
        server(
            "plugins.api_key.starting_characters_config.characters_length",
            "4",
            async |server: &TestServer| {
                unnamed(server).await;
                server
                    .shown(r#"(select length("start")::text from "apikey")"#)
                    .unwrap()
            },
            ["6", "4"],
        ),
        refused(
            "plugins.api_key.starting_characters_config.characters_length",
            "30",
            "must not be stored as they are",
        )
        .with("plugins.api_key.default_key_length", "40"),
        server(
            "plugins.api_key.key_expiration.default_expires_in",
            "3600",
            unnamed,
            [r#""expiresAt":null"#, r#""expiresAt":"2026-01-01T01:00:00.000Z""#],
        ),
        server(
            "plugins.api_key.key_expiration.disable_custom_expires_time",
            "true",
            for_two_days,
            ["", "CUSTOM_KEY_EXPIRATION_VALUES_ARE_DISABLED"],
        ),
        server(MIN_LIFETIME, "3600", limited, ["IS_SMALLER_THAN", ""]),
        refused(MIN_LIFETIME, "31536001", "must not be greater than"),
        server(MAX_LIFETIME, "63072000", limited, ["IS_LARGER_THAN", ""]),
        server(
            "plugins.api_key.permissions.default_permissions",
            r#"{"file":["read"]}"#,
            unnamed,
            [r#""permissions":null"#, r#""permissions":{"file":["read"]}"#],
        ),
        refused(
            "plugins.api_key.permissions.default_permissions",
            r#"{"file":"read"}"#,
            "must contain lists of actions",
        ),
        server(
            SESSIONS,
            "true",
            sessions,
            ["x-api-key: null", r#"x-api-key: "ada@example.com""#],
        ),
        refused("plugins.api_key.api_key_headers", "a b", "is no name of a header").with(SESSIONS, "true"),
        server(
            "plugins.api_key.api_key_headers",
            "x-key",
            sessions,
            ["x-key: null", r#"x-key: "ada@example.com""#],
        )
        .with(SESSIONS, "true"),
    ];
    let limits = [
        server(
            "clients.NAME.administrator",
            "true",
            managed,
            ["SERVICE_IS_NOT_AN_ADMINISTRATOR", "USER_NOT_FOUND"],
        ),
        server(
            "plugins.api_key.rate_limit.enabled",
            "false",
            uses,
            ["10 uses", "11 uses"],
        ),
        server(
            "plugins.api_key.rate_limit.time_window",
            "60",
            uses,
            ["10 uses", "11 uses"],
        ),
        server(
            "plugins.api_key.rate_limit.max_requests",
            "3",
            uses,
            ["10 uses", "3 uses"],
        ),
    ];
    let limits = limits.map(|proof| proof.with("clients.NAME.secret", SERVICE_SECRET));
    let mut proofs = vec![server(ENABLED, "true", unnamed, ["404\n", "200\n"])];
    let all = options.into_iter().chain(limits);
    proofs.extend(all.map(|proof| proof.with(ENABLED, "true")));
    proofs
}
