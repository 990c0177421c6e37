//! Real answers match the document.

use std::{cell::RefCell, collections::BTreeSet};

use jsonschema::Validator;
use portcullis_application::ports::Clock as _;
use portcullis_testkit::{Answer, Call, Caller, TestServer};
use serde_json::{Value, json};
use totp_rs::{Algorithm, Builder, Secret};

use super::{
    administration::administration, api_keys::api_keys, backends::backends, document, guests::guests,
    hand_overs::hand_overs, operations, organizations::organizations, passkeys::passkeys, production,
    proven_addresses::proven_addresses, providers,
};

const PASSWORD: &str = "password1234";

/// The document of a server, and the answers that were compared with it.
pub(super) struct Checked {
    document: Value,
    seen: RefCell<BTreeSet<String>>,
}

impl Checked {
    pub(super) async fn of(server: &TestServer) -> Self {
        Self {
            document: document(server).await,
            seen: RefCell::default(),
        }
    }

    /// Sends a request for an operation, and compares its answer with the document.
    pub(super) async fn send(&self, method: &str, path: &str, call: Call<'_>) -> Answer {
        let answer = call.send().await;
        let what = format!("{method} {path} {}", answer.status);
        let operation = &self.document["paths"][path][method];
        let response = &operation["responses"][answer.status.to_string()];
        assert!(response.is_object(), "{what} is not documented: {answer}");
        for name in [
            "set-cookie",
            "location",
            "set-auth-token",
            "set-auth-jwt",
            "set-ott",
        ] {
            let is_documented = response["headers"]
                .as_object()
                .is_some_and(|headers| headers.keys().any(|header| header.eq_ignore_ascii_case(name)));
            assert!(
                answer.header(name).is_none() || is_documented,
                "{what}: {name}: {answer}"
            );
        }
        self.compare_body(response, &answer, &what);
        self.seen.borrow_mut().insert(what);
        answer
    }

    fn compare_body(&self, response: &Value, answer: &Answer, what: &str) {
        if answer.body.is_empty() {
            return;
        }
        let content_type = answer.header("content-type").unwrap_or_default();
        let media_type = content_type.split(';').next().unwrap_or_default();
        let mut schema = response["content"][media_type]["schema"].clone();
        assert!(
            schema.is_object(),
            "{what}: {media_type} is not documented: {answer}"
        );
        if media_type == "application/json" {
            schema["components"] = self.document["components"].clone();
            let validator = validator(&schema);
            let issues: Vec<_> = validator
                .iter_errors(&answer.json())
                .map(|issue| issue.to_string())
                .collect();
            assert!(issues.is_empty(), "{what}: {issues:#?}: {answer}");
        }
    }

    pub(super) async fn get(&self, caller: &Caller, path: &str, query: &str) -> Answer {
        self.send("get", path, caller.get(&format!("{path}{query}")))
            .await
    }

    pub(super) async fn post(&self, caller: &Caller, path: &str, body: Value) -> Answer {
        self.send("post", path, caller.post(path, &body)).await
    }

    /// Follows the link of the next message.
    async fn follow(&self, server: &TestServer, caller: &Caller, path: &str, to: &str) -> Answer {
        let link = server.mailbox.next(to).await.path();
        self.send("get", path, caller.call("GET", &link)).await
    }
}

fn validator(schema: &Value) -> Validator {
    let options = jsonschema::draft202012::options().should_validate_formats(true);
    options.build(schema).unwrap()
}

fn code(server: &TestServer, uri: &str, steps: i64) -> String {
    let secret = uri.split("secret=").nth(1).unwrap().split('&').next().unwrap();
    let totp = Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_secret(Secret::try_from_base32(secret).unwrap())
        .with_step_duration(30)
        .build_noncompliant();
    let now = server.clock.now().timestamp() + steps * 30;
    totp.generate(u64::try_from(now).unwrap()).to_string()
}

fn server() -> TestServer {
    TestServer::with_every_feature()
        .set("PORTCULLIS_CLIENTS__API__ADMINISTRATOR", "true")
        .set("PORTCULLIS_EMAIL_VERIFICATION__SEND_ON_SIGN_UP", "true")
        .set("PORTCULLIS_ACCOUNT__ACCOUNT_LINKING__ALLOW_UNLINKING_ALL", "true")
        .set("PORTCULLIS_PLUGINS__FORWARD_AUTH__SIGN_IN_URL", "https://app.example.com/sign-in")
        .file("[plugins.forward_auth.rules.members]\n[user.additional_fields.plan]\ntype = [\"free\", \"pro\"]\nrequired = false\n[session.additional_fields.device]\ntype = \"string\"\nrequired = false\n")
        .start()
}

async fn accounts(checked: &Checked, server: &TestServer) {
    let ada = server.anonymous();
    let body = json!({ "name": "Ada", "email": "ada@example.com", "password": PASSWORD, "plan": "pro", "username": "ada" });
    checked.post(&ada, "/sign-up/email", body.clone()).await;
    checked.post(&ada, "/sign-up/email", body).await;
    checked.post(&ada, "/sign-up/email", json!({ "plan": 1 })).await;
    checked
        .follow(server, &ada, "/verify-email", "ada@example.com")
        .await;
    let sign_in = json!({ "email": "ada@example.com", "password": PASSWORD, "callbackURL": "/x" });
    checked.post(&ada, "/sign-in/email", sign_in).await;
    let wrong = json!({ "email": "ada@example.com", "password": "wrong" });
    checked.post(&ada, "/sign-in/email", wrong).await;
    let by_name = json!({ "username": "ada", "password": PASSWORD });
    checked.post(&ada, "/sign-in/username", by_name).await;
    checked
        .post(&ada, "/is-username-available", json!({ "username": "eve" }))
        .await;
    checked
        .post(&ada, "/is-username-available", json!({ "username": "" }))
        .await;
    phone_number(checked, server, &ada).await;
    checked.get(&ada, "/get-session", "").await;
    checked.get(&server.anonymous(), "/get-session", "").await;
    checked.get(&ada, "/list-sessions", "").await;
    checked.get(&ada, "/list-accounts", "").await;
    checked.get(&server.anonymous(), "/list-accounts", "").await;
    checked.get(&ada, "/token", "").await;
    checked.get(&ada, "/jwks", "").await;
    changes(checked, &ada).await;
}

async fn phone_number(checked: &Checked, server: &TestServer, ada: &Caller) {
    let number = "+4915112345678";
    let body = json!({ "phoneNumber": number });
    checked.post(ada, "/phone-number/send-otp", body.clone()).await;
    let code = server.mailbox.next(number).await.code;
    let verify = json!({ "phoneNumber": number, "code": code, "updatePhoneNumber": true });
    checked.post(ada, "/phone-number/verify", verify.clone()).await;
    checked.post(ada, "/phone-number/verify", verify).await;
    checked
        .post(ada, "/phone-number/request-password-reset", body)
        .await;
    let code = server.mailbox.next(number).await.code;
    let reset = json!({ "otp": code, "phoneNumber": number, "newPassword": PASSWORD });
    checked
        .post(&server.anonymous(), "/phone-number/reset-password", reset)
        .await;
    // The reset has ended all sessions.
    let sign_in = json!({ "phoneNumber": number, "password": PASSWORD });
    checked.post(ada, "/sign-in/phone-number", sign_in).await;
}

async fn changes(checked: &Checked, ada: &Caller) {
    checked
        .post(ada, "/update-user", json!({ "name": "A", "plan": null }))
        .await;
    checked.post(ada, "/update-user", json!({})).await;
    checked
        .post(ada, "/unlink-account", json!({ "providerId": "github" }))
        .await;
    checked
        .post(ada, "/verify-password", json!({ "password": PASSWORD }))
        .await;
    let change =
        json!({ "currentPassword": PASSWORD, "newPassword": "password4321", "revokeOtherSessions": true });
    checked.post(ada, "/change-password", change).await;
    checked
        .post(ada, "/unlink-account", json!({ "providerId": "credential" }))
        .await;
    checked
        .post(ada, "/revoke-session", json!({ "token": "any" }))
        .await;
    checked.post(ada, "/revoke-other-sessions", json!({})).await;
    checked.post(ada, "/revoke-sessions", json!({})).await;
    checked.post(ada, "/sign-out", json!({})).await;
}

async fn mails(checked: &Checked, server: &TestServer) {
    let (bob, address) = (server.signed_up("bob").await, "bob@example.com");
    let token = server.mailbox.next(address).await.token;
    checked
        .get(&bob, "/verify-email", &format!("?token={token}"))
        .await;
    checked.get(&bob, "/verify-email", "?token=x").await;
    checked
        .get(&bob, "/verify-email", "?token=x&callbackURL=/x")
        .await;
    let send = json!({ "email": "eve@example.com" });
    checked
        .post(&server.anonymous(), "/send-verification-email", send.clone())
        .await;
    checked
        .post(
            &server.anonymous(),
            "/request-password-reset",
            json!({ "email": address }),
        )
        .await;
    let link = server.mailbox.next(address).await;
    let reset = "/reset-password/{token}";
    checked.send("get", reset, bob.call("GET", &link.path())).await;
    checked
        .send("get", reset, bob.get("/reset-password/x?callbackURL=/x"))
        .await;
    let form = bob.post("/reset-password/x", &json!({ "newPassword": PASSWORD }));
    checked.send("post", reset, form).await;
    let form = bob.post(
        &format!("/reset-password/{}", link.token),
        &json!({ "newPassword": "short" }),
    );
    checked.send("post", reset, form).await;
    let body = json!({ "newPassword": PASSWORD, "token": link.token });
    checked.post(&bob, "/reset-password", body.clone()).await;
    checked.post(&bob, "/reset-password", body).await;
    let bob = server.signed_in("bob").await;
    checked
        .post(&bob, "/change-email", json!({ "newEmail": "b@example.com" }))
        .await;
    checked
        .post(&bob, "/delete-user", json!({ "password": "wrong" }))
        .await;
    checked
        .post(&bob, "/delete-user", json!({ "password": PASSWORD }))
        .await;
    checked.get(&bob, "/delete-user/callback", "?token=x").await;
}

async fn second_factors(checked: &Checked, server: &TestServer) {
    let eve = server.signed_up("eve").await;
    server.mailbox.next("eve@example.com").await;
    let password = json!({ "password": PASSWORD });
    let enrolled = checked
        .post(&eve, "/two-factor/enable", password.clone())
        .await
        .json();
    let uri = enrolled["totpURI"].as_str().unwrap();
    let verify = json!({ "code": code(server, uri, -1) });
    checked.post(&eve, "/two-factor/verify-totp", verify).await;
    checked
        .post(&eve, "/two-factor/verify-totp", json!({ "code": "0" }))
        .await;
    checked
        .post(&eve, "/two-factor/get-totp-uri", password.clone())
        .await;
    let sign_in = json!({ "email": "eve@example.com", "password": PASSWORD });
    let elsewhere = server.anonymous();
    checked.post(&elsewhere, "/two-factor/send-otp", json!({})).await;
    let challenge = checked.post(&elsewhere, "/sign-in/email", sign_in.clone()).await;
    assert_eq!(challenge.body, r#"{"twoFactorRedirect":true}"#);
    checked.post(&elsewhere, "/two-factor/send-otp", json!({})).await;
    checked
        .post(&elsewhere, "/two-factor/verify-otp", json!({ "code": "0" }))
        .await;
    let message = server.mailbox.next("eve@example.com").await;
    let verify = json!({ "code": message.code });
    checked.post(&elsewhere, "/two-factor/verify-otp", verify).await;
    let elsewhere = server.anonymous();
    checked.post(&elsewhere, "/sign-in/email", sign_in.clone()).await;
    let backup = |disable: bool, number: usize| json!({ "code": enrolled["backupCodes"][number], "disableSession": disable });
    checked
        .post(&elsewhere, "/two-factor/verify-backup-code", backup(false, 0))
        .await;
    let elsewhere = server.anonymous();
    checked.post(&elsewhere, "/sign-in/email", sign_in).await;
    checked
        .post(&elsewhere, "/two-factor/verify-backup-code", backup(true, 1))
        .await;
    checked
        .post(&eve, "/two-factor/generate-backup-codes", password.clone())
        .await;
    checked.post(&eve, "/two-factor/disable", password).await;
}

async fn pages(checked: &Checked, server: &TestServer) {
    let anonymous = server.anonymous();
    checked.get(&anonymous, "/ok", "").await;
    checked.get(&anonymous, "/error", "?error=x").await;
    checked.get(&anonymous, "/reference", "").await;
    checked.get(&anonymous, "/open-api/generate-schema", "").await;
    let url = "https%3A%2F%2Faccounts.google.com%2Fo%2Foauth2%2Fv2%2Fauth%3Fstate%3Da";
    checked
        .get(
            &anonymous,
            "/expo-authorization-proxy",
            &format!("?authorizationURL={url}"),
        )
        .await;
    for path in ["/", "/health/live", "/health/ready", "/dev/inbox"] {
        checked.send("get", path, anonymous.call("GET", path)).await;
    }
}

/// Users whose deletion is confirmed by mail, with and without a page to return to.
async fn confirmed_deletions() -> Checked {
    let server = TestServer::with()
        .set("PORTCULLIS_USER__DELETE_USER__ENABLED", "true")
        .set("PORTCULLIS_USER__DELETE_USER__VERIFICATION", "true")
        .start();
    let checked = Checked::of(&server).await;
    for (name, callback) in [("ada", ""), ("bob", "&callbackURL=/x")] {
        let (caller, address) = (server.signed_up(name).await, format!("{name}@example.com"));
        checked.post(&caller, "/delete-user", json!({})).await;
        let token = server.mailbox.next(&address).await.token;
        let query = format!("?token={token}{callback}");
        checked.get(&caller, "/delete-user/callback", &query).await;
    }
    checked
}

/// Pages that a front end shows instead.
async fn pages_of_a_front_end() -> Checked {
    let server = production()
        .set("PORTCULLIS_PLUGINS__OPEN_API__ENABLED", "true")
        .set("PORTCULLIS_DEFAULT_REDIRECT_URL", "https://app.example.com")
        .start();
    let checked = Checked::of(&server).await;
    let anonymous = server.anonymous();
    checked.get(&anonymous, "/error", "?error=x").await;
    checked.send("get", "/", anonymous.call("GET", "/")).await;
    checked
}

#[tokio::test]
async fn the_answers_of_every_route_match_the_document() {
    let server = server();
    let checked = Checked::of(&server).await;
    accounts(&checked, &server).await;
    mails(&checked, &server).await;
    second_factors(&checked, &server).await;
    pages(&checked, &server).await;
    backends(&checked, &server).await;
    organizations(&checked, &server).await;
    administration(&checked, &server).await;
    api_keys(&checked, &server).await;
    hand_overs(&checked, &server).await;
    guests(&checked, &server).await;
    passkeys(&checked, &server).await;
    proven_addresses(&checked, &server).await;

    let mut seen = checked.seen.take();
    seen.append(&mut confirmed_deletions().await.seen.take());
    seen.append(&mut providers::signed_in().await.seen.take());
    seen.append(&mut pages_of_a_front_end().await.seen.take());
    let unseen: Vec<String> = operations(&checked.document)
        .flat_map(|(path, method, operation)| {
            let statuses = operation["responses"].as_object().unwrap().keys();
            let statuses = statuses.filter(|status| status.as_str() < "400");
            statuses.map(move |status| format!("{method} {path} {status}"))
        })
        .filter(|answer| !seen.contains(answer))
        .collect();
    assert_eq!(unseen, [""; 0], "answers that no request produced");
}

/// A comparison that accepts everything would prove nothing.
#[tokio::test]
async fn an_answer_with_a_missing_member_does_not_match() {
    let document = document(&TestServer::start()).await;
    let mut schema = json!({ "$ref": "#/components/schemas/User" });
    schema["components"] = document["components"].clone();
    let mut user = json!({
        "name": "n", "email": "e", "emailVerified": true, "image": null, "id": "i",
        "createdAt": "2026-01-01T00:00:00.000Z", "updatedAt": "2026-01-01T00:00:00.000Z",
    });
    assert!(validator(&schema).is_valid(&user));
    user["createdAt"] = json!("yesterday");
    assert!(!validator(&schema).is_valid(&user));
    user.as_object_mut().unwrap().remove("createdAt");
    assert!(!validator(&schema).is_valid(&user));
}
