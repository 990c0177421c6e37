//! Advisories against Better Auth, and other faults found in it, that no feature's test file covers.

use portcullis_http::{Route, routes};
use portcullis_testkit::{Answer, Caller, TestServer, TestServerBuilder, signature};
use serde_json::{Value, json};

const ADA: &str = "ada@example.com";
const PASSWORD: &str = "password1234";

/// A server with every feature that returns a session or a token.
fn generous() -> TestServerBuilder {
    [
        "SESSION__COOKIE_CACHE__ENABLED",
        "PLUGINS__BEARER__ENABLED",
        "PLUGINS__EXPO__ENABLED",
        "PLUGINS__JWT__ENABLED",
        "USER__CHANGE_EMAIL__ENABLED",
        "USER__DELETE_USER__ENABLED",
    ]
    .into_iter()
    .fold(TestServer::with(), |builder, key| {
        builder.set(&format!("PORTCULLIS_{key}"), "true")
    })
}

/// Asserts that `answer` holds no session, and that there is none.
async fn assert_returns_no_session(server: &TestServer, answer: &Answer) {
    for header in ["set-auth-token", "set-auth-jwt", "authorization"] {
        assert_eq!(answer.header(header), None, "{answer}");
    }
    for line in answer.cookies() {
        let (name, rest) = line.split_once('=').unwrap();
        let value = rest.split(';').next().unwrap();
        let holds_session = name.contains("session_token") || name.contains("session_data");
        assert!(!holds_session || value.is_empty(), "{answer}");
        let stranger = server.anonymous();
        let replayed = stranger
            .get("/get-session")
            .header("cookie", &format!("{name}={value}"));
        assert_eq!(replayed.send().await.body, "null", "{answer}");
    }
    assert_eq!(server.rows("select from session"), 0, "{answer}");
}

/// GHSA-xg6x-h9c9-2m83 and its follow-ups.
#[tokio::test]
async fn a11_a_rejected_or_unfinished_sign_in_returns_no_session_in_any_header() {
    for encoding in ["compact", "jwt", "jwe"] {
        let server = generous()
            .set("PORTCULLIS_SESSION__COOKIE_CACHE__STRATEGY", encoding)
            .set(
                "PORTCULLIS_EMAIL_AND_PASSWORD__REQUIRE_EMAIL_VERIFICATION",
                "true",
            )
            .start();
        let caller = server.anonymous();
        let ada = json!({ "name": "Ada", "email": ADA, "password": PASSWORD });
        let post = async |path: &str, body: &Value| caller.post(path, body).send().await;
        let wrong = json!({ "email": ADA, "password": "password5678" });
        let answers = [
            (200, post("/sign-up/email", &ada).await),
            (200, post("/sign-up/email", &ada).await),
            (
                403,
                post("/sign-in/email", &json!({ "email": ADA, "password": PASSWORD })).await,
            ),
            (401, post("/sign-in/email", &wrong).await),
            (200, caller.get("/get-session").send().await),
            (401, caller.get("/token").send().await),
        ];
        for (status, answer) in &answers {
            assert_eq!(answer.status, *status, "{answer}");
            assert_returns_no_session(&server, answer).await;
        }
        assert_eq!(answers[0].1.json()["token"], Value::Null);
    }
}

#[tokio::test]
async fn a11_a_sign_up_without_auto_sign_in_returns_no_session() {
    let server = generous()
        .set("PORTCULLIS_EMAIL_AND_PASSWORD__AUTO_SIGN_IN", "false")
        .start();
    let body = json!({ "name": "Ada", "email": ADA, "password": PASSWORD });
    for _ in 0..2 {
        let answer = server.anonymous().post("/sign-up/email", &body).send().await;
        assert_eq!(
            (answer.status, &answer.json()["token"]),
            (200, &Value::Null),
            "{answer}"
        );
        assert_returns_no_session(&server, &answer).await;
    }
}

/// A body with `text` in every member that a route reads, except those without which the body would be rejected.
fn body_of(text: &str) -> Value {
    json!({
        "name": text, "image": format!("/{text}"), "token": text, "newPassword": "password5678",
        "callbackURL": format!("/{text}"), "redirectTo": format!("/{text}"), "providerId": text, "accountId": text,
        "email": "eve@example.com", "newEmail": "new@example.com", "password": PASSWORD,
    })
}

/// Sends `text` to `route` in every part of the request that a caller controls.
async fn send(caller: &Caller, route: &Route, text: &str) -> Answer {
    let path = route
        .full_path("/api/auth")
        .replace("/:token", &format!("/{text}"));
    let path = format!("{path}?token={text}&callbackURL=/{text}&error={text}&error_description={text}");
    let provider = "https%3A%2F%2Fgithub.com%2Flogin%2Foauth%2Fauthorize%3Fstate%3D";
    let path = format!("{path}&authorizationURL={provider}{text}");
    let call = caller
        .call(route.method, &path)
        .header("origin", "http://localhost:3000");
    let call = call
        .header("user-agent", text)
        .header("x-request-id", text)
        .header("authorization", text);
    let body = body_of(text).to_string();
    if route.method == "GET" {
        return call.send().await;
    }
    call.body("application/json", body).send().await
}

/// CVE-2026-121802: an endpoint signed the caller's input with the server's secret, so any caller could forge links.
#[tokio::test]
async fn a38_no_route_signs_what_a_caller_sends() {
    let server = generous().start();
    let text = "eyJhbGciOiJIUzI1NiJ9.eyJlbWFpbCI6ImFkYUBleGFtcGxlLmNvbSIsImV4cCI6OTk5OTk5OTk5OX0";
    let tag = signature(text);
    let hexadecimal = tag
        .iter()
        .fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
    let forms = [
        hexadecimal,
        encode(&tag),
        encode(&tag).replace('-', "+").replace('_', "/"),
    ];
    for route in routes() {
        let ada = server.anonymous();
        let name = format!("n{}", server.rows(r#"select from "user""#));
        let body = json!({ "name": name, "email": format!("{name}@example.com"), "password": PASSWORD });
        ada.post("/sign-up/email", &body).send().await;
        let answer = send(&ada, route, text).await;
        let shown = answer.to_string().replace("%2B", "+").replace("%2F", "/");
        for form in &forms {
            assert!(
                !shown.contains(form.as_str()),
                "{} {}: {answer}",
                route.method,
                route.path
            );
        }
    }
    // The check finds a signature if there is one: that of the session token.
    let ada = server.signed_up("ada").await;
    let cookies = ada.cookies().replace("%2B", "+").replace("%2F", "/");
    let token = cookies
        .split("session_token=")
        .nth(1)
        .unwrap()
        .split('.')
        .next()
        .unwrap();
    let own = encode(&signature(token)).replace('-', "+").replace('_', "/");
    assert!(cookies.contains(&own), "{cookies}");
}

/// Encodes `bytes` as Base64url without padding. The function is too small to justify a dependency.
fn encode(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let bits: Vec<u8> = bytes
        .iter()
        .flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1))
        .collect();
    let letter = |six: &[u8]| {
        let whole = six.iter().chain([&0; 6]).take(6);
        char::from(LETTERS[usize::from(whole.fold(0_u8, |sum, bit| sum << 1 | bit))])
    };
    bits.chunks(6).map(letter).collect()
}

/// An email change link is bound to the user who requested it, also if another user has the old address by then.
#[tokio::test]
async fn a39_an_email_change_link_is_rejected_for_another_user() {
    let server = generous().start();
    let (ada, eve) = (server.signed_up("ada").await, server.signed_up("eve").await);
    ada.post("/change-email", &json!({ "newEmail": "new@example.com" }))
        .send()
        .await;
    let message = server.mailbox.next("new@example.com").await;
    server.execute(r#"update "user" set email = 'x@example.com' where name = 'ada'"#);
    server.execute(r#"update "user" set email = 'ada@example.com' where name = 'eve'"#);
    for caller in [&eve, &server.anonymous()] {
        let answer = caller.call("GET", &message.path()).send().await;
        assert_eq!(
            answer.header("location"),
            Some("/?error=invalid_token"),
            "{answer}"
        );
        assert_eq!(answer.cookies().count(), 0);
    }
    assert_eq!(
        server.rows(r#"select from "user" where email = 'new@example.com' or "emailVerified""#),
        0
    );
}

/// GHSA-737v-mqg7-c878: names that are special in JavaScript, such as `__proto__`, are ordinary members here.
#[tokio::test]
async fn a41_prototype_members_in_a_body_are_ignored() {
    let server = generous().start();
    let ada = server.signed_up("ada").await;
    let poisons = [
        r#""__proto__":{"emailVerified":true,"role":"admin","enabled":true}"#,
        r#""constructor":{"prototype":{"emailVerified":true,"role":"admin"}}"#,
        r#""__proto__":null,"toString":1,"hasOwnProperty":1"#,
    ];
    for route in routes().filter(|route| route.method == "POST" && !route.path.contains("delete-user")) {
        for poison in poisons {
            let path = route.full_path("/api/auth");
            let call = ada.call("POST", &path).header("origin", "http://localhost:3000");
            let body = format!(r#"{{"name":"ada","email":"no","password":"no",{poison}}}"#);
            let answer = call.body("application/json", body).send().await;
            assert!(answer.status < 500, "{path} {poison}: {answer}");
        }
    }
    assert_eq!(server.rows(r#"select from "user" where "emailVerified""#), 0);
    let eve = server.signed_up("eve").await;
    let eve = eve.get("/get-session").send().await.json();
    assert_eq!(eve["user"]["emailVerified"], false);
    assert!(eve["user"].get("role").is_none());
}

/// A link's token with this header and these claims, signed with the server's secret.
fn link(head: &Value, claims: &Value) -> String {
    let text = format!(
        "{}.{}",
        encode(head.to_string().as_bytes()),
        encode(claims.to_string().as_bytes())
    );
    let tag = encode(&signature(&text));
    format!("{text}.{tag}")
}

/// In a shared database, links that a Node server made are accepted. Tokens that only resemble them are rejected.
#[tokio::test]
async fn a_link_token_with_a_wrong_header_claim_or_signature_is_rejected() {
    let server = TestServer::with()
        .set("PORTCULLIS_COMPATIBILITY__SHARED_DATABASE", "true")
        .start();
    server.signed_up("ada").await;
    // The test clock starts at 2026-01-01.
    let (now, head) = (1_767_225_600, json!({ "alg": "HS256" }));
    let claims = json!({ "email": ADA, "iat": now, "exp": now + 3600 });
    let good = link(&head, &claims);
    let (text, tag) = good.rsplit_once('.').unwrap();
    let endless = json!({ "email": ADA, "iat": now });
    let early = json!({ "email": ADA, "iat": now, "nbf": now + 60, "exp": now + 3600 });
    let without_email = json!({ "iat": now, "exp": now + 3600 });
    let mut bad = vec![
        link(&head, &endless),
        link(&head, &early),
        link(&head, &without_email),
        format!("{text}."),
        text.to_owned(),
        format!("{text}.{tag}="),
        format!("{text}.{tag}%0A"),
        format!("{text}.{tag}.{tag}"),
        format!("{text}.{}", tag.to_lowercase()),
    ];
    for other in ["none", "nOnE", "HS512", "RS256", "", "hs256"] {
        bad.push(link(&json!({ "alg": other }), &claims));
    }
    for more in [
        json!({ "alg": "HS256", "crit": ["exp"] }),
        json!({ "alg": "HS256", "b64": false, "crit": ["b64"] }),
    ] {
        bad.push(link(&more, &claims));
    }
    for token in bad {
        let answer = server
            .anonymous()
            .get(&format!("/verify-email?token={token}"))
            .send()
            .await;
        let actual = (answer.status, answer.code());
        assert_eq!(actual, (401, "INVALID_TOKEN".to_owned()), "{token}: {answer}");
        assert_eq!(answer.cookies().count(), 0);
    }
    assert_eq!(server.rows(r#"select from "user" where "emailVerified""#), 0);
    let answer = server
        .anonymous()
        .get(&format!("/verify-email?token={good}"))
        .send()
        .await;
    assert_eq!(answer.status, 200, "{answer}");
    assert_eq!(server.rows(r#"select from "user" where "emailVerified""#), 1);
}

/// A string that no mail server accepts as an address is rejected, even if other software normalizes it into one.
#[tokio::test]
async fn sign_up_rejects_strings_that_only_resemble_an_address() {
    let server = TestServer::start();
    for address in [
        json!("ada＠example.com"),
        json!("ada@example.com,eve@example.com"),
        json!(" ada@example.com"),
        json!("ada@example.com\n"),
        json!("ada@exam\u{0}ple.com"),
        json!("ada@münchen.example"),
        json!("ada@[127.0.0.1]"),
        json!(["ada@example.com"]),
        json!({ "email": "ada@example.com" }),
        json!(null),
    ] {
        let body = json!({ "name": "Ada", "email": address, "password": PASSWORD });
        let answer = server.anonymous().post("/sign-up/email", &body).send().await;
        assert_eq!(answer.status, 400, "{address}: {answer}");
    }
    assert_eq!(server.rows(r#"select from "user""#), 0);
    let body = json!({ "name": "Ada", "email": "ADA@Example.COM", "password": PASSWORD });
    let answer = server.anonymous().post("/sign-up/email", &body).send().await;
    assert_eq!(answer.json()["user"]["email"], ADA);
}
