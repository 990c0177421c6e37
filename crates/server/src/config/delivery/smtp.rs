//! Delivery of messages by SMTP.

use std::time::Duration;

use portcullis_delivery::{Credentials, Encryption, Mailbox, SmtpOptions};
use portcullis_domain::secret::Secret;
use url::Host;

use crate::config::{
    declare::{SECONDS, choice, number, secret, text},
    key::{Declaration, Key, Range},
    mode::{Mode, is_loopback_host},
    settings::Settings,
};

const HOST: Key<Option<String>> = text(
    "delivery.smtp.host",
    "Host name of the mail server. Its certificate must contain this name.",
)
.otherwise("required if `delivery.transport` is `smtp`");
const PORT: Key<Option<u16>> = number(
    "delivery.smtp.port",
    Range::new(1, 65_535, ""),
    "Port of the mail server.",
)
.otherwise("465 for `tls`, 587 for `starttls`, 25 for `none`");
const ENCRYPTION: Key<Option<String>> = choice("delivery.smtp.encryption", &["tls", "starttls", "none"], "Encryption of the connection to the mail server. In production, `none` is rejected if a password is set.").otherwise("`tls` if the port is 465, else `starttls`");
const USERNAME: Key<Option<String>> =
    text("delivery.smtp.username", "User name for the mail server.").otherwise("not set: no authentication");
const PASSWORD: Key<Option<Secret<String>>> =
    secret("delivery.smtp.password", "Password for the mail server.").otherwise("not set: no authentication");
const FROM: Key<Option<String>> = text(
    "delivery.smtp.from",
    "Sender of mails: `no-reply@example.com`, or `Example <no-reply@example.com>`.",
)
.otherwise("required if `delivery.transport` is `smtp`");
const REPLY_TO: Key<Option<String>> =
    text("delivery.smtp.reply_to", "Address for replies.").otherwise("same as `delivery.smtp.from`");
const TIMEOUT: Key<Duration> = number(
    "delivery.smtp.timeout",
    Range::new(1, 60, SECONDS),
    "How long sending a mail may take; after that, it is retried later.",
)
.or("15");
/// The port of servers that speak TLS from the first byte.
const PORT_OF_TLS: u16 = 465;

/// The keys, in the order of the documentation.
pub(in crate::config) const KEYS: &[&Declaration] = &[
    &HOST.declaration,
    &PORT.declaration,
    &ENCRYPTION.declaration,
    &USERNAME.declaration,
    &PASSWORD.declaration,
    &FROM.declaration,
    &REPLY_TO.declaration,
    &TIMEOUT.declaration,
];

/// Reads how mails are sent. Returns `None` if a key is missing, which is refused if `is_wanted`.
pub(super) fn read(settings: &mut Settings, mode: Mode, is_wanted: bool) -> Option<SmtpOptions> {
    let port = settings.get(&PORT);
    let encryption = encryption(settings, port);
    let credentials = credentials(settings);
    if credentials.is_some() && encryption == Encryption::None && mode == Mode::Production {
        settings.refuse(
            &ENCRYPTION,
            format!("`{ENCRYPTION}` must not be \"none\" if `{PASSWORD}` is set: the password would be sent unencrypted; use \"starttls\" or \"tls\""),
        );
    }
    let host = host(settings);
    if is_wanted && encryption == Encryption::None && mode == Mode::Production {
        warn_of_plain_text(settings, host.as_deref());
    }
    let from = mailbox(settings, &FROM);
    let reply_to = mailbox(settings, &REPLY_TO);
    let timeout = settings.get(&TIMEOUT);
    for key in [&HOST, &FROM] {
        if is_wanted && !settings.is_given(key) {
            settings.refuse(key, format!("`{key}` is required by the transport \"smtp\""));
        }
    }
    Some(SmtpOptions {
        host: host?,
        port: port.unwrap_or(match encryption {
            Encryption::Tls => PORT_OF_TLS,
            Encryption::StartTls => 587,
            Encryption::None => 25,
        }),
        encryption,
        credentials,
        from: from?,
        reply_to,
        timeout,
    })
}

fn warn_of_plain_text(settings: &mut Settings, host: Option<&str>) {
    if host.is_some_and(|host| !is_loopback_host(host)) {
        settings.warn(
            &ENCRYPTION,
            format!("`{ENCRYPTION}` is \"none\": links in mails, which sign users in or reset passwords, would be sent unencrypted to the mail server; use \"starttls\" or \"tls\""),
        );
    }
}

fn encryption(settings: &Settings, port: Option<u16>) -> Encryption {
    match settings.get(&ENCRYPTION).as_deref() {
        Some("tls") => Encryption::Tls,
        Some("none") => Encryption::None,
        None if port == Some(PORT_OF_TLS) => Encryption::Tls,
        _ => Encryption::StartTls,
    }
}

fn credentials(settings: &mut Settings) -> Option<Credentials> {
    let (username, password) = (settings.get(&USERNAME), settings.get(&PASSWORD));
    if settings.is_given(&USERNAME) != settings.is_given(&PASSWORD) {
        let key = settings.first_given(&USERNAME, &[&PASSWORD]);
        settings.refuse(key, format!("`{USERNAME}` and `{PASSWORD}` must be set together"));
    }
    Some(Credentials {
        username: username?,
        password: password?,
    })
}

fn host(settings: &mut Settings) -> Option<String> {
    let text = settings.get(&HOST)?;
    let host = Host::parse(&text).ok();
    if host.is_none() {
        settings.refuse(
            &HOST,
            format!("`{HOST}` must be a host name without a port, which `delivery.smtp.port` sets"),
        );
    }
    host.map(|_| text)
}

/// Errors do not contain the address, since they may be logged.
fn mailbox(settings: &mut Settings, key: &Key<Option<String>>) -> Option<Mailbox> {
    let parsed = settings.get(key)?.parse::<Mailbox>();
    parsed
        .map_err(|error| settings.refuse(key, format!("`{key}` is {error}")))
        .ok()
}
