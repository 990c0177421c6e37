//! `email_and_password.reject_common_passwords`: which passwords users may set.

use portcullis_testkit::{Answer, Caller, TestServer, TestServerBuilder};
use serde_json::json;

const ADA: &str = "ada@example.com";
const UNCOMMON: &str = "n3Vr1tQpZc8y";
/// Each is on the list, in this form or in one with the same hash.
const COMMON: [&str; 7] = [
    "password",
    "12345678",
    "password1",
    "qwertyuiop",
    "iloveyou",
    "PassWord1",
    "ｐａｓｓｗｏｒｄ",
];

fn strict() -> TestServerBuilder {
    TestServer::with().set("PORTCULLIS_EMAIL_AND_PASSWORD__REJECT_COMMON_PASSWORDS", "true")
}

async fn sign_up(caller: &Caller, email: &str, password: &str) -> Answer {
    let body = json!({ "name": "Ada", "email": email, "password": password });
    caller.post("/sign-up/email", &body).send().await
}

async fn sign_in(server: &TestServer, password: &str) -> Answer {
    let body = json!({ "email": ADA, "password": password });
    server.anonymous().post("/sign-in/email", &body).send().await
}

fn assert_rejected(answer: &Answer, password: &str) {
    assert_eq!(answer.status, 400, "{password}: {answer}");
    assert_eq!(
        answer.body,
        r#"{"code":"PASSWORD_COMPROMISED","message":"The password you entered has been compromised. Please choose a different password."}"#
    );
}

#[tokio::test]
async fn a_common_password_is_rejected_wherever_a_user_sets_one() {
    let server = strict().start();
    let ada = server.anonymous();
    for password in COMMON {
        assert_rejected(&sign_up(&ada, ADA, password).await, password);
    }
    assert_eq!(server.rows(r#"select from "user""#), 0);
    assert_eq!(sign_up(&ada, ADA, UNCOMMON).await.status, 200);

    for password in COMMON {
        let body = json!({ "currentPassword": UNCOMMON, "newPassword": password });
        let answer = ada.post("/change-password", &body).send().await;
        assert_rejected(&answer, password);
    }

    let asked = ada.post("/request-password-reset", &json!({ "email": ADA }));
    assert_eq!(asked.send().await.status, 200);
    let token = server.mailbox.next(ADA).await.token;
    let reset = async |password: &str| {
        let body = json!({ "token": token, "newPassword": password });
        server.anonymous().post("/reset-password", &body).send().await
    };
    for password in COMMON {
        assert_rejected(&reset(password).await, password);
    }
    assert_eq!(sign_in(&server, UNCOMMON).await.status, 200);
    assert_eq!(
        reset("another 0ne entirely").await.status,
        200,
        "the rejected passwords left the one-time token valid"
    );
}

/// Users who set their password before the option was enabled.
#[tokio::test]
async fn a_common_password_that_is_set_already_still_signs_in_and_can_be_changed() {
    let before = TestServer::start();
    before.signed_up("ada").await;
    let server = strict().replica_of(&before).start();
    assert_eq!(sign_in(&server, "password1234").await.status, 200);
    let ada = server.signed_in("ada").await;
    let verified = ada.post("/verify-password", &json!({ "password": "password1234" }));
    assert_eq!(verified.send().await.status, 200);
    let body = json!({ "currentPassword": "password1234", "newPassword": UNCOMMON });
    assert_eq!(ada.post("/change-password", &body).send().await.status, 200);
}

#[tokio::test]
async fn production_rejects_common_passwords_and_development_accepts_them_unless_the_option_is_set() {
    let production = || {
        TestServer::with()
            .set("PORTCULLIS_MODE", "production")
            .set("BETTER_AUTH_SECRET", "Yx7mQ2vT9sLk4RwZ8bNc3HfJ6dGp1KaE")
            .set("PORTCULLIS_ADVANCED__USE_SECURE_COOKIES", "false")
    };
    let lenient = |builder: TestServerBuilder| {
        builder.set("PORTCULLIS_EMAIL_AND_PASSWORD__REJECT_COMMON_PASSWORDS", "false")
    };
    for (server, status) in [
        (production().start(), 400),
        (lenient(production()).start(), 200),
        (TestServer::start(), 200),
        (strict().start(), 400),
    ] {
        let answer = sign_up(&server.anonymous(), ADA, "password1").await;
        assert_eq!(answer.status, status, "{answer}");
    }
}
