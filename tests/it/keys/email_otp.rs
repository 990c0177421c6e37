//! Proofs of the keys of `plugins.email_otp`.

use chrono::TimeDelta;
use portcullis_testkit::{Answer, TestServer};
use serde_json::json;

use super::{
    looks::{ADA, sign_up},
    proof::{Proof, server},
};

const ENABLED: &str = "plugins.email_otp.enabled";

async fn request(server: &TestServer) -> Answer {
    let call = server.anonymous();
    let body = json!({ "email": ADA, "type": "sign-in" });
    call.post("/email-otp/send-verification-otp", &body).send().await
}

async fn code(server: &TestServer) -> String {
    request(server).await;
    server.mailbox.next(ADA).await.code
}

async fn sign_in(server: &TestServer, otp: &str) -> String {
    let call = server.anonymous();
    let body = json!({ "email": ADA, "otp": otp });
    call.post("/sign-in/email-otp", &body).send().await.to_string()
}

async fn requested(server: &TestServer) -> String {
    request(server).await.to_string()
}

async fn length(server: &TestServer) -> String {
    format!("{} digits", code(server).await.len())
}

async fn used_after_two_minutes(server: &TestServer) -> String {
    let code = code(server).await;
    server.clock.advance(TimeDelta::minutes(2));
    sign_in(server, &code).await
}

async fn second_guess(server: &TestServer) -> String {
    let code = code(server).await;
    sign_in(server, "no").await;
    sign_in(server, &code).await
}

async fn stored(server: &TestServer) -> String {
    let code = code(server).await;
    let plain = format!("select 1 from verification where value = '{code}:0'");
    format!("{} plain", server.rows(&plain))
}

async fn messages(server: &TestServer) -> String {
    request(server).await;
    server.wait_until_delivered().await;
    format!("{} messages", server.mailbox.messages().len())
}

async fn kinds_after_sign_up(server: &TestServer) -> String {
    sign_up(server, json!({})).await;
    server.wait_until_delivered().await;
    let messages = server.mailbox.messages();
    let kinds = messages.iter().map(|message| message.kind.name());
    format!("sent: {}.", kinds.collect::<Vec<_>>().join(" "))
}

pub(super) fn proofs() -> Vec<Proof> {
    let of = |proof: Proof| proof.with(ENABLED, "true");
    vec![
        server(ENABLED, "true", requested, ["404\n", "{\"success\":true}"]),
        of(server(
            "plugins.email_otp.otp_length",
            "8",
            length,
            ["6 digits", "8 digits"],
        )),
        of(server(
            "plugins.email_otp.expires_in",
            "60",
            used_after_two_minutes,
            ["ada@example.com", "OTP_EXPIRED"],
        )),
        of(server(
            "plugins.email_otp.allowed_attempts",
            "1",
            second_guess,
            ["ada@example.com", "TOO_MANY_ATTEMPTS"],
        )),
        of(server(
            "plugins.email_otp.store_otp",
            "hashed",
            stored,
            ["1 plain", "0 plain"],
        )),
        of(server(
            "plugins.email_otp.disable_sign_up",
            "true",
            messages,
            ["1 messages", "0 messages"],
        )),
        of(server(
            "plugins.email_otp.send_verification_on_sign_up",
            "true",
            kinds_after_sign_up,
            ["sent: .", "email-verification-otp"],
        )),
        of(server(
            "plugins.email_otp.override_default_email_verification",
            "true",
            kinds_after_sign_up,
            ["verify-email", "email-verification-otp"],
        ))
        .with("email_verification.send_on_sign_up", "true"),
    ]
}
