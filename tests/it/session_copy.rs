//! `session.cookie_cache`: copies of sessions that clients keep.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use insta::assert_snapshot;
use portcullis_testkit::{Answer, Caller, TestServer, TestServerBuilder};
use serde_json::json;

const ENCODINGS: [&str; 3] = ["compact", "jwt", "jwe"];

fn copying(encoding: &str) -> TestServerBuilder {
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

fn copy(caller: &Caller) -> String {
    jar(caller)["better-auth.session_data"].clone()
}

async fn read(caller: &Caller) -> Answer {
    caller.get("/get-session").send().await
}

#[tokio::test]
async fn a_copy_answers_without_the_store_and_as_the_store_does() {
    for encoding in ENCODINGS {
        let server = copying(encoding).start();
        let ada = server.signed_up("ada").await;
        let stored = ada.get("/get-session?disableCookieCache=true").send().await;
        assert_eq!(
            stored.cookies().count(),
            2,
            "one that goes and one that comes: {stored}"
        );
        server.execute("alter table session rename to away");
        let copied = read(&ada).await;
        assert_eq!((copied.status, &copied.body), (200, &stored.body), "{encoding}");
        assert_eq!(copied.cookies().count(), 0);
        assert_eq!(ada.get("/list-sessions").send().await.status, 500);
    }
}

#[tokio::test]
async fn a_copy_is_written_beside_the_token() {
    let server = copying("compact").start();
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
async fn a_copy_that_is_not_to_be_remembered_is_short_lived_and_not_renewed() {
    for (encoding, seconds) in [("compact", 60), ("jwt", 299), ("jwe", 299)] {
        let server = copying(encoding).start();
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
async fn a_change_of_the_user_is_seen_at_once_by_whoever_made_it() {
    for encoding in ENCODINGS {
        let server = copying(encoding).start();
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

/// "Signed-out sessions stay writable, and renew themselves": here a copy answers, and does nothing else ever.
#[tokio::test]
async fn a_copy_of_a_session_that_is_over_changes_nothing_and_never_renews_itself() {
    for encoding in ENCODINGS {
        for ending in ["/sign-out", "/revoke-sessions"] {
            let server = copying(encoding).start();
            let ada = server.signed_up("ada").await;
            let cookies = ada.cookies();
            assert_eq!(ada.post(ending, &json!({})).send().await.status, 200);
            assert_powerless(&server, &cookies).await;
        }
    }
}

async fn assert_powerless(server: &TestServer, cookies: &str) {
    let thief = server.anonymous();
    for route in portcullis_http::routes().filter(|route| !route.is_public()) {
        let path = route.full_path("/api/auth");
        let call = thief.call(route.method, &path).header("cookie", cookies);
        let call = call.header("origin", "http://localhost:3000");
        let body = json!({
            "name": "x", "token": "x", "newEmail": "x@example.com", "newPassword": "password5678",
            "currentPassword": "password1234", "password": "password1234", "providerId": "credential",
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
async fn a_copy_that_does_not_count_is_passed_over() {
    for encoding in ENCODINGS {
        let server = copying(encoding).start();
        let (ada, eve) = (server.signed_up("ada").await, server.signed_up("eve").await);
        let good = copy(&ada);
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
            &copy(&eve),
            &"x".repeat(4000),
        ] {
            ada.set_cookie("better-auth.session_data", broken);
            let answer = read(&ada).await;
            assert_eq!(answer.json()["user"]["name"], "ada", "{encoding} {broken}");
            assert!(
                answer.cookies().count() > 0,
                "{encoding} {broken}: another takes its place"
            );
        }
    }
}

#[tokio::test]
async fn a_copy_of_another_version_or_secret_or_encoding_does_not_count() {
    let first = copying("compact").start();
    let ada = first.signed_up("ada").await;
    let cookies = ada.cookies();
    let others = [
        copying("compact").set("PORTCULLIS_SESSION__COOKIE_CACHE__VERSION", "2"),
        copying("jwt"),
        copying("jwe"),
    ];
    for other in others {
        let other = other.beside(&first).start();
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

/// better-auth: a long name made sixty-nine cookies. Names have their limit here; what is long is cut into pieces
/// that browsers keep.
#[tokio::test]
async fn a_long_copy_is_cut_into_pieces_and_forgotten_whole() {
    for encoding in ENCODINGS {
        let server = copying(encoding).start();
        let ada = server.signed_up("ada").await;
        let long = json!({ "name": "🔑".repeat(256), "image": format!("/{}", "x".repeat(2000)) });
        ada.post("/update-user", &long).send().await;
        let pieces: Vec<_> = jar(&ada)
            .into_keys()
            .filter(|name| name.contains("session_data"))
            .collect();
        assert!(pieces.len() > 1 && pieces.len() < 5, "{encoding}: {pieces:?}");
        server.execute("alter table session rename to away");
        assert_eq!(read(&ada).await.json()["user"]["name"], long["name"]);
        server.execute("alter table away rename to session");
        ada.post("/update-user", &json!({ "name": "a", "image": null }))
            .send()
            .await;
        assert_eq!(jar(&ada).len(), 2, "{:?}", jar(&ada));
        ada.post("/update-user", &long).send().await;
        ada.post("/sign-out", &json!({})).send().await;
        assert_eq!(jar(&ada).len(), 0);
    }
}

/// Long declared fields made 77 KB of cookies, with which every later request was refused for its head.
#[tokio::test]
async fn whoever_has_too_much_for_a_copy_goes_on_without_one() {
    let fields = "[user.additional_fields]\ntags = { type = \"string[]\", required = false }";
    for encoding in ENCODINGS {
        let server = copying(encoding)
            .file(fields)
            .set("PORTCULLIS_PLUGINS__JWT__ENABLED", "true")
            .start();
        let ada = server.signed_up("ada").await;
        assert!(jar(&ada).contains_key("better-auth.session_data"));
        let tags = vec!["x".repeat(4000); 14];
        let changed = ada.post("/update-user", &json!({ "tags": tags })).send().await;
        assert_eq!(changed.status, 200, "{changed}");
        assert_eq!(jar(&ada).len(), 1, "{encoding}: the older copy is gone");
        let session = read(&ada).await;
        assert_eq!((session.status, session.header("set-auth-jwt")), (200, None));
        assert_eq!(session.json()["user"]["tags"], json!(tags));
        let again = server.signed_in("ada").await;
        assert_eq!(jar(&again).len(), 1);
        assert_eq!(again.post("/sign-out", &json!({})).send().await.status, 200);
    }
}
