//! Proofs of the keys of `plugins.two_factor`.

use chrono::TimeDelta;
use portcullis_testkit::{Answer, Caller, TestServer};
use serde_json::{Value, json};

use super::{
    looks::{ADA, PASSWORD, sign_in, sign_up},
    proof::{Proof, refused, server},
};

const ENABLED: &str = "plugins.two_factor.enabled";
const SKIP: &str = "plugins.two_factor.skip_verification_on_enable";

async fn post(caller: &Caller, path: &str, body: Value) -> Answer {
    caller.post(&format!("/two-factor/{path}"), &body).send().await
}

/// Signs Ada up, and enrols her.
async fn enrol(server: &TestServer) -> (Caller, Answer) {
    let (ada, _) = sign_up(server, json!({})).await;
    let answer = post(&ada, "enable", json!({ "password": PASSWORD })).await;
    (ada, answer)
}

/// A client with a challenge, the answer that contains it, and Ada's backup codes.
async fn challenge(server: &TestServer) -> (Caller, Answer, Value) {
    let (_, enrolled) = enrol(server).await;
    let client = server.anonymous();
    let answer = sign_in(&client, ADA, PASSWORD).await;
    (client, answer, enrolled.json()["backupCodes"].clone())
}

async fn enrolment(server: &TestServer) -> String {
    enrol(server).await.1.to_string()
}

async fn session_after_enrolment(server: &TestServer) -> String {
    let (ada, _) = enrol(server).await;
    ada.get("/get-session").send().await.body
}

async fn challenge_cookie(server: &TestServer) -> String {
    challenge(server).await.1.to_string()
}

async fn trust_cookie(server: &TestServer) -> String {
    let (client, _, codes) = challenge(server).await;
    let body = json!({ "code": codes[0], "trustDevice": true });
    post(&client, "verify-backup-code", body).await.to_string()
}

async fn uri(server: &TestServer) -> String {
    let (ada, _) = enrol(server).await;
    let body = json!({ "password": PASSWORD });
    post(&ada, "get-totp-uri", body).await.to_string()
}

/// A client with a challenge to which a code was sent, and the code.
async fn code(server: &TestServer) -> (Caller, String) {
    let (client, ..) = challenge(server).await;
    post(&client, "send-otp", json!({})).await;
    let message = server.mailbox.next(ADA).await;
    (client, message.code)
}

async fn code_after_two_minutes(server: &TestServer) -> String {
    let (client, code) = code(server).await;
    server.clock.advance(TimeDelta::minutes(2));
    post(&client, "verify-otp", json!({ "code": code }))
        .await
        .to_string()
}

async fn code_length(server: &TestServer) -> String {
    format!("{} digits", code(server).await.1.len())
}

async fn second_wrong_code(server: &TestServer) -> String {
    let (client, _) = code(server).await;
    post(&client, "verify-otp", json!({ "code": "no" })).await;
    post(&client, "verify-otp", json!({ "code": "no" }))
        .await
        .to_string()
}

/// The stored code, if it contains the code that was sent.
async fn stored_code(server: &TestServer) -> String {
    let (_, code) = code(server).await;
    let stored = server
        .shown("select value from verification where identifier like '2fa-otp-%' or value like '%:0'")
        .unwrap();
    format!("contains the code: {}", stored.contains(&code))
}

async fn backup_codes(server: &TestServer) -> String {
    let answer = enrol(server).await.1.json();
    let codes = answer["backupCodes"].as_array().unwrap();
    let length = codes[0].as_str().unwrap().len();
    format!("{} codes of {length} characters", codes.len())
}

async fn stored_backup_codes(server: &TestServer) -> String {
    enrol(server).await;
    server.shown(r#"select "backupCodes" from "twoFactor""#).unwrap()
}

pub(super) fn proofs() -> Vec<Proof> {
    let mut proofs = vec![server(ENABLED, "true", enrolment, ["404\n", "totpURI"])];
    let options = options().into_iter().chain(codes());
    proofs.extend(options.map(|proof| proof.with(ENABLED, "true")));
    proofs
}

fn options() -> Vec<Proof> {
    vec![
        server(
            "plugins.two_factor.issuer",
            "Castle",
            enrolment,
            ["issuer=Better+Auth", "issuer=Castle"],
        ),
        server(
            SKIP,
            "true",
            session_after_enrolment,
            [r#""twoFactorEnabled":false"#, r#""twoFactorEnabled":true"#],
        ),
        server(
            "plugins.two_factor.two_factor_cookie_max_age",
            "60",
            challenge_cookie,
            ["Max-Age=600;", "Max-Age=60;"],
        )
        .with(SKIP, "true"),
        server(
            "plugins.two_factor.trust_device_max_age",
            "7200",
            trust_cookie,
            ["Max-Age=2592000", "Max-Age=7200"],
        )
        .with(SKIP, "true"),
        server(
            "plugins.two_factor.totp_options.disable",
            "true",
            uri,
            ["totpURI", "TOTP_ISNT_CONFIGURED"],
        ),
        server(
            "plugins.two_factor.totp_options.digits",
            "8",
            uri,
            ["digits=6", "digits=8"],
        ),
        refused(
            "plugins.two_factor.totp_options.digits",
            "7",
            "must be a whole number of digits: 6 or 8",
        ),
        server(
            "plugins.two_factor.totp_options.period",
            "60",
            uri,
            ["period=30", "period=60"],
        ),
    ]
}

fn codes() -> Vec<Proof> {
    let by_message = [
        server(
            "plugins.two_factor.otp_options.period",
            "60",
            code_after_two_minutes,
            ["200\n", "OTP_HAS_EXPIRED"],
        ),
        server(
            "plugins.two_factor.otp_options.digits",
            "8",
            code_length,
            ["6 digits", "8 digits"],
        ),
        server(
            "plugins.two_factor.otp_options.allowed_attempts",
            "1",
            second_wrong_code,
            ["INVALID_CODE", "TOO_MANY_ATTEMPTS"],
        ),
        server(
            "plugins.two_factor.otp_options.store_otp",
            "hashed",
            stored_code,
            ["true", "false"],
        ),
    ];
    let backup = vec![
        server(
            "plugins.two_factor.backup_code_options.amount",
            "3",
            backup_codes,
            ["10 codes", "3 codes"],
        ),
        server(
            "plugins.two_factor.backup_code_options.length",
            "12",
            backup_codes,
            ["of 11 characters", "of 13 characters"],
        ),
        server(
            "plugins.two_factor.backup_code_options.store_backup_codes",
            "plain",
            stored_backup_codes,
            ["", "[\""],
        ),
    ];
    let by_message = by_message.into_iter().map(|proof| proof.with(SKIP, "true"));
    by_message.chain(backup).collect()
}
