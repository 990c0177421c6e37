//! A request can produce every code of the reviewed list.

mod administration;
mod api_keys;
mod checks;
mod guests;
mod hand_overs;
mod links;
mod organizations;
mod passkeys;
mod phone_numbers;
mod proven_addresses;
mod providers;
mod second_factor;
mod services;

use std::{cell::RefCell, collections::BTreeSet};

use chrono::TimeDelta;
use portcullis_http::codes;
use portcullis_testkit::{Answer, Caller, TestServer};
use serde_json::{Value, json};

/// The codes produced so far.
#[derive(Default)]
struct Produced(RefCell<BTreeSet<String>>);

impl Produced {
    fn note(&self, answer: &Answer) {
        let code = match (answer.status, answer.code()) {
            // These have only a message in the body.
            (_, code) if code.is_empty() && nameless(answer).is_some() => nameless(answer).unwrap(),
            // These have no code in the body, only a status, as in Better Auth.
            (400, code) if code.is_empty() => "BAD_REQUEST".to_owned(),
            (401, code) if code.is_empty() => "UNAUTHORIZED".to_owned(),
            (404, code) if code.is_empty() => "NOT_FOUND".to_owned(),
            (429, code) if code.is_empty() => "TOO_MANY_REQUESTS".to_owned(),
            (..=399, _) => String::new(),
            (_, code) => name_of(code),
        };
        self.0.borrow_mut().insert(code);
    }

    async fn post(&self, caller: &Caller, path: &str, body: Value) {
        self.note(&caller.post(path, &body).send().await);
    }
}

/// The name in the list of a code of which only the message is sent.
fn nameless(answer: &Answer) -> Option<String> {
    let mut known = codes().into_iter().filter(|code| code.is_nameless);
    let found = known.find(|code| code.status == answer.status && answer.body.contains(code.message));
    found.map(|code| code.name.to_owned())
}

/// The name in the list of a code that may contain the id of a provider.
fn name_of(code: String) -> String {
    let mut known = codes().into_iter();
    let found = known.find(|known| matches!(known.variable, Some("NAME" | "NAMES")) && known.is_named(&code));
    found.map_or(code, |known| known.name.to_owned())
}

fn ada(password: &str) -> Value {
    json!({ "name": "n", "email": "ada@example.com", "password": password })
}

async fn passwords(produced: &Produced, server: &TestServer) {
    let (anonymous, ada_herself) = (server.anonymous(), server.signed_up("ada").await);
    produced
        .post(&anonymous, "/sign-up/email", ada("password1234"))
        .await;
    produced.post(&anonymous, "/sign-up/email", ada("short")).await;
    produced
        .post(&anonymous, "/sign-up/email", ada(&"x".repeat(129)))
        .await;
    produced
        .post(&anonymous, "/sign-in/email", ada("password9999"))
        .await;
    produced
        .post(
            &anonymous,
            "/sign-in/email",
            json!({ "email": "no", "password": "x" }),
        )
        .await;
    let change = json!({ "currentPassword": "password9999", "newPassword": "password5678" });
    produced
        .post(&ada_herself, "/change-password", change.clone())
        .await;
    server.execute("delete from account");
    produced.post(&ada_herself, "/change-password", change).await;
    produced
        .post(&ada_herself, "/update-user", json!({ "email": "b@example.com" }))
        .await;
    produced.post(&ada_herself, "/update-user", json!({})).await;
    produced
        .post(&anonymous, "/update-user", json!({ "name": "n" }))
        .await;
}

async fn bodies(produced: &Produced, server: &TestServer) {
    let anonymous = server.anonymous();
    produced.post(&anonymous, "/sign-in/email", json!({})).await;
    for (content_type, body) in [
        ("application/json", "{".to_owned()),
        ("application/json", "x".repeat(70_000)),
        ("text/plain", "x".to_owned()),
    ] {
        let call = anonymous.call("POST", "/api/auth/sign-in/email");
        produced.note(&call.body(content_type, body).send().await);
    }
    let long = "x".repeat(20_000);
    produced.note(&anonymous.get("/ok").header("x-long", &long).send().await);
    let torn = "POST /api/auth/sign-out HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n";
    if server.raw(torn).await.contains("INVALID_BODY") {
        produced.0.borrow_mut().insert("INVALID_BODY".to_owned());
    }
}

async fn origins(produced: &Produced, server: &TestServer) {
    let anonymous = server.anonymous();
    for input in [
        "callbackURL",
        "redirectTo",
        "errorCallbackURL",
        "newUserCallbackURL",
    ] {
        produced
            .post(
                &anonymous,
                "/sign-in/email",
                json!({ (input): "https://evil.test" }),
            )
            .await;
    }
    let sign_in = || anonymous.post("/sign-in/email", &ada("password1234"));
    produced.note(&sign_in().header("origin", "https://evil.test").send().await);
    produced.note(&sign_in().header("origin", "null").send().await);
    let navigation = sign_in()
        .header("sec-fetch-site", "cross-site")
        .header("sec-fetch-mode", "navigate");
    produced.note(&navigation.send().await);
}

async fn settings(produced: &Produced) {
    let closed = TestServer::with()
        .set("PORTCULLIS_EMAIL_AND_PASSWORD__ENABLED", "false")
        .set("PORTCULLIS_RATE_LIMIT__ENABLED", "true")
        .start();
    let anonymous = closed.anonymous();
    produced
        .post(&anonymous, "/sign-up/email", ada("password1234"))
        .await;
    for _ in 0..4 {
        produced
            .post(&anonymous, "/sign-in/email", ada("password1234"))
            .await;
    }
}

async fn common_passwords(produced: &Produced) {
    let strict = TestServer::with()
        .set("PORTCULLIS_EMAIL_AND_PASSWORD__REJECT_COMMON_PASSWORDS", "true")
        .start();
    let caller = strict.anonymous();
    produced
        .post(&caller, "/sign-up/email", ada("password1234"))
        .await;
}

/// The codes of these errors begin with the field's name, so the field is called `field`.
async fn fields(produced: &Produced) {
    let declared = |rule: &str| {
        let file = format!("[user.additional_fields.field]\ntype = \"string\"\n{rule} = true\n");
        TestServer::with().file(&file)
    };
    let person = |name: &str, field: &str| json!({ "name": name, "email": format!("{name}@example.com"), "password": "password1234", "field": field });
    let required = declared("required").start();
    produced
        .post(&required.anonymous(), "/sign-up/email", ada("password1234"))
        .await;
    let unique = declared("unique").start();
    for (name, field) in [("ada", "one"), ("eve", "one"), ("bob", "two")] {
        let caller = unique.anonymous();
        produced
            .post(&caller, "/sign-up/email", person(name, field))
            .await;
        produced
            .post(&caller, "/update-user", json!({ "field": "one" }))
            .await;
    }
    let closed = declared("required = false\ninput = false\nreturned").start();
    produced
        .post(&closed.anonymous(), "/sign-up/email", person("ada", "one"))
        .await;
}

async fn applications(produced: &Produced) {
    let server = TestServer::with()
        .set("PORTCULLIS_PLUGINS__EXPO__ENABLED", "true")
        .start();
    let google = "https%3A%2F%2Faccounts.google.com%2Fo%2Foauth2%2Fv2%2Fauth";
    for query in [
        "authorizationURL=x".to_owned(),
        format!("authorizationURL={google}"),
        format!("authorizationURL={google}%3Fstate%3Da&oauthState=a"),
    ] {
        let path = format!("/expo-authorization-proxy?{query}");
        produced.note(&server.anonymous().get(&path).send().await);
    }
}

async fn proxies(produced: &Produced) {
    let file = "[plugins.forward_auth.rules]\nverified = { require = [\"emailVerified=true\"] }\n";
    let server = TestServer::with().file(file).start();
    let caller = server.signed_up("ada").await;
    for rule in ["verified", "other"] {
        let path = format!("/portcullis/forward-auth/{rule}");
        produced.note(&caller.get(&path).send().await);
    }
}

async fn audiences(produced: &Produced) {
    let server = TestServer::with()
        .set("PORTCULLIS_PLUGINS__JWT__ENABLED", "true")
        .start();
    let caller = server.signed_up("ada").await;
    produced.note(&caller.get("/token?audience=api").send().await);
}

async fn database_rules(produced: &Produced) {
    let server = TestServer::with()
        .set("PORTCULLIS_USER__DELETE_USER__ENABLED", "true")
        .start();
    let caller = server.signed_up("ada").await;
    server.execute(
        r#"create table visits ("session" text references "session" ("id"), "user" text references "user" ("id"));
        insert into visits select "id", "userId" from "session";
        alter table "session" add check (false) not valid"#,
    );
    produced.post(&caller, "/sign-out", json!({})).await;
    let sign_in = ada("password1234");
    produced
        .post(&server.anonymous(), "/sign-in/email", sign_in)
        .await;
    server.execute("update visits set session = null");
    let password = json!({ "password": "password1234" });
    produced.post(&caller, "/delete-user", password).await;
}

async fn timeouts(produced: &Produced) {
    let hasty = TestServer::with()
        .set("PORTCULLIS_LIMITS__REQUEST_TIMEOUT", "1")
        .start();
    let begun = "POST /api/auth/sign-out HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{";
    if hasty.raw(begun).await.contains("REQUEST_TIMEOUT") {
        produced.0.borrow_mut().insert("REQUEST_TIMEOUT".to_owned());
    }
}

async fn outages(produced: &Produced, server: &TestServer) {
    let cookies = server.signed_up("late").await.cookies();
    let away = TestServer::with()
        .set("DATABASE_URL", "postgres://user@127.0.0.1:1/none")
        .start();
    produced.note(
        &away
            .anonymous()
            .get("/get-session")
            .header("cookie", &cookies)
            .send()
            .await,
    );
    readiness(produced).await;
    server.execute("drop table session");
    produced.note(
        &server
            .anonymous()
            .get("/get-session")
            .header("cookie", &cookies)
            .send()
            .await,
    );
}

async fn readiness(produced: &Produced) {
    let ready = async |server: &TestServer| {
        let answer = server.anonymous().call("GET", "/health/ready").send().await;
        produced.note(&answer);
    };
    let ahead = TestServer::with().clock_ahead(TimeDelta::days(8)).start();
    ready(&ahead).await;
    let read_only = TestServer::start();
    read_only.make_database_read_only();
    ready(&read_only).await;
}

#[tokio::test]
async fn every_code_can_be_produced_and_no_other_is() {
    let (produced, server) = (Produced::default(), TestServer::start());
    passwords(&produced, &server).await;
    bodies(&produced, &server).await;
    origins(&produced, &server).await;
    settings(&produced).await;
    common_passwords(&produced).await;
    applications(&produced).await;
    proxies(&produced).await;
    hand_overs::met(&produced).await;
    audiences(&produced).await;
    database_rules(&produced).await;
    administration::met(&produced).await;
    api_keys::met(&produced).await;
    checks::met(&produced).await;
    guests::met(&produced).await;
    services::met(&produced).await;
    timeouts(&produced).await;
    links::met(&produced).await;
    providers::met(&produced).await;
    organizations::met(&produced).await;
    passkeys::met(&produced).await;
    phone_numbers::met(&produced).await;
    proven_addresses::met(&produced).await;
    second_factor::met(&produced).await;
    second_factor::user_names(&produced).await;
    fields(&produced).await;
    outages(&produced, &server).await;

    let mut produced = produced.0.into_inner();
    produced.remove("");
    let known: BTreeSet<String> = codes().iter().map(|code| code.name.to_owned()).collect();
    let amiss: Vec<_> = produced.symmetric_difference(&known).collect();
    assert!(amiss.is_empty(), "never produced, or not listed: {amiss:?}");
}
