//! Proofs of the keys of `plugins`.

use chrono::TimeDelta;
use portcullis_testkit::{Caller, SERVICE_SECRET, TestServer, base64url, basic};
use serde_json::json;

use super::{
    looks::{session, sign_up, signing_up},
    program::Program,
    proof::{Proof, program, refused, server},
};

const BEARER: &str = "plugins.bearer.enabled";
const EXPO: &str = "plugins.expo.enabled";
const INTROSPECTION: &str = "plugins.introspection.enabled";
const PRIVATE_BIND: &str = "plugins.introspection.private_bind";
const CLIENT: &str = "clients.NAME.secret";
const OPEN_API: &str = "plugins.open_api.enabled";
const JWT: &str = "plugins.jwt.enabled";
const ALGORITHM: &str = "plugins.jwt.jwks.key_pair_config.alg";
const ROTATION: &str = "plugins.jwt.jwks.rotation_interval";

/// The answer to Ada's session token without its signature.
async fn unsigned_bearer(server: &TestServer) -> String {
    let (_, answer) = sign_up(server, json!({})).await;
    let token = answer.json()["token"].as_str().unwrap().to_owned();
    let stranger = server.anonymous();
    let call = stranger
        .get("/get-session")
        .header("authorization", &format!("Bearer {token}"));
    format!("body: {}", call.send().await.body)
}

/// The answer to a request that names this origin as an application does.
async fn from_an_application(server: &TestServer) -> String {
    let (ada, _) = sign_up(server, json!({})).await;
    let call = ada
        .post("/update-user", &json!({ "name": "A" }))
        .without("origin")
        .header("referer", "http://localhost:5173/")
        .header("expo-origin", "evil://");
    call.send().await.to_string()
}

/// The answer to the service `name`, which asks about Ada's session.
async fn introspected(server: &TestServer) -> String {
    let (ada, _) = sign_up(server, json!({})).await;
    let cookies = ada.cookies();
    let token = cookies
        .split_once("session_token=")
        .unwrap()
        .1
        .split(';')
        .next()
        .unwrap();
    let stranger = server.anonymous();
    let call = stranger
        .call("POST", "/api/auth/oauth2/introspect")
        .header("authorization", &basic("name", SERVICE_SECRET))
        .body("application/x-www-form-urlencoded", format!("token={token}"));
    call.send().await.to_string()
}

async fn check(program: &Program) -> String {
    program.run(&["check"])
}

/// The statuses of the OpenAPI document and of the page that shows it.
async fn described(server: &TestServer) -> String {
    let stranger = server.anonymous();
    let document = stranger.get("/open-api/generate-schema").send().await.status;
    let page = stranger.get("/reference").send().await.status;
    format!("document {document}, page {page}")
}

async fn reference(server: &TestServer) -> String {
    server.anonymous().get("/reference").send().await.to_string()
}

async fn token(ada: &Caller) -> String {
    let answer = ada.get("/token").send().await.json();
    answer["token"].as_str().unwrap().to_owned()
}

/// The claims of Ada's JWT.
async fn claims(server: &TestServer) -> String {
    let (ada, _) = sign_up(server, json!({})).await;
    String::from_utf8(base64url(token(&ada).await.split('.').nth(1).unwrap())).unwrap()
}

/// The answer to a request for a token for the audience `api`.
async fn audience(server: &TestServer) -> String {
    let (ada, _) = sign_up(server, json!({})).await;
    ada.get("/token?audience=api").send().await.to_string()
}

/// The lifetime of Ada's JWT, in seconds.
async fn life(server: &TestServer) -> String {
    let claims: serde_json::Value = serde_json::from_str(&claims(server).await).unwrap();
    let seconds = claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap();
    format!("{seconds} s")
}

/// The answer at the default path of the published keys.
async fn published(server: &TestServer) -> String {
    server.anonymous().get("/jwks").send().await.to_string()
}

async fn published_elsewhere(server: &TestServer) -> String {
    server.anonymous().get("/keys").send().await.to_string()
}

/// The length of the key's encoded modulus.
async fn modulus(server: &TestServer) -> String {
    let set = server.anonymous().get("/jwks").send().await.json();
    format!("{} sent_messages", set["keys"][0]["n"].as_str().unwrap().len())
}

async fn private_key(server: &TestServer) -> String {
    published(server).await;
    server.shown(r#"select "privateKey" from jwks"#).unwrap()
}

/// The number of published keys half an hour after the second of two JWTs that were made two hours apart.
async fn keys_of_two_hours(server: &TestServer) -> String {
    let (ada, _) = sign_up(server, json!({})).await;
    token(&ada).await;
    server.clock.advance(TimeDelta::hours(2));
    token(&ada).await;
    server.clock.advance(TimeDelta::minutes(30));
    let set = server.anonymous().get("/jwks").send().await.json();
    format!("{} keys", set["keys"].as_array().unwrap().len())
}

pub(super) fn proofs() -> Vec<Proof> {
    let mut proofs = vec![
        server(BEARER, "true", signing_up, ["", "set-auth-token: "]),
        server(
            "plugins.bearer.require_signature",
            "true",
            unsigned_bearer,
            ["ada@example.com", "body: null"],
        )
        .with(BEARER, "true"),
        server(EXPO, "true", from_an_application, ["200\n", "INVALID_ORIGIN"]),
        server(
            "plugins.expo.disable_origin_override",
            "true",
            from_an_application,
            ["INVALID_ORIGIN", "200\n"],
        )
        .with(EXPO, "true"),
        server(JWT, "true", published, ["404\n", r#"{"keys":[{"#]),
    ];
    proofs.extend(services());
    proofs.extend(description());
    proofs.extend(
        keys()
            .into_iter()
            .chain(tokens())
            .map(|proof| proof.with(JWT, "true")),
    );
    proofs
}

fn services() -> Vec<Proof> {
    vec![
        server(INTROSPECTION, "true", introspected, ["404\n", "ada@example.com"])
            .with(CLIENT, SERVICE_SECRET),
        server(CLIENT, SERVICE_SECRET, introspected, ["401\n", "ada@example.com"])
            .instead_of("Zq8rT2mWk5uYc1xVb7nHs4pLd9gJf3aE")
            .with(INTROSPECTION, "true"),
        refused(PRIVATE_BIND, "4401", "is neither ADDRESS:PORT"),
        program(
            PRIVATE_BIND,
            "0.0.0.0:0",
            check,
            ["", "is not a loopback address"],
        )
        .instead_of("127.0.0.1:0")
        .with(INTROSPECTION, "true"),
    ]
}

fn description() -> Vec<Proof> {
    vec![
        server(
            OPEN_API,
            "false",
            described,
            ["document 200, page 200", "document 404, page 404"],
        ),
        server(
            "plugins.open_api.path",
            "/docs",
            described,
            ["page 200", "page 404"],
        ),
        refused(
            "plugins.open_api.path",
            "/get-session",
            "is the path of another endpoint",
        ),
        server(
            "plugins.open_api.disable_default_reference",
            "true",
            described,
            ["document 200, page 200", "document 200, page 404"],
        ),
        server(
            "plugins.open_api.nonce",
            "bm9uY2U=",
            reference,
            ["", " nonce=\"bm9uY2U=\""],
        ),
        refused(
            "plugins.open_api.nonce",
            "a'; script-src *",
            "must consist of characters of base64",
        ),
    ]
}

fn keys() -> Vec<Proof> {
    vec![
        server(
            ALGORITHM,
            "ES256",
            published,
            [r#""alg":"EdDSA""#, r#""alg":"ES256""#],
        ),
        refused(
            "plugins.jwt.jwks.key_pair_config.crv",
            "Ed25519",
            "applies to EdDSA only",
        )
        .with(ALGORITHM, "ES256"),
        server(
            "plugins.jwt.jwks.key_pair_config.modulus_length",
            "3072",
            modulus,
            ["342 sent_messages", "512 sent_messages"],
        )
        .with(ALGORITHM, "RS256")
        .with("limits.request_timeout", "60"),
        server(
            "plugins.jwt.jwks.disable_private_key_encryption",
            "true",
            private_key,
            ["", r#""d":"#],
        ),
        server(ROTATION, "3600", keys_of_two_hours, ["1 keys", "2 keys"]),
        server(
            "plugins.jwt.jwks.grace_period",
            "600",
            keys_of_two_hours,
            ["2 keys", "1 keys"],
        )
        .with(ROTATION, "3600"),
        server(
            "plugins.jwt.jwks.jwks_path",
            "/keys",
            published,
            ["200\n", "404\n"],
        ),
        server(
            "plugins.jwt.jwks.jwks_path",
            "/keys",
            published_elsewhere,
            ["404\n", "200\n"],
        ),
        refused(
            "plugins.jwt.jwks.jwks_path",
            "/get-session",
            "is the path of another endpoint",
        ),
    ]
}

fn tokens() -> Vec<Proof> {
    vec![
        server(
            "plugins.jwt.disable_setting_jwt_header",
            "true",
            session,
            ["set-auth-jwt: ", ""],
        ),
        server(
            "plugins.jwt.jwt.issuer",
            "https://issuer.test",
            claims,
            [
                r#""iss":"http://localhost:3000""#,
                r#""iss":"https://issuer.test""#,
            ],
        ),
        server(
            "plugins.jwt.jwt.audience",
            "one,two",
            claims,
            [r#""aud":"http://localhost:3000""#, r#""aud":["one","two"]"#],
        ),
        server(
            "plugins.jwt.audiences",
            r#"{"api":{}}"#,
            audience,
            ["INVALID_AUDIENCE", r#"{"token":""#],
        ),
        server("plugins.jwt.jwt.expiration_time", "1h", life, ["900 s", "3600 s"]),
        server("plugins.jwt.jwt.payload", "name", claims, ["ada@example.com", ""]),
        refused(
            "plugins.jwt.jwt.payload",
            "nickname",
            "\"nickname\" is not a field of users",
        ),
        server(
            "plugins.jwt.jwt.subject",
            "email",
            claims,
            ["", r#""sub":"ada@example.com""#],
        ),
    ]
}
