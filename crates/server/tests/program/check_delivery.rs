//! `portcullis check` of message delivery.

use std::{
    net::SocketAddr,
    process::{Command, Output},
};

use portcullis_test_database::TestDatabase;
use tempfile::TempDir;

use crate::{
    fake::{
        Conduct::{Hold, Say},
        Fake, Reserved, hook,
        mail::{self, Mail},
    },
    support::{in_development, in_production, stderr, stdout},
};

const ADDRESS: &str = "ada@example.com";
/// A check that sends a test message.
const TEST: [&str; 3] = ["check", "--mail-to", ADDRESS];
const NUMBER: &str = "+4915112345678";
const TEST_OF_PHONES: [&str; 3] = ["check", "--sms-to", NUMBER];

/// A program with a database and a folder of its own.
struct Fixture {
    directory: TempDir,
    database: TestDatabase,
}

impl Fixture {
    fn new() -> Self {
        Self {
            directory: tempfile::tempdir().unwrap(),
            database: TestDatabase::new(),
        }
    }

    fn in_production(&self) -> Command {
        in_production(self.directory.path(), self.database.url())
    }

    fn in_development(&self) -> Command {
        in_development(self.directory.path(), self.database.url())
    }
}

fn run(program: &mut Command, arguments: &[&str], environment: &[(&str, String)]) -> Output {
    let environment = environment
        .iter()
        .map(|(name, value)| (format!("PORTCULLIS_DELIVERY__{name}"), value));
    program.args(arguments).envs(environment).output().unwrap()
}

/// The settings of a webhook.
fn hook_at(server: &Fake) -> Vec<(&'static str, String)> {
    vec![
        ("TRANSPORT", "webhook".to_owned()),
        ("WEBHOOK__URL", format!("http://{}/HookSecret", server.address)),
    ]
}

/// The settings of a mail server.
fn mail_at(address: SocketAddr) -> Vec<(&'static str, String)> {
    vec![
        ("TRANSPORT", "smtp".to_owned()),
        ("SMTP__HOST", "127.0.0.1".to_owned()),
        ("SMTP__PORT", address.port().to_string()),
        ("SMTP__ENCRYPTION", "none".to_owned()),
        ("SMTP__FROM", "Example <no-reply@example.com>".to_owned()),
        ("SMTP__USERNAME", "operator".to_owned()),
        ("SMTP__PASSWORD", "hidden".to_owned()),
    ]
}

/// Returns the error of a command that fails. It must contain no secret.
fn refusal(output: &Output) -> String {
    let printed = stderr(output);
    assert_eq!(output.status.code(), Some(1), "{printed}");
    for secret in [ADDRESS, "HookSecret", "hidden", "operator", "Confidential"] {
        assert!(!printed.contains(secret), "{printed}");
    }
    printed
}

#[test]
fn the_webhook_secret_is_printed_and_a_test_message_is_sent() {
    let (world, server) = (Fixture::new(), hook::server());
    let output = run(&mut world.in_production(), &TEST, &hook_at(&server));
    let printed = stdout(&output);
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(
        printed.contains("messages: sent to the webhook\nwebhook secret: whsec_"),
        "{printed}"
    );
    assert!(printed.ends_with("test message: accepted\n"), "{printed}");
    let request = server.next();
    assert!(hook::header(&request, "webhook-signature").starts_with("v1,"));
    assert!(
        request.contains(r#""type":"test""#) && request.contains(ADDRESS),
        "{request}"
    );

    let mut own = hook_at(&server);
    own.push((
        "WEBHOOK__SECRET",
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".to_owned(),
    ));
    let output = run(&mut world.in_production(), &["check"], &own);
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(!stdout(&output).contains("webhook secret"), "{}", stdout(&output));
    assert!(!server.has_more(), "nothing is sent without `--mail-to`");
}

#[test]
fn a_webhook_that_rejects_is_reported_without_its_url() {
    let (world, server) = (Fixture::new(), hook::server());
    for status in ["301", "404", "500"] {
        server.conduct(Say("POST", status));
        let printed = refusal(&run(&mut world.in_production(), &TEST, &hook_at(&server)));
        let whole = "the test message was not sent: ";
        assert!(
            printed.contains(whole) && printed.contains(&format!("status {status}")),
            "{printed}"
        );
    }
}

#[test]
fn an_unreachable_webhook_is_reported_without_its_url() {
    let (world, reserved) = (Fixture::new(), Reserved::new());
    let settings = [
        ("TRANSPORT", "webhook".to_owned()),
        ("WEBHOOK__URL", format!("http://{}/HookSecret", reserved.address)),
    ];
    let printed = refusal(&run(&mut world.in_production(), &TEST, &settings));
    assert!(
        printed.contains("the webhook cannot be reached") && printed.contains("refused"),
        "{printed}"
    );
}

#[test]
fn the_check_authenticates_to_the_mail_server_and_sends_a_test_message() {
    let (world, server) = (Fixture::new(), mail::server());
    let output = run(&mut world.in_development(), &["check"], &mail_at(server.address));
    assert!(output.status.success(), "{}", stderr(&output));
    let checked = "messages: SMTP, connected and authenticated\nmessages to phones: none are sent; set `delivery.webhook.url`\n";
    assert!(stdout(&output).ends_with(checked), "{}", stdout(&output));
    assert!(!server.has_more(), "nothing is sent without `--mail-to`");

    let output = run(&mut world.in_development(), &TEST, &mail_at(server.address));
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(stdout(&output).ends_with(&format!("{checked}test message: accepted\n")));
    let mail = Mail::read(&server.next());
    assert_eq!(mail.header("To"), ADDRESS);
    assert!(!server.has_more());
}

#[test]
fn a_test_message_to_a_phone_is_sent_to_the_webhook() {
    let (world, server) = (Fixture::new(), hook::server());
    let output = run(&mut world.in_production(), &TEST_OF_PHONES, &hook_at(&server));
    assert!(output.status.success(), "{}", stderr(&output));
    let request = server.next();
    assert!(
        request.contains(r#""type":"test""#) && request.contains(NUMBER),
        "{request}"
    );
}

#[test]
fn a_mail_server_sends_no_test_message_to_a_phone() {
    let (world, server) = (Fixture::new(), mail::server());
    let printed = refusal(&run(
        &mut world.in_development(),
        &TEST_OF_PHONES,
        &mail_at(server.address),
    ));
    assert!(printed.contains("set `delivery.webhook.url`"), "{printed}");
    assert!(!server.has_more());
}

#[test]
fn with_a_mail_server_messages_to_phones_go_to_the_webhook() {
    let (world, server, hook) = (Fixture::new(), mail::server(), hook::server());
    let mut settings = mail_at(server.address);
    let hook_only = hook_at(&hook)
        .into_iter()
        .filter(|(name, _)| *name != "TRANSPORT");
    settings.extend(hook_only);
    let output = run(&mut world.in_development(), &TEST_OF_PHONES, &settings);
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(stdout(&output).contains("messages to phones: sent to the webhook\n"));
    assert!(hook.next().contains(NUMBER));
    assert!(!server.has_more());
}

#[test]
fn a_mail_server_that_rejects_is_reported_with_the_step_and_the_code() {
    let (world, server) = (Fixture::new(), mail::server());
    for (step, words, expected) in [
        (
            "AUTH",
            "535 5.7.8 Confidential",
            "the mail server of `delivery.smtp` cannot be used",
        ),
        (
            "RCPT",
            "550 5.1.1 Confidential ada@example.com",
            "the test message was not sent",
        ),
    ] {
        server.conduct(Say(step, words));
        let printed = refusal(&run(&mut world.in_development(), &TEST, &mail_at(server.address)));
        assert!(
            printed.contains(expected) && printed.contains(&words[..9]),
            "{printed}"
        );
    }
}

#[test]
fn an_unreachable_or_silent_mail_server_is_reported() {
    let (world, reserved, server) = (Fixture::new(), Reserved::new(), mail::server());
    let output = run(
        &mut world.in_development(),
        &["check"],
        &mail_at(reserved.address),
    );
    let printed = refusal(&output);
    assert!(
        printed.contains("the step Connect") && printed.contains("refused"),
        "{printed}"
    );

    server.conduct(Hold("CONNECT"));
    let mut settings = mail_at(server.address);
    settings.push(("SMTP__TIMEOUT", "1".to_owned()));
    let printed = refusal(&run(&mut world.in_development(), &["check"], &settings));
    assert!(printed.contains("did not answer in time"), "{printed}");
}

#[test]
fn the_inbox_prints_a_test_message_and_without_a_transport_the_command_fails() {
    let world = Fixture::new();
    let output = run(&mut world.in_development(), &TEST, &[]);
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(
        stderr(&output).contains(&format!("test for {ADDRESS}: ")),
        "{}",
        stderr(&output)
    );
    assert!(
        stdout(&output).contains("messages: shown at /dev/inbox\ntest message: printed"),
        "{}",
        stdout(&output)
    );

    let printed = refusal(&run(&mut world.in_production(), &TEST, &[]));
    assert!(printed.contains("`delivery.transport` must be"), "{printed}");
    let wrong = run(&mut world.in_production(), &["check", "--mail-to", "ada"], &[]);
    let printed = refusal(&wrong);
    assert!(
        printed.contains("`--mail-to` must be an e-mail address"),
        "{printed}"
    );
}
