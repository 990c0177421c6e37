//! `GET /token?audience=…` and the keys of `plugins.jwt.audiences`.

use chrono::TimeDelta;
use insta::assert_snapshot;
use portcullis_application::ports::Clock as _;
use portcullis_testkit::{Caller, TestServerBuilder};
use serde_json::json;

use super::{part, signing, token};

/// The audience of most tests, and how a query contains it.
pub(super) const API: &str = "https%3A%2F%2Fapi.example.com";
const FILE: &str = r#"
[user.additional_fields.plan]
type = "string"
default = "free"

[user.additional_fields.sid]
type = "string"
default = "forged"

[plugins.jwt.audiences.api]
audience = "https://api.example.com"
algorithm = "ES256"
expiration_time = "5m"

[plugins.jwt.audiences.billing]
payload = ["plan", "name"]

[plugins.jwt.audiences."a b+c"]
payload = []
expiration_time = 60
"#;

/// A server with two audiences of the default algorithm, and one of ES256.
pub(super) fn api() -> TestServerBuilder {
    signing().file(FILE)
}

/// Returns a token for an audience, as a query contains it.
pub(super) async fn token_for(caller: &Caller, audience: &str) -> String {
    let answer = caller.get(&format!("/token?audience={audience}")).send().await;
    assert_eq!(answer.status, 200, "{answer}");
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let body = answer.json();
    assert_eq!(body.as_object().unwrap().len(), 1, "{body}");
    body["token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_token_for_an_audience_holds_its_claims_and_the_sessions_id() {
    let server = api().start();
    let ada = server.signed_up("ada").await;
    let user = server.shown(r#"select "id" from "user""#).unwrap();
    let session = server.shown(r#"select "id" from "session""#).unwrap();
    let now = server.clock.now().timestamp();
    let common = |claims: &serde_json::Value, audience: &str, life: i64| {
        json!({
            "iat": now, "exp": now + life, "aud": audience, "iss": "http://localhost:3000",
            "sub": user, "sid": session, "jti": claims["jti"],
        })
    };

    let claims = part(&token_for(&ada, API).await, 1);
    let mut expected = common(&claims, "https://api.example.com", 300);
    expected["email"] = json!("ada@example.com");
    expected["emailVerified"] = json!(false);
    assert_eq!(claims, expected);

    let claims = part(&token_for(&ada, "billing").await, 1);
    let mut expected = common(&claims, "billing", 900);
    expected["plan"] = json!("free");
    expected["name"] = json!("ada");
    assert_eq!(claims, expected);

    let claims = part(&token_for(&ada, "a%20b%2Bc").await, 1);
    assert_eq!(claims, common(&claims, "a b+c", 60));
    assert_eq!(part(&token_for(&ada, "a+b%2Bc").await, 1)["aud"], "a b+c");
}

#[tokio::test]
async fn each_token_has_an_id_of_its_own_and_never_the_sessions_token() {
    let server = api().start();
    let ada = server.signed_up("ada").await;
    let secret = server.shown(r#"select "token" from "session""#).unwrap();
    let mut ids = Vec::new();
    for _ in 0..3 {
        let claims = part(&token_for(&ada, "billing").await, 1);
        assert!(!claims.to_string().contains(&secret), "{claims}");
        ids.push(claims["jti"].as_str().unwrap().to_owned());
    }
    assert!(ids.iter().all(|id| id.len() == 32), "{ids:?}");
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 3);
    let another = server.signed_in("ada").await;
    assert_ne!(
        part(&token_for(&another, "billing").await, 1)["sid"],
        part(&token_for(&ada, "billing").await, 1)["sid"]
    );
}

/// The claims and the header are those of Better Auth, whatever audiences there are.
#[tokio::test]
async fn a_token_without_an_audience_is_unchanged() {
    let server = api().start();
    let ada = server.signed_up("ada").await;
    let token = token(&ada).await;
    let claims = part(&token, 1);
    assert_eq!(part(&token, 0)["alg"], "EdDSA");
    assert_eq!(claims["aud"], "http://localhost:3000");
    assert_eq!((&claims["jti"], &claims["sid"]), (&json!(null), &json!("forged")));
    let answer = ada.get("/get-session").send().await;
    let header = answer.header("set-auth-jwt").unwrap();
    assert_eq!(part(header, 1)["aud"], "http://localhost:3000");
}

#[tokio::test]
async fn an_audience_that_is_not_in_the_list_is_refused() {
    let server = api().start();
    let ada = server.signed_up("ada").await;
    for query in [
        "audience=other",
        "audience=",
        "audience",
        "audience=api",
        "audience=BILLING",
        "audience=billing%20",
        "audience=http%3A%2F%2Flocalhost%3A3000",
        "audience=billing&audience=billing",
        "audience=billing&audience=other",
        "audience=billing%00",
        "audience=%ff",
    ] {
        let answer = ada.get(&format!("/token?{query}")).send().await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (400, "INVALID_AUDIENCE"),
            "{query}"
        );
    }
    let answer = ada.get("/token?audience=other").send().await;
    assert_snapshot!(answer, @r#"
    400
    content-type: application/json
    {"code":"INVALID_AUDIENCE","message":"The audience is not allowed"}
    "#);
    for other in ["Audience=billing", "audience%5B%5D=billing", "aud=billing"] {
        let answer = ada.get(&format!("/token?{other}")).send().await;
        let token = answer.json()["token"].as_str().unwrap().to_owned();
        assert_eq!(part(&token, 1)["aud"], "http://localhost:3000", "{other}");
    }
}

#[tokio::test]
async fn without_a_live_session_no_audience_gets_a_token() {
    let server = api().start();
    for path in ["/token?audience=billing", "/token?audience=other"] {
        assert_eq!(server.anonymous().get(path).send().await.status, 401, "{path}");
    }
    let ada = server.signed_up("ada").await;
    server.clock.advance(TimeDelta::days(8));
    assert_eq!(ada.get("/token?audience=billing").send().await.status, 401);
}

#[tokio::test]
async fn an_audience_inherits_the_lifetime_and_the_issuer_of_default_tokens() {
    let server = api()
        .set("PORTCULLIS_PLUGINS__JWT__JWT__EXPIRATION_TIME", "2h")
        .set("PORTCULLIS_PLUGINS__JWT__JWT__ISSUER", "https://auth.example.com")
        .set("PORTCULLIS_PLUGINS__JWT__JWT__SUBJECT", "email")
        .start();
    let ada = server.signed_up("ada").await;
    let claims = part(&token_for(&ada, "billing").await, 1);
    assert_eq!(
        claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(),
        7200
    );
    assert_eq!(claims["iss"], "https://auth.example.com");
    let user = server.shown(r#"select "id" from "user""#).unwrap();
    assert_eq!(claims["sub"], user.as_str());
}

#[tokio::test]
async fn audiences_may_be_given_in_the_environment() {
    let server = signing()
        .set(
            "PORTCULLIS_PLUGINS__JWT__AUDIENCES",
            r#"{"api":{"audience":"from the environment","payload":["name"]}}"#,
        )
        .start();
    let ada = server.signed_up("ada").await;
    let claims = part(&token_for(&ada, "from%20the%20environment").await, 1);
    assert_eq!(claims["name"], "ada");
}

/// A Node server signs all tokens with the newest key, whatever its algorithm.
#[test]
fn another_algorithm_is_refused_if_a_node_server_uses_the_same_database() {
    let shared = |algorithm: &str| {
        signing()
            .set("PORTCULLIS_COMPATIBILITY__SHARED_DATABASE", "true")
            .file(&format!(
                "[plugins.jwt.audiences.api]\nalgorithm = \"{algorithm}\"\n"
            ))
    };
    let refusal = shared("ES256").refusal().unwrap();
    assert!(
        refusal.contains("`plugins.jwt.audiences.api` has the algorithm ES256, but `plugins.jwt.jwks.key_pair_config.alg` is EdDSA"),
        "{refusal}"
    );
    assert_eq!(shared("EdDSA").refusal(), None);
}
