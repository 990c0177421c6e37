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
pub(super) use self::{smtp::KEYS as SMTP_KEYS, webhook::KEYS as WEBHOOK_KEYS};
use super::{
    declare::{boolean, choice, text},
    email_and_password::REQUIRE_EMAIL_VERIFICATION,
    email_verification::{SEND_ON_SIGN_IN, SEND_ON_SIGN_UP},
    key::{Declaration, Key},
    mode::Mode,
    settings::Settings,
    user::{CHANGE_EMAIL, UPDATE_EMAIL_WITHOUT_VERIFICATION, VERIFY_DELETION},
};

pub(in crate::config) const APP_NAME: Key<String> =
    text("app_name", "Name of the application in messages to users.").or("Portcullis");
pub(in crate::config) const INBOX: Key<bool> = boolean("dev.inbox", "Show the messages of `delivery.transport = \"inbox\"` at `/dev/inbox`, in development. If `false`, the page does not exist; links are still printed on standard error.").or("true");
/// The default of Better Auth's `appName`.
const BETTER_AUTH_APP_NAME: &str = "Better Auth";
const TRANSPORT: Key<Option<String>> = choice("delivery.transport", &["inbox", "smtp", "webhook", "none"], "How messages are sent. `inbox` sends nothing; it keeps messages in memory and shows them at `/dev/inbox`, in development only. `none` disables features that need messages, and rejects settings that enable them.").otherwise("`inbox` in development, `none` in production");
const NOTICES: Key<bool> = boolean(
    "delivery.notices",
    "Notify users when their password or e-mail address has changed.",
)
.or("false");
const TEMPLATES: Key<Option<String>> = text("delivery.templates", "Folder with templates that replace the built-in templates of the same names. They are read at the start.").otherwise("the built-in templates");
const LOGO: Key<Option<String>> =
    text("delivery.logo_url", "https URL of a picture at the top of mails.").otherwise("`app_name` as text");

/// The keys, in the order of the documentation.
pub(super) const KEYS: &[&Declaration] = &[
    &TRANSPORT.declaration,
    &NOTICES.declaration,
    &TEMPLATES.declaration,
    &LOGO.declaration,
];

/// How messages are delivered.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// The transport.
    pub transport: Transport,
    /// The webhook that receives messages to phones, if mails are sent by SMTP.
    pub phones: Option<Hook>,
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
    /// Returns the webhook that receives messages, if there is one.
    pub(crate) const fn webhook(&self) -> Option<&Hook> {
        match &self.transport {
            Transport::Webhook(hook) => Some(hook),
            Transport::None | Transport::Inbox | Transport::Smtp(_) => self.phones.as_ref(),
        }
    }

    /// Whether messages can be sent to phones: a mail server does not.
    const fn is_sending_to_phones(&self) -> bool {
        match self.transport {
            Transport::None => false,
            Transport::Inbox | Transport::Webhook(_) => true,
            Transport::Smtp(_) => self.phones.is_some(),
        }
    }

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
            is_sending_to_phones: self.is_sending_to_phones(),
            has_notices: self.has_notices,
            verification_codes: None,
            limits: failed_sign_ins.map(|failed_sign_ins| MessageLimits {
                rules: LIMITS_PER_ADDRESS.to_vec(),
                known_for: failed_sign_ins.known_for,
            }),
        }
    }
}

/// Returns the name of the application that authenticators show. It stays the same when a deployment moves here from Better
/// Auth.
pub(super) fn shown_app_name(settings: &Settings) -> String {
    if settings.is_given(&APP_NAME) {
        settings.get(&APP_NAME)
    } else {
        BETTER_AUTH_APP_NAME.to_owned()
    }
}

/// Reads how messages are delivered. Refuses settings that need messages if none are sent.
pub(super) fn read(settings: &mut Settings, mode: Mode) -> Delivery {
    let name = transport(settings, mode);
    let smtp = smtp::read(settings, mode, name == "smtp");
    let hook = webhook::read(settings, mode, &name);
    let delivery = Delivery {
        phones: hook.clone().filter(|_| name == "smtp"),
        transport: match (name.as_str(), smtp, hook) {
            ("inbox", _, _) => Transport::Inbox,
            ("smtp", Some(options), _) => Transport::Smtp(Box::new(options)),
            ("webhook", _, Some(hook)) => Transport::Webhook(hook),
            _ => Transport::None,
        },
        templates: TemplateOptions {
            folder: settings.get(&TEMPLATES).map(Into::into),
            app_name: settings.get(&APP_NAME),
            logo_url: logo_url(settings),
        },
        has_notices: settings.get(&NOTICES),
        shows_inbox: settings.get(&INBOX),
    };
    if name == "none" {
        refuse_what_needs_messages(settings);
    }
    delivery
}

fn transport(settings: &mut Settings, mode: Mode) -> String {
    let given = settings.get(&TRANSPORT);
    let is_described = settings.has_section("delivery.smtp") || settings.has_section("delivery.webhook");
    if is_described && !settings.is_given(&TRANSPORT) {
        settings.refuse(
            &TRANSPORT,
            "`delivery.transport` must be set if `delivery.smtp` or `delivery.webhook` is given: choose \"smtp\" or \"webhook\"",
        );
    }
    if mode == Mode::Production && given.as_deref() == Some("inbox") {
        settings.refuse(
            &TRANSPORT,
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
    let text = settings.get(&LOGO)?;
    let is_https = Url::parse(&text).is_ok_and(|url| url.scheme() == "https");
    if !is_https {
        settings.refuse(
            &LOGO,
            format!("`{LOGO}` must be an https URL: mails show no other pictures"),
        );
    }
    Some(text)
}

/// Refuses settings that need messages.
fn refuse_what_needs_messages(settings: &mut Settings) {
    let takes_new_address = settings.get(&CHANGE_EMAIL) && !settings.get(&UPDATE_EMAIL_WITHOUT_VERIFICATION);
    let needs: [(&Declaration, bool); 6] = [
        (&NOTICES, settings.get(&NOTICES)),
        (
            &REQUIRE_EMAIL_VERIFICATION,
            settings.get(&REQUIRE_EMAIL_VERIFICATION),
        ),
        (&SEND_ON_SIGN_UP, settings.get(&SEND_ON_SIGN_UP) == Some(true)),
        (&SEND_ON_SIGN_IN, settings.get(&SEND_ON_SIGN_IN)),
        (&CHANGE_EMAIL, takes_new_address),
        (&VERIFY_DELETION, settings.get(&VERIFY_DELETION)),
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

#[cfg(test)]
mod tests;
