//! The webhook, against a fake server.

use std::{
    error::Error,
    sync::{Arc, Mutex},
    time::Duration,
};

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use portcullis_application::ports::{Mailer, SendError};
use portcullis_delivery::{ByDestination, Webhook, WebhookError, WebhookOptions};
use portcullis_domain::{
    destination::PhoneNumber,
    message::{Message, MessageKind},
    secret::Secret,
};
use sha2::Sha256;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpSocket, TcpStream},
    task::JoinSet,
    time::timeout,
};

use crate::sample::{PHONE, address, clock, message, phone_message};

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const OLD_SECRET: &str = "whsec_b2xkIG9sZCBvbGQgb2xkIG9sZCBvbGQ=";
const PATH: &str = "/hooks/HookSecret";
/// Time limit of a request to a server that does not answer.
const LIMIT: Duration = Duration::from_millis(500);
/// Time limit of all other requests: longer than any answer takes.
const PATIENCE: Duration = Duration::from_mins(3);

/// A server that gives every request the same answer. Without an answer, it leaves requests open.
pub(crate) struct FakeHook {
    port: u16,
    requests: Arc<Mutex<Vec<(String, String)>>>,
}

impl FakeHook {
    pub(crate) async fn start(answer: Option<&'static str>) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let requests = Arc::new(Mutex::default());
        let hook = Self {
            port,
            requests: Arc::clone(&requests),
        };
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, answer, Arc::clone(&requests)));
            }
        });
        hook
    }

    pub(crate) fn webhook(&self) -> Webhook {
        Webhook::new(options(self.port), clock()).unwrap()
    }

    /// Returns the heads, in lower case, and the bodies of the received requests.
    fn requests(&self) -> Vec<(String, String)> {
        self.requests.lock().unwrap().clone()
    }
}

/// Returns a webhook with a URL at which no server listens.
pub(crate) fn webhook_nowhere() -> Webhook {
    Webhook::new(options(1), clock()).unwrap()
}

fn options(port: u16) -> WebhookOptions {
    WebhookOptions {
        url: format!("http://127.0.0.1:{port}{PATH}").parse().unwrap(),
        secrets: [SECRET, OLD_SECRET]
            .map(|secret| Secret::new(secret.to_owned()))
            .to_vec(),
        timeout: PATIENCE,
    }
}

async fn serve(
    stream: TcpStream,
    answer: Option<&'static str>,
    requests: Arc<Mutex<Vec<(String, String)>>>,
) -> Option<()> {
    let mut stream = BufReader::new(stream);
    loop {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            let (1..) = stream.read_line(&mut head).await.ok()? else {
                return None;
            };
        }
        let head = head.to_lowercase();
        let mut body = vec![0; header(&head, "content-length").parse().unwrap()];
        stream.read_exact(&mut body).await.ok()?;
        requests
            .lock()
            .unwrap()
            .push((head, String::from_utf8(body).unwrap()));
        let Some(answer) = answer else {
            return std::future::pending().await;
        };
        stream.write_all(answer.as_bytes()).await.ok()?;
    }
}

fn header<'a>(head: &'a str, name: &str) -> &'a str {
    head.lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
        .unwrap()
}

#[tokio::test]
async fn a_message_is_sent_and_signed_as_standard_webhooks_requires() {
    let hook = FakeHook::start(Some("HTTP/1.1 204 No Content\r\n\r\n")).await;
    let webhook = hook.webhook();
    webhook.send(&message(MessageKind::ResetPassword)).await.unwrap();
    webhook
        .send(&message(MessageKind::PasswordChanged))
        .await
        .unwrap();
    let code = message(MessageKind::TwoFactorOtp);
    webhook.send(&code).await.unwrap();
    webhook.send(&Message { user: None, ..code }).await.unwrap();

    let requests = hook.requests();
    let (head, body) = &requests[0];
    insta::assert_snapshot!(body, @r#"{"type":"reset-password","timestamp":"2026-01-01T00:00:00.000Z","data":{"to":"ada@example.com","url":"https://auth.example.com/api/auth/ToKeN-0123456789?callbackURL=%2F&x=1","token":"ToKeN-0123456789","user":{"id":"user-1","email":"ada@example.com","name":"Ada Lovelace"}}}"#);
    insta::assert_snapshot!(requests[1].1, @r#"{"type":"password-changed","timestamp":"2026-01-01T00:00:00.000Z","data":{"to":"ada@example.com","user":{"id":"user-1","email":"ada@example.com","name":"Ada Lovelace"}}}"#);
    insta::assert_snapshot!(requests[2].1, @r#"{"type":"two-factor-otp","timestamp":"2026-01-01T00:00:00.000Z","data":{"to":"ada@example.com","otp":"271828","expiresAt":"2026-01-01T00:03:00.000Z","user":{"id":"user-1","email":"ada@example.com","name":"Ada Lovelace"}}}"#);
    insta::assert_snapshot!(requests[3].1, @r#"{"type":"two-factor-otp","timestamp":"2026-01-01T00:00:00.000Z","data":{"to":"ada@example.com","otp":"271828","expiresAt":"2026-01-01T00:03:00.000Z"}}"#);
    assert!(head.starts_with("post /hooks/hooksecret http/1.1\r\n"), "{head}");
    assert_eq!(header(head, "content-type"), "application/json");
    assert_eq!(header(head, "webhook-id"), "message0123456789message01234567");
    assert_eq!(header(head, "webhook-timestamp"), "1767225600");

    let expected = [SECRET, OLD_SECRET].map(|secret| {
        let key = STANDARD.decode(secret.trim_start_matches("whsec_")).unwrap();
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
        mac.update(format!("Message0123456789Message01234567.1767225600.{body}").as_bytes());
        format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
    });
    let signatures = header(head, "webhook-signature");
    assert_eq!(
        signatures,
        expected.join(" ").to_lowercase(),
        "one signature with each secret, the newest first"
    );
}

#[tokio::test]
async fn an_invitation_contains_its_organization_and_its_inviter() {
    let hook = FakeHook::start(Some("HTTP/1.1 204 No Content\r\n\r\n")).await;
    let invitation = Message {
        user: None,
        ..message(MessageKind::Invitation)
    };
    hook.webhook().send(&invitation).await.unwrap();
    insta::assert_snapshot!(hook.requests()[0].1, @r#"{"type":"invitation","timestamp":"2026-01-01T00:00:00.000Z","data":{"to":"ada@example.com","url":"https://auth.example.com/api/auth/ToKeN-0123456789?callbackURL=%2F&x=1","token":"ToKeN-0123456789","expiresAt":"2026-01-01T01:00:00.000Z","invitation":{"id":"ToKeN-0123456789","role":"member","organization":{"id":"organization-1","name":"Analytical Engines","slug":"engines"},"inviter":{"id":"user-2","email":"charles@example.com","name":"Charles Babbage"}}}}"#);
}

#[tokio::test]
async fn a_test_message_contains_only_its_recipient() {
    let hook = FakeHook::start(Some("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")).await;
    hook.webhook().send_test(&address().into()).await.unwrap();
    let (head, body) = hook.requests().remove(0);
    assert_eq!(
        body,
        r#"{"type":"test","timestamp":"2026-01-01T00:00:00.000Z","data":{"to":"ada@example.com"}}"#
    );
    assert_eq!(header(&head, "webhook-id"), "test-1767225600000");
}

#[tokio::test]
async fn the_status_decides_whether_a_failure_is_permanent() {
    for (answer, expected) in [
        ("200 OK", "sent"),
        ("202 Accepted", "sent"),
        ("301 Moved", "passing"),
        ("400 Bad", "lasting"),
        ("401 Who", "passing"),
        ("403 Not You", "passing"),
        ("404 Not Found", "passing"),
        ("405 Not So", "passing"),
        ("408 Late", "passing"),
        ("410 Gone", "lasting"),
        ("413 Too Much", "lasting"),
        ("422 Not That", "lasting"),
        ("425 Early", "passing"),
        ("429 Many", "passing"),
        ("500 Broken", "passing"),
        ("503 Away", "passing"),
    ] {
        let answer = format!("HTTP/1.1 {answer}\r\nContent-Length: 0\r\n\r\n").leak();
        let hook = FakeHook::start(Some(answer)).await;
        let outcome = hook.webhook().send(&message(MessageKind::ResetPassword)).await;
        let found = match &outcome {
            Ok(()) => "sent",
            Err(SendError::Temporary(_)) => "passing",
            Err(SendError::Permanent(_)) => "lasting",
        };
        assert_eq!(found, expected, "{answer}");
        assert_eq!(hook.requests().len(), 1, "{answer}");
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = FakeHook::start(Some("HTTP/1.1 204 No Content\r\n\r\n")).await;
    for status in ["302 Found", "307 Temporary Redirect", "308 Permanent Redirect"] {
        let location = format!("http://127.0.0.1:{}/", elsewhere.port);
        let answer = format!("HTTP/1.1 {status}\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n").leak();
        let hook = FakeHook::start(Some(answer)).await;
        let outcome = hook.webhook().send(&message(MessageKind::ResetPassword)).await;
        assert!(matches!(outcome, Err(SendError::Temporary(_))), "{outcome:?}");
    }
    assert!(elsewhere.requests().is_empty());
}

#[tokio::test]
async fn only_the_head_of_a_response_is_read() {
    let endless = "HTTP/1.1 200 OK\r\nContent-Length: 100000000000\r\n\r\nand so on";
    let hook = FakeHook::start(Some(endless)).await;
    let webhook = hook.webhook();
    for _ in 0..2 {
        webhook.send(&message(MessageKind::ResetPassword)).await.unwrap();
    }
}

/// Only a part of the counted bytes has been read: the rest is in the buffers of both sockets.
#[tokio::test]
async fn an_endless_response_head_is_read_to_a_limit_and_is_a_temporary_failure() {
    for begin in ["HTTP/1.1 200 ", "HTTP/1.1 200 OK\r\nX-Endless: "] {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_send_buffer_size(8 * 1024).unwrap();
        socket.bind(([127, 0, 0, 1], 0).into()).unwrap();
        let listener = socket.listen(1).unwrap();
        let port = listener.local_addr().unwrap().port();
        let flood = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            stream.write_all(begin.as_bytes()).await.unwrap();
            let mut sent = 0;
            while stream.write_all(&[b'x'; 1024]).await.is_ok() {
                sent += 1024;
            }
            sent
        });
        let webhook = Webhook::new(options(port), clock()).unwrap();
        let outcome = webhook.send(&message(MessageKind::ResetPassword)).await;
        assert!(matches!(outcome, Err(SendError::Temporary(_))), "{outcome:?}");
        let sent = flood.await.unwrap();
        assert!(sent < 2 * 1024 * 1024, "{sent} bytes");
    }
}

#[tokio::test]
async fn a_server_that_hangs_disconnects_or_sends_garbage_is_a_temporary_failure_in_time() {
    let mut tries = JoinSet::new();
    for answer in [
        None,
        Some("HTTP/1.1 20"),
        Some("220 mail.example.com\r\n"),
        Some(""),
    ] {
        let hasty = WebhookOptions {
            timeout: LIMIT,
            ..options(FakeHook::start(answer).await.port)
        };
        let webhook = Webhook::new(hasty, clock()).unwrap();
        tries.spawn(async move {
            let message = message(MessageKind::ResetPassword);
            timeout(PATIENCE, webhook.send(&message)).await
        });
    }
    for outcome in tries.join_all().await {
        let outcome = outcome.expect("the request ends in time");
        assert!(matches!(outcome, Err(SendError::Temporary(_))), "{outcome:?}");
    }
}

#[tokio::test]
async fn an_unreachable_server_is_a_temporary_failure_that_does_not_contain_its_address() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let webhook = Webhook::new(options(port), clock()).unwrap();
    let error = webhook
        .send(&message(MessageKind::ResetPassword))
        .await
        .unwrap_err();
    assert!(matches!(error, SendError::Temporary(_)));
    let mut source: Option<&dyn Error> = Some(&error);
    while let Some(error) = source {
        assert!(!format!("{error} {error:?}").contains("HookSecret"), "{error:?}");
        source = error.source();
    }
}

#[test]
fn an_invalid_secret_is_rejected_at_once() {
    let options = WebhookOptions {
        secrets: vec![
            Secret::new(SECRET.to_owned()),
            Secret::new("whsec_not base64".to_owned()),
        ],
        ..options(1)
    };
    let error = Webhook::new(options, clock()).map(drop).unwrap_err();
    assert!(matches!(error, WebhookError::Secret));
    assert!(!format!("{error} {error:?}").contains("not base64\""));
}

#[tokio::test]
async fn a_code_for_a_phone_is_sent_with_the_number_and_without_a_user() {
    let hook = FakeHook::start(Some("HTTP/1.1 204 No Content\r\n\r\n")).await;
    for kind in [MessageKind::PhoneOtp, MessageKind::PhoneReset] {
        hook.webhook().send(&phone_message(kind)).await.unwrap();
    }
    hook.webhook()
        .send_test(&PhoneNumber::new(PHONE).into())
        .await
        .unwrap();
    let bodies: Vec<_> = hook.requests().into_iter().map(|(_, body)| body).collect();
    assert_eq!(
        bodies,
        [
            r#"{"type":"phone-otp","timestamp":"2026-01-01T00:00:00.000Z","data":{"to":"+4915112345678","otp":"271828","code":"271828","expiresAt":"2026-01-01T00:03:00.000Z"}}"#,
            r#"{"type":"phone-reset","timestamp":"2026-01-01T00:00:00.000Z","data":{"to":"+4915112345678","otp":"271828","code":"271828","expiresAt":"2026-01-01T00:03:00.000Z"}}"#,
            r#"{"type":"test","timestamp":"2026-01-01T00:00:00.000Z","data":{"to":"+4915112345678"}}"#,
        ]
    );
}

#[tokio::test]
async fn messages_to_phones_go_to_the_webhook_and_mails_do_not() {
    let [mails, phones] = [
        FakeHook::start(Some("HTTP/1.1 204 No Content\r\n\r\n")).await,
        FakeHook::start(Some("HTTP/1.1 204 No Content\r\n\r\n")).await,
    ];
    let both = ByDestination {
        mails: Arc::new(mails.webhook()),
        phones: Arc::new(phones.webhook()),
    };
    both.send(&phone_message(MessageKind::PhoneOtp)).await.unwrap();
    both.send(&message(MessageKind::VerifyEmail)).await.unwrap();
    let types = |hook: &FakeHook| {
        let requests = hook.requests().into_iter();
        requests
            .map(|(_, body)| body.split(',').next().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(types(&phones), [r#"{"type":"phone-otp""#]);
    assert_eq!(types(&mails), [r#"{"type":"verify-email""#]);
}
