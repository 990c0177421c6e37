//! The plugin `username`.

use insta::assert_snapshot;
use portcullis_testkit::{Answer, Caller, TestServer, TestServerBuilder};
use serde_json::{Value, json};

const PASSWORD: &str = "password1234";

fn with_plugin() -> TestServerBuilder {
    TestServer::with().set("PORTCULLIS_PLUGINS__USERNAME__ENABLED", "true")
}

async fn sign_up(server: &TestServer, name: &str, names: Value) -> (Caller, Answer) {
    let caller = server.anonymous();
    let mut body = json!({ "name": name, "email": format!("{name}@example.com"), "password": PASSWORD });
    for (member, value) in names.as_object().unwrap() {
        body[member] = value.clone();
    }
    let answer = caller.post("/sign-up/email", &body).send().await;
    (caller, answer)
}

async fn sign_in(server: &TestServer, username: &str, password: &str) -> Answer {
    let body = json!({ "username": username, "password": password });
    server.anonymous().post("/sign-in/username", &body).send().await
}

async fn names(caller: &Caller) -> Value {
    let user = caller.get("/get-session").send().await.json()["user"].clone();
    json!([user["username"], user["displayUsername"]])
}

fn code(answer: &Answer) -> (u16, Value) {
    (answer.status, answer.json()["code"].clone())
}

#[tokio::test]
async fn a_user_signs_in_by_user_name_in_any_case() {
    let server = with_plugin().start();
    sign_up(&server, "ada", json!({ "username": "Ada_L" })).await;
    assert_snapshot!(sign_in(&server, "aDA_l", PASSWORD).await, @r#"
    200
    cache-control: no-store
    content-type: application/json
    set-cookie: better-auth.session_token=w2ilC4L0p87HzUE7DCDTa5TWX7CRWWvD.3RvNOFWWqZRCmxPPSYihZtoRm3%2FEm6ITNMeGd2eWhTg%3D; Max-Age=604800; Path=/; HttpOnly; SameSite=Lax
    {"token":"w2ilC4L0p87HzUE7DCDTa5TWX7CRWWvD","user":{"name":"ada","email":"ada@example.com","emailVerified":false,"image":null,"createdAt":"2026-01-01T00:00:00.000Z","updatedAt":"2026-01-01T00:00:00.000Z","username":"ada_l","displayUsername":"Ada_L","id":"j9X8DSL2EBfGMtc7B7GGHgVP6yv1Fozn"}}
    "#);
}

#[tokio::test]
async fn sign_in_does_not_reveal_which_user_names_exist() {
    let server = with_plugin().start();
    sign_up(&server, "ada", json!({ "username": "ada_l" })).await;
    let [wrong, unknown] = ["ada_l", "nadia"].map(|name| sign_in(&server, name, "password9999"));
    let (wrong, unknown) = (wrong.await, unknown.await);
    assert_eq!(code(&wrong), (401, json!("INVALID_USERNAME_OR_PASSWORD")));
    assert_eq!(wrong.to_string(), unknown.to_string());
    let slept = server.clock.slept();
    assert_eq!(slept.first(), slept.last(), "both answers leave at the same time");
}

/// Guesses by user name and by e-mail address are guesses of one password.
#[tokio::test]
async fn failed_sign_ins_are_counted_together_with_those_by_email() {
    let server = with_plugin()
        .set("PORTCULLIS_RATE_LIMIT__ENABLED", "true")
        .set("PORTCULLIS_RATE_LIMIT__FAILED_SIGN_INS", "4")
        .set("PORTCULLIS_TRUSTED_PROXIES", "127.0.0.1")
        .start();
    sign_up(&server, "ada", json!({ "username": "ada_l" })).await;
    // Each guess is sent by another client, since each client has a limit of its own.
    let guess = async |client: u8, path: &str, body: Value| {
        let caller = server.anonymous();
        let call = caller.post(path, &body);
        let call = call.header("x-forwarded-for", &format!("203.0.113.{client}"));
        call.send().await.status
    };
    for client in [1, 3] {
        let by_name = json!({ "username": "ada_l", "password": "password9999" });
        assert_eq!(guess(client, "/sign-in/username", by_name).await, 401);
        let by_email = json!({ "email": "ada@example.com", "password": "password9999" });
        assert_eq!(guess(client + 1, "/sign-in/email", by_email).await, 401);
    }
    let right = json!({ "username": "ada_l", "password": PASSWORD });
    assert_eq!(guess(5, "/sign-in/username", right).await, 429);
}

#[tokio::test]
async fn user_names_that_no_user_can_have_are_rejected() {
    let server = with_plugin().start();
    for (name, expected) in [
        ("ab", "USERNAME_TOO_SHORT"),
        (&"a".repeat(31), "USERNAME_IS_TOO_LONG"),
        ("a b", "USERNAME_IS_INVALID"),
    ] {
        assert_eq!(
            code(&sign_in(&server, name, PASSWORD).await),
            (422, json!(expected))
        );
        let (_, answer) = sign_up(&server, "ada", json!({ "username": name })).await;
        assert_eq!(code(&answer), (400, json!(expected)), "{answer}");
    }
    assert_eq!(
        code(&sign_in(&server, "", PASSWORD).await).1,
        "INVALID_USERNAME_OR_PASSWORD"
    );
    // wire: the name is checked before the rest of the body.
    let body = json!({ "username": "ab", "email": "no" });
    let answer = server.anonymous().post("/sign-up/email", &body).send().await;
    assert_eq!(code(&answer), (400, json!("USERNAME_TOO_SHORT")));
}

/// Better Auth looks for the name as it is written, and fails at the unique key with 422 or 500.
#[tokio::test]
async fn a_taken_user_name_is_rejected_in_any_case() {
    let server = with_plugin().start();
    sign_up(&server, "ada", json!({ "username": "ada_l" })).await;
    for name in ["ada_l", "ADA_L"] {
        let (_, answer) = sign_up(&server, "eve", json!({ "username": name })).await;
        let taken = json!("USERNAME_IS_ALREADY_TAKEN_PLEASE_TRY_ANOTHER");
        assert_eq!(code(&answer), (400, taken), "{answer}");
        let body = json!({ "username": name });
        let answer = server
            .anonymous()
            .post("/is-username-available", &body)
            .send()
            .await;
        assert_eq!(answer.json(), json!({ "available": false }));
    }
    let (bob, _) = sign_up(&server, "bob", json!({})).await;
    let answer = bob
        .post("/update-user", &json!({ "username": "ADA_L" }))
        .send()
        .await;
    assert!((400..500).contains(&answer.status), "{answer}");
    assert_eq!(names(&bob).await, json!([null, null]));
}

#[tokio::test]
async fn one_of_twenty_parallel_sign_ups_gets_the_user_name() {
    let server = with_plugin().start();
    let people: Vec<_> = (0..20).map(|n| format!("user{n}")).collect();
    let sign_ups = people
        .iter()
        .map(|name| sign_up(&server, name, json!({ "username": "popular" })));
    let answers = futures_util::future::join_all(sign_ups).await;
    let successes = answers.iter().filter(|(_, answer)| answer.status == 200).count();
    assert_eq!(successes, 1);
    assert!(answers.iter().all(|(_, answer)| answer.status < 500));
}

#[tokio::test]
async fn a_name_that_is_sent_without_the_other_becomes_both_if_it_can() {
    let server = with_plugin().start();
    for (person, sent, stored) in [
        ("a", json!({ "username": "Ada_L" }), json!(["ada_l", "Ada_L"])),
        (
            "b",
            json!({ "displayUsername": "Bob.B" }),
            json!(["bob.b", "Bob.B"]),
        ),
        ("c", json!({ "displayUsername": "Cy D." }), json!([null, "Cy D."])),
        (
            "d",
            json!({ "username": "dora", "displayUsername": "Dora!" }),
            json!(["dora", "Dora!"]),
        ),
        ("e", json!({ "username": null }), json!([null, null])),
    ] {
        let (caller, answer) = sign_up(&server, person, sent).await;
        assert_eq!(answer.status, 200, "{answer}");
        assert_eq!(names(&caller).await, stored, "{person}");
    }
}

#[tokio::test]
async fn an_update_sets_the_names_as_a_sign_up_does() {
    let server = with_plugin().start();
    let (ada, _) = sign_up(&server, "ada", json!({ "username": "ada_l" })).await;
    for (sent, stored) in [
        (json!({ "username": "New_Two" }), json!(["new_two", "New_Two"])),
        (
            json!({ "displayUsername": "Ada Lovelace" }),
            json!(["new_two", "Ada Lovelace"]),
        ),
        (json!({ "username": "ada_l" }), json!(["ada_l", "ada_l"])),
        (json!({ "displayUsername": null }), json!(["ada_l", null])),
        (json!({ "username": null }), json!([null, null])),
    ] {
        let answer = ada.post("/update-user", &sent).send().await;
        assert_eq!(answer.body, r#"{"status":true}"#, "{sent}");
        assert_eq!(names(&ada).await, stored, "{sent}");
    }
    // wire: the name is checked before the session.
    let answer = server
        .anonymous()
        .post("/update-user", &json!({ "username": "a b" }))
        .send()
        .await;
    assert_eq!(code(&answer), (400, json!("USERNAME_IS_INVALID")));
}

#[tokio::test]
async fn without_normalization_user_names_differ_by_case() {
    let server = with_plugin()
        .set("PORTCULLIS_PLUGINS__USERNAME__USERNAME_NORMALIZATION", "false")
        .start();
    for (person, name) in [("a", "Ada"), ("b", "ada")] {
        let (_, answer) = sign_up(&server, person, json!({ "username": name })).await;
        assert_eq!(answer.status, 200, "{answer}");
        assert_eq!(
            sign_in(&server, name, PASSWORD).await.json()["user"]["username"],
            name
        );
    }
}

#[tokio::test]
async fn without_the_plugin_users_have_no_user_names() {
    let server = TestServer::start();
    let (ada, answer) = sign_up(&server, "ada", json!({ "username": "x" })).await;
    assert_eq!(answer.status, 200, "{answer}");
    assert_eq!(sign_in(&server, "ada", PASSWORD).await.status, 404);
    assert_eq!(
        ada.get("/get-session").send().await.json()["user"].get("username"),
        None
    );
}
