//! Message delivery, and settings that depend on it.

mod smtp;
mod webhook;

use portcullis_application::{
    credential::FailedSignIns,
    message::{Links, MessageLimits, MessageOptions},
};
use portcullis_delivery::{SmtpOptions, TemplateOptions};
use portcullis_domain::message::LIMITS_PER_ADDRESS;
use url::Url;

pub use self::webhook::Hook;
use super::{mode::Mode, settings::Settings};

const TRANSPORT: &str = "delivery.transport";
const LOGO: &str = "delivery.logo_url";

/// How messages are delivered.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// The transport.
    pub transport: Transport,
    /// The templates of messages.
    pub templates: TemplateOptions,
    /// Whether users are notified when their password or their address has changed.
    pub has_notices: bool,
    /// Whether the page `/dev/inbox` shows the messages of [`Transport::Inbox`].
    pub shows_inbox: bool,
}

/// The transport of messages.
#[derive(Clone, Debug)]
pub enum Transport {
    /// Nothing is sent.
    None,
    /// Messages are kept in memory, for a developer.
    Inbox,
    /// Messages are sent as mails.
    Smtp(Box<SmtpOptions>),
    /// Messages are sent as requests to a server of the deployment.
    Webhook(Hook),
}

impl Delivery {
    /// Returns the options that the use cases need.
    pub(super) fn messages(
        &self,
        base_url: &Url,
        base_path: &str,
        failed_sign_ins: Option<FailedSignIns>,
    ) -> MessageOptions {
        MessageOptions {
            links: Links::below(base_url, base_path),
            is_sending: !matches!(self.transport, Transport::None),
            has_notices: self.has_notices,
            limits: failed_sign_ins.map(|failed_sign_ins| MessageLimits {
                rules: LIMITS_PER_ADDRESS.to_vec(),
                known_for: failed_sign_ins.known_for,
            }),
        }
    }
}

/// Reads how messages are delivered. Refuses settings that need messages if none are sent.
pub(super) fn read(settings: &mut Settings, mode: Mode) -> Delivery {
    let name = transport(settings, mode);
    let smtp = smtp::read(settings, mode, name == "smtp");
    let hook = webhook::read(settings, mode, name == "webhook");
    let delivery = Delivery {
        transport: match (name.as_str(), smtp, hook) {
            ("inbox", _, _) => Transport::Inbox,
            ("smtp", Some(options), _) => Transport::Smtp(Box::new(options)),
            ("webhook", _, Some(hook)) => Transport::Webhook(hook),
            _ => Transport::None,
        },
        templates: TemplateOptions {
            folder: settings.text("delivery.templates").map(Into::into),
            app_name: settings.text("app_name").unwrap_or_default(),
            logo_url: logo_url(settings),
        },
        has_notices: settings.boolean("delivery.notices").unwrap_or_default(),
        shows_inbox: settings.boolean("dev.inbox").unwrap_or_default(),
    };
    if name == "none" {
        refuse_what_needs_messages(settings);
    }
    delivery
}

fn transport(settings: &mut Settings, mode: Mode) -> String {
    let given = settings.text(TRANSPORT);
    let is_described = settings.has_section("delivery.smtp") || settings.has_section("delivery.webhook");
    if is_described && !settings.is_given(TRANSPORT) {
        settings.refuse(
            TRANSPORT,
            "`delivery.transport` must be set if `delivery.smtp` or `delivery.webhook` is given",
        );
    }
    if mode == Mode::Production && given.as_deref() == Some("inbox") {
        settings.refuse(
            TRANSPORT,
            "`delivery.transport` must not be \"inbox\" in production: messages would not be sent; use \"smtp\" or \"webhook\"",
        );
    }
    let otherwise = match mode {
        Mode::Development => "inbox",
        Mode::Production => "none",
    };
    given.unwrap_or_else(|| otherwise.to_owned())
}

fn logo_url(settings: &mut Settings) -> Option<String> {
    let text = settings.text(LOGO)?;
    let is_https = Url::parse(&text).is_ok_and(|url| url.scheme() == "https");
    if !is_https {
        settings.refuse(
            LOGO,
            format!("`{LOGO}` must be an https URL: mails show no other pictures"),
        );
    }
    Some(text)
}

/// Refuses settings that need messages.
fn refuse_what_needs_messages(settings: &mut Settings) {
    let is = |name: &str| settings.boolean(name) == Some(true);
    let takes_new_address =
        is("user.change_email.enabled") && !is("user.change_email.update_email_without_verification");
    let needs = [
        ("delivery.notices", is("delivery.notices")),
        (
            "email_and_password.require_email_verification",
            is("email_and_password.require_email_verification"),
        ),
        (
            "email_verification.send_on_sign_up",
            is("email_verification.send_on_sign_up"),
        ),
        (
            "email_verification.send_on_sign_in",
            is("email_verification.send_on_sign_in"),
        ),
        ("user.change_email.enabled", takes_new_address),
        (
            "user.delete_user.verification",
            is("user.delete_user.verification"),
        ),
    ];
    for (key, needs_messages) in needs {
        if needs_messages {
            settings.refuse(
                key,
                format!("`{key}` needs a transport that sends messages: set `{TRANSPORT}` to \"smtp\" or \"webhook\""),
            );
        }
    }
}
