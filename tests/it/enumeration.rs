//! No body, status or header reveals whether an address is registered, also under parallel requests and while the
//! database is read-only.

use futures_util::future::join_all;
use portcullis_testkit::{Answer, Caller, TestServer, TestServerBuilder};
use serde_json::{Value, json};

const KNOWN: &str = "ada@example.com";
const UNKNOWN: &str = "unknown@example.com";
/// More requests than the pool has connections.
const AT_ONCE: usize = 60;

/// The routes on which a caller without a session names a user by address.
const PATHS: [&str; 2] = ["/request-password-reset", "/send-verification-email"];

async fn ask(server: &TestServer, path: &str, email: &str) -> Answer {
    let body = json!({ "email": email });
    server.anonymous().post(path, &body).send().await
}

fn limited() -> TestServerBuilder {
    TestServer::with()
        .set("PORTCULLIS_RATE_LIMIT__ENABLED", "true")
        .set("PORTCULLIS_RATE_LIMIT__CUSTOM_RULES", "/** off")
}

#[tokio::test]
async fn parallel_requests_for_a_known_and_an_unknown_address_are_answered_alike() {
    for builder in [TestServer::with(), limited()] {
        let server = builder.start();
        server.signed_up("ada").await;
        for path in PATHS {
            for email in [KNOWN, UNKNOWN] {
                let answers = join_all((0..AT_ONCE).map(|_| ask(&server, path, email))).await;
                for answer in answers {
                    assert_eq!(answer.status, 200, "{path} {email}: {answer}");
                }
            }
        }
    }
}

/// An open transaction that changes the user must not make a difference either.
#[tokio::test]
async fn a_locked_user_is_answered_as_an_unknown_one() {
    let server = TestServer::start();
    server.signed_up("ada").await;
    let _held = server.open_transaction("select from \"user\" for no key update");
    for path in PATHS {
        for email in [KNOWN, UNKNOWN] {
            let answers = join_all((0..10).map(|_| ask(&server, path, email))).await;
            for answer in answers {
                assert_eq!(answer.status, 200, "{path} {email}: {answer}");
            }
        }
    }
}

#[tokio::test]
async fn while_the_database_cannot_write_a_known_and_an_unknown_address_are_answered_alike() {
    for builder in [TestServer::with(), limited()] {
        let server = builder.start();
        server.signed_up("ada").await;
        server.make_database_read_only();
        for path in PATHS {
            for email in [KNOWN, UNKNOWN] {
                let answer = ask(&server, path, email).await;
                assert_eq!(answer.status, 503, "{path} {email}: {answer}");
            }
        }
    }
}

#[tokio::test]
async fn while_the_database_cannot_write_a_sign_up_that_begins_no_session_is_answered_alike() {
    for builder in [requiring_verification(), without_auto_sign_in()] {
        let server = builder.start();
        sign_up(&server, KNOWN, "password1234").await;
        server.make_database_read_only();
        for email in [KNOWN, UNKNOWN] {
            let answer = sign_up(&server, email, "password1234").await;
            assert_eq!(answer.status, 503, "{email}: {answer}");
        }
    }
}

/// A sign-up with a taken address has nothing to store here, but the server probes the database all the same.
fn without_auto_sign_in() -> TestServerBuilder {
    TestServer::with()
        .set("PORTCULLIS_EMAIL_AND_PASSWORD__AUTO_SIGN_IN", "false")
        .set("PORTCULLIS_DELIVERY__TRANSPORT", "none")
}

fn requiring_verification() -> TestServerBuilder {
    TestServer::with().set(
        "PORTCULLIS_EMAIL_AND_PASSWORD__REQUIRE_EMAIL_VERIFICATION",
        "true",
    )
}

fn person(email: &str, password: &str) -> Value {
    json!({ "name": "n", "email": email, "password": password })
}

async fn sign_up(server: &TestServer, email: &str, password: &str) -> Answer {
    let body = person(email, password);
    server.anonymous().post("/sign-up/email", &body).send().await
}

async fn sign_in(server: &TestServer, email: &str, password: &str) -> String {
    let body = json!({ "email": email, "password": password });
    server
        .anonymous()
        .post("/sign-in/email", &body)
        .send()
        .await
        .to_string()
}

/// Signs up a user and verifies the address.
async fn sign_up_and_verify(server: &TestServer) {
    sign_up(server, KNOWN, "password1234").await;
    let token = server.mailbox.next(KNOWN).await.token;
    let path = format!("/verify-email?token={token}");
    assert_eq!(server.anonymous().get(&path).send().await.status, 200);
}

#[tokio::test]
async fn signing_in_after_a_sign_up_does_not_reveal_whether_the_address_was_taken() {
    let server = requiring_verification().start();
    sign_up_and_verify(&server).await;
    let mut shown = Vec::new();
    for email in [KNOWN, UNKNOWN] {
        let mut answers = Vec::new();
        for password in ["the first password", "another password"] {
            assert_eq!(sign_up(&server, email, password).await.status, 200);
        }
        for password in ["the first password", "another password", "a third password"] {
            answers.push(sign_in(&server, email, password).await);
        }
        shown.push(answers);
    }
    assert_eq!(shown[0], shown[1]);
    assert!(shown[0][0].contains("EMAIL_NOT_VERIFIED"), "{}", shown[0][0]);

    let right = sign_in(&server, KNOWN, "password1234").await;
    assert!(right.starts_with("200"), "{right}");
}

/// The password of a rejected sign-up signs no user in and does not reset the count of failed sign-ins.
#[tokio::test]
async fn signing_in_with_the_password_of_a_rejected_sign_up_counts_as_a_failure() {
    let server = requiring_verification()
        .set("PORTCULLIS_RATE_LIMIT__ENABLED", "true")
        .set("PORTCULLIS_RATE_LIMIT__CUSTOM_RULES", "/** off")
        .start();
    sign_up_and_verify(&server).await;
    for email in [KNOWN, UNKNOWN] {
        assert_eq!(sign_up(&server, email, "the first password").await.status, 200);
        let mut statuses = Vec::new();
        for _ in 0..21 {
            let answer = sign_in(&server, email, "the first password").await;
            statuses.push(answer.split('\n').next().unwrap().to_owned());
        }
        assert_eq!(statuses[..20], ["403"; 20], "{email}");
        assert_eq!(statuses[20], "429", "{email}");
    }
}

async fn follow(server: &TestServer, caller: &Caller, to: &str) {
    let token = server.mailbox.next(to).await.token;
    let answer = caller.get(&format!("/verify-email?token={token}")).send().await;
    assert_eq!(answer.status, 200, "{answer}");
}

#[tokio::test]
async fn the_password_of_a_rejected_sign_up_is_deleted_with_the_address_and_with_the_user() {
    let kept = "select from portcullis_refused_sign_up";
    let server = requiring_verification()
        .set("PORTCULLIS_USER__CHANGE_EMAIL__ENABLED", "true")
        .start();
    sign_up_and_verify(&server).await;
    sign_up(&server, KNOWN, "the first password").await;
    server.mailbox.next(KNOWN).await;
    assert_eq!(server.rows(kept), 1);
    let ada = server.signed_in("ada").await;
    let change = json!({ "newEmail": "countess@example.com" });
    assert_eq!(ada.post("/change-email", &change).send().await.status, 200);
    follow(&server, &ada, KNOWN).await;
    follow(&server, &ada, "countess@example.com").await;
    assert_eq!(server.rows(kept), 0);

    sign_up(&server, "countess@example.com", "the first password").await;
    assert_eq!(server.rows(kept), 1);
    server.execute("delete from \"user\"");
    assert_eq!(server.rows(kept), 0);
}
