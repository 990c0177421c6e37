//! `portcullis check` of the way of messages.

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

/// A program with a database and a folder of its own.
struct World {
    directory: TempDir,
    database: TestDatabase,
}

impl World {
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
        ("SMTP__USERNAME", "somebody".to_owned()),
        ("SMTP__PASSWORD", "hidden".to_owned()),
    ]
}

/// What a command that fails says; nothing of it may be secret.
fn refusal(output: &Output) -> String {
    let said = stderr(output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    for secret in [ADDRESS, "HookSecret", "hidden", "somebody", "Confidential"] {
        assert!(!said.contains(secret), "{said}");
    }
    said
}

#[test]
fn the_secret_of_the_webhook_is_told_and_a_test_message_sent() {
    let (world, server) = (World::new(), hook::server());
    let output = run(&mut world.in_production(), &TEST, &hook_at(&server));
    let said = stdout(&output);
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(
        said.contains("messages: to the webhook\nwebhook secret: whsec_"),
        "{said}"
    );
    assert!(said.ends_with("test message: taken\n"), "{said}");
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
    assert!(!server.has_more(), "nothing is sent where nobody asks for it");
}

#[test]
fn a_webhook_that_refuses_is_told_without_its_address() {
    let (world, server) = (World::new(), hook::server());
    for status in ["301", "404", "500"] {
        server.conduct(Say("POST", status));
        let said = refusal(&run(&mut world.in_production(), &TEST, &hook_at(&server)));
        let whole = "the test message was not sent: ";
        assert!(
            said.contains(whole) && said.contains(&format!("status {status}")),
            "{said}"
        );
    }
}

#[test]
fn a_webhook_that_is_not_there_is_told_without_its_address() {
    let (world, reserved) = (World::new(), Reserved::new());
    let settings = [
        ("TRANSPORT", "webhook".to_owned()),
        ("WEBHOOK__URL", format!("http://{}/HookSecret", reserved.address)),
    ];
    let said = refusal(&run(&mut world.in_production(), &TEST, &settings));
    assert!(
        said.contains("the webhook cannot be reached") && said.contains("refused"),
        "{said}"
    );
}

#[test]
fn a_mail_server_is_asked_whether_it_lets_us_in_and_takes_a_test_message() {
    let (world, server) = (World::new(), mail::server());
    let output = run(&mut world.in_development(), &["check"], &mail_at(server.address));
    assert!(output.status.success(), "{}", stderr(&output));
    let looked = "messages: the mail server is reachable and lets us in\n";
    assert!(stdout(&output).ends_with(looked), "{}", stdout(&output));
    assert!(!server.has_more(), "nothing is sent where nobody asks for it");

    let output = run(&mut world.in_development(), &TEST, &mail_at(server.address));
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(stdout(&output).ends_with(&format!("{looked}test message: taken\n")));
    let mail = Mail::read(&server.next());
    assert_eq!(mail.header("To"), ADDRESS);
    assert!(!server.has_more());
}

#[test]
fn a_mail_server_that_refuses_us_is_told_by_the_step_and_the_code() {
    let (world, server) = (World::new(), mail::server());
    for (step, words, said_of_it) in [
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
        let said = refusal(&run(&mut world.in_development(), &TEST, &mail_at(server.address)));
        assert!(said.contains(said_of_it) && said.contains(&words[..9]), "{said}");
    }
}

#[test]
fn a_mail_server_that_is_not_there_or_never_answers_is_told() {
    let (world, reserved, server) = (World::new(), Reserved::new(), mail::server());
    let away = run(
        &mut world.in_development(),
        &["check"],
        &mail_at(reserved.address),
    );
    let said = refusal(&away);
    assert!(
        said.contains("the step Connect") && said.contains("refused"),
        "{said}"
    );

    server.conduct(Hold("CONNECT"));
    let mut settings = mail_at(server.address);
    settings.push(("SMTP__TIMEOUT", "1".to_owned()));
    let said = refusal(&run(&mut world.in_development(), &["check"], &settings));
    assert!(said.contains("did not answer in time"), "{said}");
}

#[test]
fn the_inbox_prints_a_test_message_and_where_nothing_is_sent_none_is() {
    let world = World::new();
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

    let said = refusal(&run(&mut world.in_production(), &TEST, &[]));
    assert!(said.contains("`delivery.transport` must be"), "{said}");
    let wrong = run(&mut world.in_production(), &["check", "--mail-to", "ada"], &[]);
    let said = refusal(&wrong);
    assert!(said.contains("`--mail-to` must be an e-mail address"), "{said}");
}
