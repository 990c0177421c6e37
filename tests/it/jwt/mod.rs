//! `GET /token`, `GET /jwks` and the header `set-auth-jwt`: `plugins.jwt`.

mod audiences;
mod discovery;
mod signatures;

use chrono::TimeDelta;
use futures_util::future::join_all;
use insta::assert_snapshot;
use portcullis_testkit::{Caller, TestServer, TestServerBuilder, base64url};
use serde_json::{Value, json};

fn signing() -> TestServerBuilder {
    TestServer::with().set("PORTCULLIS_PLUGINS__JWT__ENABLED", "true")
}

async fn token(caller: &Caller) -> String {
    let answer = caller.get("/token").send().await;
    assert_eq!(answer.status, 200, "{answer}");
    answer.json()["token"].as_str().unwrap().to_owned()
}

async fn keys(server: &TestServer) -> Vec<Value> {
    let set = server.anonymous().get("/jwks").send().await.json();
    set["keys"].as_array().unwrap().clone()
}

fn part(token: &str, place: usize) -> Value {
    let text = token.split('.').nth(place).unwrap();
    serde_json::from_slice(&base64url(text)).unwrap()
}

#[tokio::test]
async fn a_token_holds_the_users_claims() {
    let server = signing().start();
    let ada = server.signed_up("ada").await;
    let token = token(&ada).await;
    let key = keys(&server).await.remove(0);
    assert_eq!(part(&token, 0), json!({ "alg": "EdDSA", "kid": key["kid"] }));
    let claims = part(&token, 1);
    let names: Vec<_> = claims.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "iat",
            "name",
            "email",
            "emailVerified",
            "image",
            "createdAt",
            "updatedAt",
            "id",
            "sub",
            "exp",
            "iss",
            "aud"
        ]
    );
    assert_eq!(claims["sub"], claims["id"]);
    assert_eq!(
        claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(),
        900
    );
    assert_eq!(
        (&claims["iss"], &claims["aud"]),
        (&json!("http://localhost:3000"), &json!("http://localhost:3000"))
    );
    assert_snapshot!(server.anonymous().get("/token").send().await, @"
    401
    content-type: application/json
    ");
}

#[tokio::test]
async fn keys_are_published_in_better_auths_member_order_and_can_be_cached() {
    for (algorithm, members) in [
        ("EdDSA", "alg,crv,x,kty,kid"),
        ("ES256", "alg,crv,kty,x,y,kid"),
        ("ES512", "alg,crv,kty,x,y,kid"),
        ("RS256", "alg,kty,n,e,kid"),
        ("PS256", "alg,kty,n,e,kid"),
    ] {
        let server = signing()
            .set("PORTCULLIS_PLUGINS__JWT__JWKS__KEY_PAIR_CONFIG__ALG", algorithm)
            .start();
        let answer = server.anonymous().get("/jwks").send().await;
        assert_eq!(answer.header("cache-control"), Some("public, max-age=300"));
        let key = answer.json()["keys"][0].clone();
        assert_eq!(key["alg"], algorithm);
        assert_eq!(
            key.as_object()
                .unwrap()
                .keys()
                .cloned()
                .collect::<Vec<_>>()
                .join(","),
            members
        );
        let ada = server.signed_up("ada").await;
        assert_eq!(part(&token(&ada).await, 0)["alg"], algorithm);
    }
}

#[tokio::test]
async fn only_get_session_sends_set_auth_jwt() {
    let server = signing().start();
    let ada = server.signed_up("ada").await;
    let session = ada
        .get("/get-session")
        .header("origin", "http://localhost:5173")
        .send()
        .await;
    assert_eq!(part(session.header("set-auth-jwt").unwrap(), 1)["name"], "ada");
    assert_eq!(
        session.header("access-control-expose-headers"),
        Some("set-auth-jwt")
    );
    assert_eq!(
        server
            .anonymous()
            .get("/get-session")
            .send()
            .await
            .header("set-auth-jwt"),
        None
    );
    assert_eq!(
        ada.get("/list-sessions").send().await.header("set-auth-jwt"),
        None
    );
    let silent = signing()
        .set("PORTCULLIS_PLUGINS__JWT__DISABLE_SETTING_JWT_HEADER", "true")
        .start();
    let ada = silent.signed_up("ada").await;
    assert_eq!(ada.get("/get-session").send().await.header("set-auth-jwt"), None);
}

/// The session cookie cache must not become a token that outlives it.
#[tokio::test]
async fn the_session_cookie_cache_yields_no_token() {
    let server = signing()
        .set("PORTCULLIS_SESSION__COOKIE_CACHE__ENABLED", "true")
        .start();
    let ada = server.signed_up("ada").await;
    let cookies = ada.cookies();
    ada.post("/sign-out", &json!({})).send().await;
    let thief = server.anonymous();
    let shown = thief.get("/get-session").header("cookie", &cookies).send().await;
    assert_eq!((shown.status, shown.header("set-auth-jwt")), (200, None));
    assert_eq!(
        thief.get("/token").header("cookie", &cookies).send().await.status,
        401
    );
}

#[tokio::test]
async fn the_claims_of_a_token_are_configurable() {
    let server = signing()
        .set("PORTCULLIS_PLUGINS__JWT__JWT__ISSUER", "https://auth.example.com")
        .set("PORTCULLIS_PLUGINS__JWT__JWT__AUDIENCE", "api,admin")
        .set("PORTCULLIS_PLUGINS__JWT__JWT__EXPIRATION_TIME", "1h")
        .set("PORTCULLIS_PLUGINS__JWT__JWT__PAYLOAD", "name,email")
        .set("PORTCULLIS_PLUGINS__JWT__JWT__SUBJECT", "email")
        .set(
            "PORTCULLIS_PLUGINS__JWT__JWKS__JWKS_PATH",
            "/.well-known/jwks.json",
        )
        .start();
    let ada = server.signed_up("ada").await;
    let claims = part(&token(&ada).await, 1);
    let (iat, exp) = (claims["iat"].as_i64().unwrap(), claims["exp"].as_i64().unwrap());
    assert_eq!(exp - iat, 3600);
    assert_eq!(
        claims,
        json!({
            "iat": iat, "name": "ada", "email": "ada@example.com", "sub": "ada@example.com", "exp": exp,
            "iss": "https://auth.example.com", "aud": ["api", "admin"],
        })
    );
    let anonymous = server.anonymous();
    assert_eq!(
        anonymous.get("/.well-known/jwks.json").send().await.json()["keys"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    assert_eq!(anonymous.get("/jwks").send().await.status, 404);
}

#[tokio::test]
async fn keys_are_rotated_and_stay_published_for_the_grace_period() {
    let server = signing()
        .set("PORTCULLIS_PLUGINS__JWT__JWKS__ROTATION_INTERVAL", "3600")
        .set("PORTCULLIS_PLUGINS__JWT__JWKS__GRACE_PERIOD", "600")
        .start();
    let ada = server.signed_up("ada").await;
    let first = part(&token(&ada).await, 0)["kid"].clone();
    server.clock.advance(TimeDelta::seconds(3599));
    assert_eq!(part(&token(&ada).await, 0)["kid"], first);
    server.clock.advance(TimeDelta::seconds(1));
    assert_ne!(part(&token(&ada).await, 0)["kid"], first);
    assert_eq!(keys(&server).await.len(), 2);
    server.clock.advance(TimeDelta::seconds(600));
    assert_eq!(keys(&server).await.len(), 1);
}

#[tokio::test]
async fn parallel_first_requests_on_two_servers_create_one_key() {
    for _ in 0..5 {
        let one = signing().start();
        let other = signing().replica_of(&one).start();
        let ada = one.signed_up("ada").await;
        let cookies = ada.cookies();
        let requests = (0..20).map(|number| {
            let caller = if number % 2 == 0 {
                one.anonymous()
            } else {
                other.anonymous()
            };
            let cookies = &cookies;
            async move { caller.get("/token").header("cookie", cookies).send().await.status }
        });
        assert_eq!(join_all(requests).await, [200; 20]);
        assert_eq!(one.rows("select from jwks"), 1);
    }
}

#[tokio::test]
async fn tokens_stay_verifiable_after_a_change_of_algorithm_or_secret() {
    let first = signing().start();
    let ada = first.signed_up("ada").await;
    let before = token(&ada).await;
    let others = [
        signing().set("PORTCULLIS_PLUGINS__JWT__JWKS__KEY_PAIR_CONFIG__ALG", "RS256"),
        signing().set(
            "BETTER_AUTH_SECRET",
            "another secret, which decrypts no earlier key",
        ),
    ];
    for (number, other) in others.into_iter().enumerate() {
        let other = other.replica_of(&first).start();
        let eve = other.signed_up(&format!("eve{number}")).await;
        let token = token(&eve).await;
        let published = keys(&other).await;
        for token in [&before, &token] {
            let header = part(token, 0);
            let key = published.iter().find(|key| key["kid"] == header["kid"]).unwrap();
            assert_eq!(key["alg"], header["alg"]);
        }
        assert_eq!(eve.get("/get-session").send().await.status, 200);
    }
}

/// `secrets = [new, old]`: the old secret decrypts existing keys, which are then encrypted with the new one.
#[tokio::test]
async fn a_rotation_of_secrets_ends_no_session_and_replaces_no_key() {
    let old = "the old secret of this deployment, long enough";
    let new = "the new secret of this deployment, long enough";
    let before = signing().set("BETTER_AUTH_SECRET", old).start();
    let ada = before.signed_up("ada").await;
    let kid = part(&token(&ada).await, 0)["kid"].clone();
    let rotated = TestServer::with()
        .set("PORTCULLIS_PLUGINS__JWT__ENABLED", "true")
        .without("BETTER_AUTH_SECRET")
        .set("PORTCULLIS_SECRETS", &format!("{new};{old}"))
        .replica_of(&before)
        .start();
    let caller = rotated.anonymous();
    let session = caller
        .get("/get-session")
        .header("cookie", &ada.cookies())
        .send()
        .await;
    assert_eq!(session.json()["user"]["name"], "ada");
    assert_eq!(part(session.header("set-auth-jwt").unwrap(), 0)["kid"], kid);
    let after = signing()
        .set("BETTER_AUTH_SECRET", new)
        .replica_of(&before)
        .start();
    let eve = after.signed_in("ada").await;
    assert_eq!(
        part(&token(&eve).await, 0)["kid"],
        kid,
        "the key was encrypted with the new secret"
    );
    let stale = after
        .anonymous()
        .get("/get-session")
        .header("cookie", &ada.cookies())
        .send()
        .await;
    assert_eq!(stale.body, "null");
}

#[tokio::test]
async fn the_routes_answer_404_if_jwts_are_disabled() {
    let server = TestServer::start();
    let ada = server.signed_up("ada").await;
    for path in ["/token", "/token?audience=api", "/jwks", "/.well-known/jwks.json"] {
        let answer = ada.get(path).send().await;
        assert_eq!((answer.status, answer.body.as_str()), (404, ""), "{path}");
    }
}
