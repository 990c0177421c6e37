//! Proofs of the keys of `delivery`.

use portcullis_testkit::TestServer;
use serde_json::json;

use super::{
    looks::{ADA, sent_messages, sign_up},
    program::Program,
    proof::{Proof, program, refused, server},
};

const TRANSPORT: &str = "delivery.transport";

/// The answer to a request for a password reset.
async fn resetting(server: &TestServer) -> String {
    let caller = server.anonymous();
    let asked = caller.post("/request-password-reset", &json!({ "email": ADA }));
    asked.send().await.to_string()
}

/// The messages to Ada when she changes her password.
async fn notices(server: &TestServer) -> String {
    let (ada, _) = sign_up(server, json!({})).await;
    let body = json!({ "currentPassword": "password1234", "newPassword": "password5678" });
    ada.post("/change-password", &body).send().await;
    sent_messages(server).await
}

/// The output of `check` with a test message, and what the servers received.
async fn message(program: &Program) -> String {
    program.send_test()
}

/// The same, without the soft line breaks of the mail.
async fn unfolded(program: &Program) -> String {
    message(program).await.replace("=\n", "")
}

/// The same, with a template of the deployment in the folder.
async fn message_of_own(program: &Program) -> String {
    program.write("test.txt", "It came from us.");
    message(program).await
}

/// A proof by the mail of a test message.
pub(super) fn mail(key: &'static str, value: &str, seen: [&'static str; 2]) -> Proof {
    by_mail(program(key, value, message, seen))
}

fn by_mail(proof: Proof) -> Proof {
    [
        (TRANSPORT, "smtp"),
        ("delivery.smtp.host", "127.0.0.1"),
        ("delivery.smtp.port", "{mail}"),
        ("delivery.smtp.encryption", "none"),
        ("delivery.smtp.from", "no-reply@example.com"),
    ]
    .into_iter()
    .fold(proof, |proof, (key, value)| proof.with(key, value))
}

fn by_hook(key: &'static str, value: &str, seen: [&'static str; 2]) -> Proof {
    program(key, value, message, seen)
        .with(TRANSPORT, "webhook")
        .with("delivery.webhook.url", "http://127.0.0.1:{hook}/first")
}

pub(super) fn proofs() -> Vec<Proof> {
    let mut proofs = vec![
        server(
            TRANSPORT,
            "none",
            resetting,
            [r#""status":true"#, "RESET_PASSWORD_ISNT_ENABLED"],
        ),
        mail(
            TRANSPORT,
            "smtp",
            ["`delivery.transport` must be", "RCPT TO:<ada@example.com>"],
        )
        .instead_of("none"),
        server(
            "delivery.notices",
            "true",
            notices,
            ["", "PasswordChanged to ada@example.com"],
        ),
        by_mail(program(
            "delivery.templates",
            "{folder}",
            message_of_own,
            ["", "It came from us."],
        )),
        by_mail(program(
            "delivery.logo_url",
            "https://cdn.test/logo.png",
            unfolded,
            ["", "https://cdn.test/logo.png"],
        )),
        refused(
            "delivery.logo_url",
            "http://cdn.test/logo.png",
            "must be an https URL",
        ),
        by_hook(
            "delivery.webhook.url",
            "http://127.0.0.1:{hook}/second",
            ["POST /first", "POST /second"],
        ),
        by_hook(
            "delivery.webhook.secret",
            "whsec_b3du",
            ["webhook secret: whsec_", ""],
        ),
        by_hook(
            "delivery.webhook.timeout",
            "1",
            ["test message: accepted", "the test message was not sent"],
        )
        .with("delivery.webhook.url", "http://127.0.0.9:{hook}/first"),
    ];
    proofs.extend(smtp());
    proofs
}

fn smtp() -> Vec<Proof> {
    let known = |proof: Proof, key, value| proof.with(key, value);
    let (username, password) = ("delivery.smtp.username", "delivery.smtp.password");
    vec![
        mail(
            "delivery.smtp.host",
            "127.0.0.2",
            ["mail at 127.0.0.1", "mail at 127.0.0.2"],
        ),
        mail(
            "delivery.smtp.port",
            "{other mail}",
            ["", "other mail at 127.0.0.1"],
        ),
        mail(
            "delivery.smtp.encryption",
            "starttls",
            [
                "test message: accepted",
                "the mail server of `delivery.smtp` cannot be used",
            ],
        ),
        // Base64 of NUL, `u` or `v`, NUL and `p` or `q`.
        known(
            mail(username, "v", ["AUTH PLAIN AHUAcA==", "AUTH PLAIN AHYAcA=="]),
            password,
            "p",
        )
        .instead_of("u"),
        known(
            mail(password, "q", ["AUTH PLAIN AHUAcA==", "AUTH PLAIN AHUAcQ=="]),
            username,
            "u",
        )
        .instead_of("p"),
        mail(
            "delivery.smtp.from",
            "Acme <acme@example.com>",
            ["From: no-reply@example.com", "From: Acme <acme@example.com>"],
        ),
        mail(
            "delivery.smtp.reply_to",
            "help@example.com",
            ["", "Reply-To: help@example.com"],
        ),
        mail(
            "delivery.smtp.timeout",
            "1",
            [
                "test message: accepted",
                "the mail server of `delivery.smtp` cannot be used",
            ],
        )
        .with("delivery.smtp.host", "127.0.0.9"),
    ]
}
