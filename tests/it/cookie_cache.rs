//! The session cookie cache: `session.cookie_cache`.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use insta::assert_snapshot;
use portcullis_testkit::{Answer, Caller, TestServer, TestServerBuilder};
use serde_json::json;

const ENCODINGS: [&str; 3] = ["compact", "jwt", "jwe"];

fn with_cache(encoding: &str) -> TestServerBuilder {
    TestServer::with()
        .set("PORTCULLIS_SESSION__COOKIE_CACHE__ENABLED", "true")
        .set("PORTCULLIS_SESSION__COOKIE_CACHE__STRATEGY", encoding)
}

/// The cookies of a browser by name.
fn jar(caller: &Caller) -> BTreeMap<String, String> {
    caller
        .cookies()
        .split("; ")
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

fn cache_cookie(caller: &Caller) -> String {
    jar(caller)["better-auth.session_data"].clone()
}

async fn read(caller: &Caller) -> Answer {
    caller.get("/get-session").send().await
}

#[tokio::test]
async fn the_cache_answers_without_the_database_and_with_the_same_session() {
    for encoding in ENCODINGS {
        let server = with_cache(encoding).start();
        let ada = server.signed_up("ada").await;
        let stored = ada.get("/get-session?disableCookieCache=true").send().await;
        assert_eq!(
            stored.cookies().count(),
            2,
            "one cookie is cleared and one is set: {stored}"
        );
        server.execute("alter table session rename to away");
        let copied = read(&ada).await;
        assert_eq!((copied.status, &copied.body), (200, &stored.body), "{encoding}");
        assert_eq!(copied.cookies().count(), 0);
        assert_eq!(ada.get("/list-sessions").send().await.status, 500);
    }
}

#[tokio::test]
async fn the_cache_is_set_with_the_session_cookie() {
    let server = with_cache("compact").start();
    let body = json!({ "name": "Ada", "email": "ada@example.com", "password": "password1234" });
    assert_snapshot!(server.anonymous().post("/sign-up/email", &body).send().await, @r#"
    200
    cache-control: no-store
    content-type: application/json
    set-cookie: better-auth.session_token=3gDzF0usdirt1pJPdJAbH5bHdZ0Jb88F.3W0Fv%2FkP6k0X0xyUxiWJGHt5WMG6nJ3g3gMSQvI%2FChk%3D; Max-Age=604800; Path=/; HttpOnly; SameSite=Lax
    set-cookie: better-auth.session_data=eyJzZXNzaW9uIjp7InNlc3Npb24iOnsiZXhwaXJlc0F0IjoiMjAyNi0wMS0wOFQwMDowMDowMC4wMDBaIiwidG9rZW4iOiIzZ0R6RjB1c2RpcnQxcEpQZEpBYkg1YkhkWjBKYjg4RiIsImNyZWF0ZWRBdCI6IjIwMjYtMDEtMDFUMDA6MDA6MDAuMDAwWiIsInVwZGF0ZWRBdCI6IjIwMjYtMDEtMDFUMDA6MDA6MDAuMDAwWiIsImlwQWRkcmVzcyI6IjEyNy4wLjAuMSIsInVzZXJBZ2VudCI6IiIsInVzZXJJZCI6Imo5WDhEU0wyRUJmR010YzdCN0dHSGdWUDZ5djFGb3puIiwiaWQiOiJhWkpzOFU0UHF2SDkxRXNhd0pDMFJEV0lZNG5wNkRzVSJ9LCJ1c2VyIjp7Im5hbWUiOiJBZGEiLCJlbWFpbCI6ImFkYUBleGFtcGxlLmNvbSIsImVtYWlsVmVyaWZpZWQiOmZhbHNlLCJpbWFnZSI6bnVsbCwiY3JlYXRlZEF0IjoiMjAyNi0wMS0wMVQwMDowMDowMC4wMDBaIiwidXBkYXRlZEF0IjoiMjAyNi0wMS0wMVQwMDowMDowMC4wMDBaIiwiaWQiOiJqOVg4RFNMMkVCZkdNdGM3QjdHR0hnVlA2eXYxRm96biJ9LCJ1cGRhdGVkQXQiOjE3NjcyMjU2MDAwMDAsInZlcnNpb24iOiIxIn0sImV4cGlyZXNBdCI6MTc2NzIyNTkwMDAwMCwic2lnbmF0dXJlIjoiZ19BbERRNFJKOVJzXzNBUlpNMWJjZ0loOEZ5ZmJXOGs4VExkUTFUd0ZBVSJ9; Max-Age=300; Path=/; HttpOnly; SameSite=Lax
    {"token":"3gDzF0usdirt1pJPdJAbH5bHdZ0Jb88F","user":{"name":"Ada","email":"ada@example.com","emailVerified":false,"image":null,"createdAt":"2026-01-01T00:00:00.000Z","updatedAt":"2026-01-01T00:00:00.000Z","id":"j9X8DSL2EBfGMtc7B7GGHgVP6yv1Fozn"}}
    "#);
}

#[tokio::test]
async fn the_cache_of_a_session_that_is_not_remembered_is_short_lived_and_not_renewed() {
    for (encoding, seconds) in [("compact", 60), ("jwt", 299), ("jwe", 299)] {
        let server = with_cache(encoding).start();
        let caller = server.anonymous();
        let body = json!({ "name": "Ada", "email": "ada@example.com", "password": "password1234", "rememberMe": false });
        let answer = caller.post("/sign-up/email", &body).send().await;
        assert!(answer.cookies().all(|line| !line.contains("Max-Age")), "{answer}");
        server.execute("alter table session rename to away");
        server.clock.advance(TimeDelta::seconds(seconds));
        assert_eq!(read(&caller).await.status, 200, "{encoding}");
        server.clock.advance(TimeDelta::seconds(2));
        assert_eq!(read(&caller).await.status, 500, "{encoding}");
        server.execute("alter table away rename to session");
        assert_eq!(read(&caller).await.cookies().count(), 0, "{encoding}");
    }
}

#[tokio::test]
async fn a_change_of_the_user_is_visible_at_once_in_the_session_that_made_it() {
    for encoding in ENCODINGS {
        let server = with_cache(encoding).start();
        let ada = server.signed_up("ada").await;
        let other = server.signed_in("ada").await;
        ada.post("/update-user", &json!({ "name": "Countess" }))
            .send()
            .await;
        assert_eq!(read(&ada).await.json()["user"]["name"], "Countess");
        assert_eq!(read(&other).await.json()["user"]["name"], "ada");
        server
            .clock
            .advance(TimeDelta::minutes(5) + TimeDelta::seconds(1));
        assert_eq!(read(&other).await.json()["user"]["name"], "Countess");
    }
}

/// "Signed-out sessions stay writable, and renew themselves": here, only `get-session` accepts the cache.
#[tokio::test]
async fn the_cache_of_an_ended_session_changes_nothing_and_is_never_renewed() {
    for encoding in ENCODINGS {
        for ending in ["/sign-out", "/revoke-sessions"] {
            let server = with_cache(encoding).start();
            let ada = server.signed_up("ada").await;
            let cookies = ada.cookies();
            assert_eq!(ada.post(ending, &json!({})).send().await.status, 200);
            assert_grants_nothing(&server, &cookies).await;
        }
    }
}

async fn assert_grants_nothing(server: &TestServer, cookies: &str) {
    let thief = server.anonymous();
    for route in portcullis_http::routes().filter(|route| route.needs_session()) {
        let path = route.full_path("/api/auth");
        let call = thief.call(route.method, &path).header("cookie", cookies);
        let call = call.header("origin", "http://localhost:3000");
        let body = json!({
            "name": "x", "token": "x", "newEmail": "x@example.com", "newPassword": "password5678",
            "currentPassword": "password1234", "password": "password1234", "providerId": "credential",
            "provider": "github", "callbackURL": "/x",
        });
        let answer = call.body("application/json", body.to_string()).send().await;
        let refused = matches!(answer.status, 401 | 404);
        assert!(
            refused && answer.cookies().count() == 0,
            "{} {path}: {answer}",
            route.method
        );
    }
    let shown = thief.get("/get-session").header("cookie", cookies).send().await;
    assert_eq!(shown.cookies().count(), 0, "{shown}");
    server
        .clock
        .advance(TimeDelta::minutes(5) + TimeDelta::seconds(1));
    let late = thief.get("/get-session").header("cookie", cookies).send().await;
    assert_eq!(late.body, "null");
}

#[tokio::test]
async fn an_invalid_cache_is_ignored_and_replaced() {
    for encoding in ENCODINGS {
        let server = with_cache(encoding).start();
        let (ada, eve) = (server.signed_up("ada").await, server.signed_up("eve").await);
        let good = cache_cookie(&ada);
        let flipped = format!("{}A{}", &good[..20], &good[21..]);
        let cut = good[..good.len() - 3].to_owned();
        for broken in [
            "",
            "x",
            "%ZZ",
            "%00",
            "a.b.c",
            &flipped,
            &cut,
            &cache_cookie(&eve),
            &"x".repeat(4000),
        ] {
            ada.set_cookie("better-auth.session_data", broken);
            let answer = read(&ada).await;
            assert_eq!(answer.json()["user"]["name"], "ada", "{encoding} {broken}");
            assert!(
                answer.cookies().count() > 0,
                "{encoding} {broken}: a new cache is set"
            );
        }
    }
}

#[tokio::test]
async fn a_cache_of_another_version_or_encoding_is_ignored() {
    let first = with_cache("compact").start();
    let ada = first.signed_up("ada").await;
    let cookies = ada.cookies();
    let others = [
        with_cache("compact").set("PORTCULLIS_SESSION__COOKIE_CACHE__VERSION", "2"),
        with_cache("jwt"),
        with_cache("jwe"),
    ];
    for other in others {
        let other = other.replica_of(&first).start();
        other.execute(r#"update "user" set name = 'changed'"#);
        let answer = other
            .anonymous()
            .get("/get-session")
            .header("cookie", &cookies)
            .send()
            .await;
        assert_eq!(answer.json()["user"]["name"], "changed");
    }
}

/// In Better Auth, a long name made 69 cookies. Here the length of names is limited, and a long cache is split into
/// cookies of a size that browsers accept.
#[tokio::test]
async fn a_long_cache_is_split_into_cookies_that_are_all_cleared() {
    for encoding in ENCODINGS {
        let server = with_cache(encoding).start();
        let ada = server.signed_up("ada").await;
        let long = json!({ "name": "🔑".repeat(256), "image": format!("/{}", "x".repeat(2000)) });
        ada.post("/update-user", &long).send().await;
        read(&ada).await;
        let parts: Vec<_> = jar(&ada)
            .into_keys()
            .filter(|name| name.contains("session_data"))
            .collect();
        assert!(parts.len() > 1 && parts.len() < 5, "{encoding}: {parts:?}");
        server.execute("alter table session rename to away");
        assert_eq!(read(&ada).await.json()["user"]["name"], long["name"]);
        server.execute("alter table away rename to session");
        ada.post("/update-user", &json!({ "name": "a", "image": null }))
            .send()
            .await;
        assert_eq!(jar(&ada).len(), 2, "{:?}", jar(&ada));
        ada.post("/update-user", &long).send().await;
        read(&ada).await;
        ada.post("/sign-out", &json!({})).send().await;
        assert_eq!(jar(&ada).len(), 0);
    }
}

/// Long declared fields made 77 KB of cookies, so that every later request exceeded the limit of the head.
#[tokio::test]
async fn a_session_too_large_for_the_cache_works_without_it() {
    let fields = "[user.additional_fields]\ntags = { type = \"string[]\", required = false }";
    for encoding in ENCODINGS {
        let server = with_cache(encoding)
            .file(fields)
            .set("PORTCULLIS_PLUGINS__JWT__ENABLED", "true")
            .start();
        let ada = server.signed_up("ada").await;
        assert!(jar(&ada).contains_key("better-auth.session_data"));
        let tags = vec!["x".repeat(4000); 14];
        let changed = ada.post("/update-user", &json!({ "tags": tags })).send().await;
        assert_eq!(changed.status, 200, "{changed}");
        assert_eq!(jar(&ada).len(), 1, "{encoding}: the older cache is cleared");
        let session = read(&ada).await;
        assert_eq!((session.status, session.header("set-auth-jwt")), (200, None));
        assert_eq!(session.json()["user"]["tags"], json!(tags));
        let again = server.signed_in("ada").await;
        assert_eq!(jar(&again).len(), 1);
        assert_eq!(again.post("/sign-out", &json!({})).send().await.status, 200);
    }
}
