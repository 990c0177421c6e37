//! Proofs of the keys of `plugins.phone_number`.

use chrono::TimeDelta;
use portcullis_testkit::{Answer, TestServer};
use serde_json::{Value, json};

use super::{
    looks::{PASSWORD, sign_up},
    proof::{Proof, refused, server},
};

const ENABLED: &str = "plugins.phone_number.enabled";
const TEMP_EMAIL: &str = "plugins.phone_number.sign_up_on_verification.temp_email";
const TEMP_NAME: &str = "plugins.phone_number.sign_up_on_verification.temp_name";
const ADDRESS: &str = "{phone_number}@phone.example.com";
const NUMBER: &str = "+4915112345678";

async fn post(server: &TestServer, path: &str, body: Value) -> Answer {
    server.anonymous().post(path, &body).send().await
}

async fn send(server: &TestServer, number: &str) -> String {
    let body = json!({ "phoneNumber": number });
    post(server, "/phone-number/send-otp", body).await.to_string()
}

async fn code(server: &TestServer) -> String {
    send(server, NUMBER).await;
    server.mailbox.next(NUMBER).await.code
}

async fn verify(server: &TestServer, code: &str) -> String {
    let body = json!({ "phoneNumber": NUMBER, "code": code });
    post(server, "/phone-number/verify", body).await.to_string()
}

async fn request_of_a_code(server: &TestServer) -> String {
    send(server, NUMBER).await
}

async fn request_of_a_code_for_any_text(server: &TestServer) -> String {
    send(server, "0151 1").await
}

async fn code_length(server: &TestServer) -> String {
    format!("{} digits", code(server).await.len())
}

async fn code_after_two_minutes(server: &TestServer) -> String {
    let code = code(server).await;
    server.clock.advance(TimeDelta::minutes(2));
    verify(server, &code).await
}

async fn second_wrong_code(server: &TestServer) -> String {
    code(server).await;
    verify(server, "no").await;
    verify(server, "no").await
}

async fn sign_up_with_a_number(server: &TestServer) -> String {
    let (_, answer) = sign_up(server, json!({ "phoneNumber": NUMBER })).await;
    answer.to_string()
}

async fn sign_in_with_an_unproven_number(server: &TestServer) -> String {
    sign_up(server, json!({ "phoneNumber": NUMBER })).await;
    let body = json!({ "phoneNumber": NUMBER, "password": PASSWORD });
    post(server, "/sign-in/phone-number", body).await.to_string()
}

async fn proof_of_an_unknown_number(server: &TestServer) -> String {
    let code = code(server).await;
    verify(server, &code).await
}

#[expect(clippy::too_many_lines, reason = "a table of cases")]
pub(super) fn proofs() -> Vec<Proof> {
    let options = [
        server(
            "plugins.phone_number.otp_length",
            "8",
            code_length,
            ["6 digits", "8 digits"],
        ),
        server(
            "plugins.phone_number.expires_in",
            "60",
            code_after_two_minutes,
            ["ISNT_REGISTERED", "OTP_EXPIRED"],
        ),
        server(
            "plugins.phone_number.allowed_attempts",
            "1",
            second_wrong_code,
            ["INVALID_OTP", "TOO_MANY_ATTEMPTS"],
        ),
        server(
            "plugins.phone_number.format",
            "e164",
            request_of_a_code_for_any_text,
            ["code sent", "INVALID_PHONE_NUMBER"],
        ),
        server(
            "plugins.phone_number.accept_at_sign_up",
            "false",
            sign_up_with_a_number,
            ["200", "PHONE_NUMBER_CANNOT_BE_UPDATED"],
        ),
        server(
            "plugins.phone_number.require_verification",
            "true",
            sign_in_with_an_unproven_number,
            ["200", "PHONE_NUMBER_NOT_VERIFIED"],
        ),
        server(
            TEMP_EMAIL,
            ADDRESS,
            proof_of_an_unknown_number,
            ["ISNT_REGISTERED", "+4915112345678@phone.example.com"],
        ),
        refused(
            TEMP_EMAIL,
            "phone@example.com",
            "must be an e-mail address that contains",
        ),
        refused(
            TEMP_EMAIL,
            "{phone_number}",
            "must be an e-mail address that contains",
        ),
        server(
            TEMP_NAME,
            "User {phone_number}",
            proof_of_an_unknown_number,
            [r#""name":"+49"#, r#""name":"User +49"#],
        )
        .with(TEMP_EMAIL, ADDRESS),
        refused(TEMP_NAME, "User", "has no effect"),
    ];
    let mut proofs = vec![server(ENABLED, "true", request_of_a_code, ["404\n", "code sent"])];
    proofs.extend(options.map(|proof| proof.with(ENABLED, "true")));
    proofs
}
