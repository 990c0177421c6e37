//! Delivery of messages.

use std::time::Duration;

use portcullis_delivery::{Encryption, SmtpOptions};

use super::Transport;
use crate::config::tests::{PRODUCTION, load, production, refused};

const SMTP: &str = "[delivery]\ntransport = \"smtp\"\n[delivery.smtp]\nhost = \"mail.example.com\"\nfrom = \"Example <no-reply@example.com>\"\n";

fn smtp(more: &str) -> SmtpOptions {
    match load(&format!("{SMTP}{more}"), &[]).delivery.transport {
        Transport::Smtp(options) => *options,
        other => panic!("{other:?}"),
    }
}

#[test]
fn by_default_messages_are_shown_in_development_and_not_sent_in_production() {
    let development = load("", &[]);
    assert!(matches!(development.delivery.transport, Transport::Inbox));
    assert!(development.password_reset.messages.is_sending);
    assert!(!development.password_reset.messages.has_notices);
    assert_eq!(development.delivery.templates.app_name, "Portcullis");
    let production = load("", &production(&[]));
    assert!(matches!(production.delivery.transport, Transport::None));
    assert!(!production.password_reset.messages.is_sending);
}

#[test]
fn an_inbox_in_production_is_refused() {
    let problems = refused("", &production(&[("PORTCULLIS_DELIVERY__TRANSPORT", "inbox")]));
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert!(
        problems[0].contains("`delivery.transport` must not be \"inbox\" in production"),
        "{}",
        problems[0]
    );
}

#[test]
fn a_configured_transport_must_be_set() {
    for line in [
        "delivery.smtp.host = \"mail.example.com\"",
        "delivery.webhook.timeout = 5",
        "[delivery.smtp]",
    ] {
        let problems = refused(line, &[]);
        assert_eq!(
            problems,
            [
                "`delivery.transport` must be set if `delivery.smtp` or `delivery.webhook` is given: choose \"smtp\" or \"webhook\""
            ]
        );
    }
}

#[test]
fn the_default_port_of_a_mail_server_follows_from_its_encryption_and_vice_versa() {
    for (more, port, encryption) in [
        ("", 587, Encryption::StartTls),
        ("port = 465", 465, Encryption::Tls),
        ("port = 2525", 2525, Encryption::StartTls),
        ("encryption = \"tls\"", 465, Encryption::Tls),
        ("encryption = \"none\"", 25, Encryption::None),
        ("encryption = \"starttls\"\nport = 465", 465, Encryption::StartTls),
    ] {
        let options = smtp(more);
        assert_eq!((options.port, options.encryption), (port, encryption), "{more}");
    }
    let options = smtp("username = \"u\"\npassword = \"p\"\nreply_to = \"help@example.com\"\ntimeout = 20");
    assert_eq!(options.host, "mail.example.com");
    assert_eq!(options.timeout, Duration::from_secs(20));
    assert!(options.reply_to.is_some());
    assert_eq!(options.credentials.unwrap().username, "u");
}

/// A file, in which `SMTP` stands for a valid mail server; the key that the refusal names; the reason.
const REFUSED: &[(&str, &str, &str)] = &[
    (
        "delivery.transport = \"smtp\"\ndelivery.smtp.from = \"a@b.c\"",
        "delivery.smtp.host",
        "is required",
    ),
    (
        "delivery.transport = \"smtp\"\ndelivery.smtp.host = \"h\"",
        "delivery.smtp.from",
        "is required",
    ),
    (
        "SMTPusername = \"hidden\"",
        "delivery.smtp.username",
        "and `delivery.smtp.password` must be set together",
    ),
    (
        "SMTPpassword = \"hidden\"",
        "delivery.smtp.username",
        "and `delivery.smtp.password` must be set together",
    ),
    (
        "SMTPreply_to = \"hidden\"",
        "delivery.smtp.reply_to",
        "is neither an e-mail address nor",
    ),
    (
        "delivery.transport = \"smtp\"\ndelivery.smtp = { host = \"h:25\", from = \"a@b.c\" }",
        "delivery.smtp.host",
        "must be a host name",
    ),
    ("SMTPport = 0", "delivery.smtp.port", "must be a whole number"),
    (
        "SMTPencryption = \"ssl\"",
        "delivery.smtp.encryption",
        "must be \"tls\" or",
    ),
    (
        "SMTPtimeout = 61",
        "delivery.smtp.timeout",
        "must be a whole number",
    ),
    (
        "delivery.transport = \"webhook\"",
        "delivery.webhook.url",
        "is required",
    ),
    (
        "delivery.transport = \"webhook\"\ndelivery.webhook.url = \"hidden\"",
        "delivery.webhook.url",
        "must be an http or https URL",
    ),
    (
        "delivery.transport = \"webhook\"\ndelivery.webhook.url = \"https://h/#hidden\"",
        "delivery.webhook.url",
        "must be an http or https URL",
    ),
    (
        "delivery.transport = \"webhook\"\ndelivery.webhook = { url = \"https://h/\", secret = \"whsec_*hidden*\" }",
        "delivery.webhook.secret",
        "must be `whsec_` followed by base64",
    ),
    (
        "delivery.transport = \"webhook\"\ndelivery.webhook = { url = \"https://h/\", secret = \"\" }",
        "delivery.webhook.secret",
        "must be `whsec_` followed by base64",
    ),
    (
        "delivery.transport = \"webhook\"\ndelivery.webhook = { url = \"https://h/\", timeout = 0 }",
        "delivery.webhook.timeout",
        "must be a whole number",
    ),
    (
        "delivery.transport = \"mail\"",
        "delivery.transport",
        "must be \"inbox\"",
    ),
    ("delivery.notices = \"perhaps\"", "delivery.notices", "must be"),
    (
        "delivery.logo_url = \"http://example.com/logo.png\"",
        "delivery.logo_url",
        "must be an https URL",
    ),
];

#[test]
fn an_unusable_transport_is_refused_without_showing_secrets_and_addresses() {
    for (file, key, reason) in REFUSED {
        let problems = refused(&file.replace("SMTP", SMTP), &[]);
        assert_eq!(problems.len(), 1, "{file}: {problems:?}");
        assert!(
            problems[0].contains(&format!("`{key}` {reason}")),
            "{}",
            problems[0]
        );
        assert!(!problems[0].contains("hidden"), "{}", problems[0]);
    }
}

#[test]
fn an_unencrypted_smtp_password_is_refused_in_production() {
    let file = format!("{SMTP}username = \"u\"\npassword = \"p\"\nencryption = \"none\"");
    load(&file, &[]);
    let problems = refused(&file, &PRODUCTION);
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert!(
        problems[0].contains("`delivery.smtp.encryption` must not be \"none\""),
        "{}",
        problems[0]
    );
}

#[test]
fn a_webhook_has_its_own_secret_or_a_derived_one() {
    let file = "[delivery]\ntransport = \"webhook\"\nwebhook = { url = \"https://h/?key=hidden\" }\n";
    let config = load(file, &[("PORTCULLIS_DELIVERY__WEBHOOK__TIMEOUT", "3")]);
    let Transport::Webhook(hook) = &config.delivery.transport else {
        panic!("no webhook");
    };
    assert_eq!(
        (hook.url.as_str(), hook.timeout),
        ("https://h/?key=hidden", Duration::from_secs(3))
    );
    assert!(hook.secret.is_none());
    assert!(!format!("{config:?}").contains("hidden"));
    let secret = ("PORTCULLIS_DELIVERY__WEBHOOK__SECRET", "whsec_aGlkZGVu");
    let Transport::Webhook(hook) = load(file, &[secret]).delivery.transport else {
        panic!("no webhook");
    };
    assert_eq!(hook.secret.unwrap().expose(), "whsec_aGlkZGVu");
}

#[test]
fn settings_that_need_messages_are_refused_if_none_are_sent() {
    for key in [
        "delivery.notices",
        "email_and_password.require_email_verification",
        "email_verification.send_on_sign_up",
        "email_verification.send_on_sign_in",
        "user.change_email.enabled",
        "user.delete_user.verification",
    ] {
        let line = format!("{key} = true");
        load(&line, &[]);
        let problems = refused(&line, &[("PORTCULLIS_DELIVERY__TRANSPORT", "none")]);
        assert_eq!(
            problems,
            [format!(
                "portcullis.toml:1: `{key}` needs a transport that sends messages: set `delivery.transport` to \"smtp\" or \"webhook\""
            )]
        );
        assert_eq!(
            refused(&line, &PRODUCTION),
            problems,
            "the default transport in production is none"
        );
    }
    load(
        "user.change_email = { enabled = true, update_email_without_verification = true }",
        &[("PORTCULLIS_DELIVERY__TRANSPORT", "none")],
    );
}
