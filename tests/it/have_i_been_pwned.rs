//! Compromised passwords: which new passwords are refused, and what happens during an outage.

use portcullis_testkit::{Answer, Caller, MockService, TestServer, TestServerBuilder};
use serde_json::{Value, json};

const ADA: &str = "ada@example.com";
/// A password that attackers know, with its hash.
const KNOWN: &str = "compromised-9";
const HASHES: &[&str] = &["5992F35B6ED233CE21CE67433EBC81B5C70EE46E"];
const UNKNOWN: &str = "n3Vr1tQpZc8y";

fn checking(list: &MockService) -> TestServerBuilder {
    TestServer::with()
        .set(
            "PORTCULLIS_PLUGINS__HAVE_I_BEEN_PWNED__RANGE_URL",
            &list.url("/range"),
        )
        .set(
            "PORTCULLIS_PLUGINS__HAVE_I_BEEN_PWNED__ALLOWED_HOSTS",
            &list.host(),
        )
}

async fn sign_up(caller: &Caller, email: &str, password: &str) -> Answer {
    let body = json!({ "name": "Ada", "email": email, "password": password });
    caller.post("/sign-up/email", &body).send().await
}

async fn post(caller: &Caller, path: &str, body: Value) -> Answer {
    caller.post(path, &body).send().await
}

fn assert_refused(answer: &Answer) {
    assert_eq!(answer.status, 400, "{answer}");
    assert_eq!(
        answer.body,
        r#"{"code":"PASSWORD_COMPROMISED","message":"The password you entered has been compromised. Please choose a different password."}"#
    );
}

#[tokio::test]
async fn a_compromised_password_is_refused_wherever_a_user_sets_one() {
    let list = MockService::password_list(HASHES);
    let server = checking(&list).start();
    let ada = server.anonymous();
    assert_refused(&sign_up(&ada, ADA, KNOWN).await);
    assert_eq!(server.rows(r#"select from "user""#), 0);
    assert_eq!(sign_up(&ada, ADA, UNKNOWN).await.status, 200);

    let change = json!({ "currentPassword": UNKNOWN, "newPassword": KNOWN });
    assert_refused(&post(&ada, "/change-password", change).await);

    post(&ada, "/request-password-reset", json!({ "email": ADA })).await;
    let token = server.mailbox.next(ADA).await.token;
    let stranger = server.anonymous();
    let reset = async |password: &str| {
        post(
            &stranger,
            "/reset-password",
            json!({ "token": token, "newPassword": password }),
        )
        .await
    };
    assert_refused(&reset(KNOWN).await);
    let form = stranger
        .call("POST", &format!("/api/auth/reset-password/{token}"))
        .header("origin", "http://localhost:3000")
        .body(
            "application/x-www-form-urlencoded",
            format!("newPassword={KNOWN}"),
        );
    let page = form.send().await;
    assert_eq!(page.status, 200, "{page}");
    assert!(
        page.body
            .contains("The password you entered has been compromised"),
        "{page}"
    );
    assert_eq!(reset("another 0ne entirely").await.status, 200);
}

#[tokio::test]
async fn the_list_learns_only_five_digits_of_a_hash() {
    let list = MockService::password_list(HASHES);
    let server = checking(&list).start();
    let ada = server.anonymous();
    assert_refused(&sign_up(&ada, ADA, KNOWN).await);
    let requests = list.requests();
    let [request] = requests.as_slice() else {
        panic!("{requests:?}");
    };
    assert_eq!(
        (request.method.as_str(), request.path.as_str()),
        ("GET", "/range/5992F")
    );
    assert_eq!((request.raw_query.as_str(), request.body.as_str()), ("", ""));
    assert_eq!(request.header("add-padding"), "true");
    assert_eq!(request.header("cookie"), "");
}

#[tokio::test]
async fn only_new_passwords_are_looked_up() {
    let list = MockService::password_list(HASHES);
    let before = TestServer::start();
    assert_eq!(sign_up(&before.anonymous(), ADA, KNOWN).await.status, 200);
    let server = checking(&list).replica_of(&before).start();
    let ada = server.anonymous();
    let known = json!({ "email": ADA, "password": KNOWN });
    assert_eq!(post(&ada, "/sign-in/email", known).await.status, 200);
    let verify = post(&ada, "/verify-password", json!({ "password": KNOWN })).await;
    assert_eq!(verify.status, 200);
    // The policy, the owner of the address, the current password and the token are checked first.
    assert_eq!(
        sign_up(&ada, "bob@example.com", "short").await.code(),
        "PASSWORD_TOO_SHORT"
    );
    assert_eq!(sign_up(&ada, ADA, KNOWN).await.status, 422);
    let wrong = json!({ "currentPassword": "wrong password", "newPassword": KNOWN });
    assert_eq!(
        post(&ada, "/change-password", wrong).await.code(),
        "INVALID_PASSWORD"
    );
    let reset = json!({ "token": "unknown", "newPassword": KNOWN });
    assert_eq!(post(&ada, "/reset-password", reset).await.code(), "INVALID_TOKEN");
    assert!(list.requests().is_empty());
    let change = json!({ "currentPassword": KNOWN, "newPassword": UNKNOWN });
    assert_eq!(post(&ada, "/change-password", change).await.status, 200);
    assert_eq!(list.requests().len(), 1);
}

#[tokio::test]
async fn a_deployment_chooses_the_message_and_the_routes() {
    let list = MockService::password_list(HASHES);
    let server = checking(&list)
        .set(
            "PORTCULLIS_PLUGINS__HAVE_I_BEEN_PWNED__CUSTOM_PASSWORD_COMPROMISED_MESSAGE",
            "Pick another one",
        )
        .set("PORTCULLIS_PLUGINS__HAVE_I_BEEN_PWNED__PATHS", "/change-password")
        .start();
    let ada = server.anonymous();
    assert_eq!(sign_up(&ada, ADA, KNOWN).await.status, 200);
    let change = json!({ "currentPassword": KNOWN, "newPassword": KNOWN });
    let answer = post(&ada, "/change-password", change).await;
    assert_eq!(
        answer.body,
        r#"{"code":"PASSWORD_COMPROMISED","message":"Pick another one"}"#
    );
}

#[tokio::test]
async fn passwords_of_administrators_are_looked_up_only_if_configured() {
    let list = MockService::password_list(HASHES);
    let admin = |paths: Option<&str>| {
        let server = checking(&list).set("PORTCULLIS_PLUGINS__ADMIN__ENABLED", "true");
        match paths {
            Some(paths) => server.set("PORTCULLIS_PLUGINS__HAVE_I_BEEN_PWNED__PATHS", paths),
            None => server,
        }
        .start()
    };
    for (paths, status) in [
        (None, 200),
        (Some("/admin/create-user,/admin/set-user-password"), 400),
    ] {
        let server = admin(paths);
        let eve = server.signed_up("eve").await;
        server.execute(r#"update "user" set role = 'admin'"#);
        let new = json!({ "name": "Ada", "email": ADA, "password": KNOWN });
        assert_eq!(post(&eve, "/admin/create-user", new).await.status, status);
        let user = eve.get("/get-session").send().await.json()["user"]["id"].clone();
        let set = json!({ "userId": user, "newPassword": KNOWN });
        assert_eq!(post(&eve, "/admin/set-user-password", set).await.status, status);
    }
}

#[tokio::test]
async fn during_an_outage_the_deployment_decides() {
    for broken in [
        MockService::start(|_| (503, String::new())),
        MockService::start(|_| (302, String::new())),
        // A proxy, or a page of the mirror, answers instead of the list.
        MockService::start(|_| (200, "<p>Access denied: 1</p>".to_owned())),
        MockService::start(|_| (200, String::new())),
    ] {
        let server = checking(&broken).start();
        let answer = sign_up(&server.anonymous(), ADA, UNKNOWN).await;
        assert_eq!(answer.status, 500, "{answer}");
        assert_eq!(
            answer.body,
            r#"{"code":"FAILED_TO_CHECK_PASSWORD_PLEASE_TRY_AGAIN_LATER","message":"Failed to check password. Please try again later."}"#
        );
        assert_eq!(server.rows(r#"select from "user""#), 0);
        let allowing = checking(&broken)
            .set("PORTCULLIS_PLUGINS__HAVE_I_BEEN_PWNED__ON_OUTAGE", "allow")
            .start();
        let answer = sign_up(&allowing.anonymous(), ADA, UNKNOWN).await;
        assert_eq!(answer.status, 200, "{answer}");
    }
}

/// Otherwise the answer would reveal who has an account.
#[tokio::test]
async fn a_sign_up_that_conceals_owners_looks_every_password_up() {
    let list = MockService::password_list(HASHES);
    let server = checking(&list)
        .set(
            "PORTCULLIS_EMAIL_AND_PASSWORD__REQUIRE_EMAIL_VERIFICATION",
            "true",
        )
        .start();
    let stranger = server.anonymous();
    assert_eq!(sign_up(&stranger, ADA, UNKNOWN).await.status, 200);
    for email in [ADA, "bob@example.com"] {
        assert_refused(&sign_up(&stranger, email, KNOWN).await);
    }
    assert_eq!(list.requests().len(), 3);
}

#[tokio::test]
async fn a_reset_by_a_code_looks_the_new_password_up_and_leaves_the_code_valid() {
    let list = MockService::password_list(HASHES);
    let server = checking(&list)
        .set("PORTCULLIS_PLUGINS__EMAIL_OTP__ENABLED", "true")
        .set("PORTCULLIS_PLUGINS__PHONE_NUMBER__ENABLED", "true")
        .start();
    let ada = server.anonymous();
    assert_eq!(sign_up(&ada, ADA, UNKNOWN).await.status, 200);
    let stranger = server.anonymous();
    let wanted = json!({ "email": ADA, "type": "forget-password" });
    let asked = post(&stranger, "/email-otp/send-verification-otp", wanted).await;
    assert_eq!(asked.status, 200, "{asked}");
    let otp = server.mailbox.next(ADA).await.code;
    let by_mail = async |password: &str| {
        let body = json!({ "email": ADA, "otp": otp, "password": password });
        post(&stranger, "/email-otp/reset-password", body).await
    };
    assert_refused(&by_mail(KNOWN).await);
    assert_eq!(by_mail(UNKNOWN).await.status, 200);

    let ada = server.anonymous();
    let signed_in = post(
        &ada,
        "/sign-in/email",
        json!({ "email": ADA, "password": UNKNOWN }),
    )
    .await;
    assert_eq!(signed_in.status, 200, "{signed_in}");
    let number = "+4915112345678";
    post(&ada, "/phone-number/send-otp", json!({ "phoneNumber": number })).await;
    let code = server.mailbox.next(number).await.code;
    let proof = json!({ "phoneNumber": number, "code": code, "updatePhoneNumber": true });
    let proven = post(&ada, "/phone-number/verify", proof).await;
    assert_eq!(proven.status, 200, "{proven}");
    let request = json!({ "phoneNumber": number });
    post(&stranger, "/phone-number/request-password-reset", request).await;
    let otp = server.mailbox.next(number).await.code;
    let by_phone = async |password: &str| {
        let body = json!({ "phoneNumber": number, "otp": otp, "newPassword": password });
        post(&stranger, "/phone-number/reset-password", body).await
    };
    assert_refused(&by_phone(KNOWN).await);
    assert_eq!(by_phone("another 0ne entirely").await.status, 200);
}
