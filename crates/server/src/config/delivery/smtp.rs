//! Delivery of messages by SMTP.

use portcullis_delivery::{Credentials, Encryption, Mailbox, SmtpOptions};
use url::Host;

use crate::config::{
    mode::{Mode, is_loopback_host},
    number::seconds,
    settings::Settings,
};

const HOST: &str = "delivery.smtp.host";
const PORT: &str = "delivery.smtp.port";
const ENCRYPTION: &str = "delivery.smtp.encryption";
const USERNAME: &str = "delivery.smtp.username";
const PASSWORD: &str = "delivery.smtp.password";
const FROM: &str = "delivery.smtp.from";
const REPLY_TO: &str = "delivery.smtp.reply_to";
/// The port of servers that speak TLS from the first byte.
const PORT_OF_TLS: u16 = 465;

/// Reads how mails are sent. Returns `None` if a key is missing, which is refused if `is_wanted`.
pub(super) fn read(settings: &mut Settings, mode: Mode, is_wanted: bool) -> Option<SmtpOptions> {
    let port = settings.number(PORT).and_then(|port| u16::try_from(port).ok());
    let encryption = encryption(settings, port);
    let credentials = credentials(settings);
    if credentials.is_some() && encryption == Encryption::None && mode == Mode::Production {
        settings.refuse(
            ENCRYPTION,
            format!("`{ENCRYPTION}` must not be \"none\" if `{PASSWORD}` is set: the password would be sent unencrypted; use \"starttls\" or \"tls\""),
        );
    }
    let host = host(settings);
    if is_wanted && encryption == Encryption::None && mode == Mode::Production {
        warn_of_plain_text(settings, host.as_deref());
    }
    let from = mailbox(settings, FROM);
    let reply_to = mailbox(settings, REPLY_TO);
    let timeout = seconds(settings, "delivery.smtp.timeout");
    for key in [HOST, FROM] {
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
            ENCRYPTION,
            format!("`{ENCRYPTION}` is \"none\": links in mails, which sign users in or reset passwords, would be sent unencrypted to the mail server; use \"starttls\" or \"tls\""),
        );
    }
}

fn encryption(settings: &Settings, port: Option<u16>) -> Encryption {
    match settings.text(ENCRYPTION).as_deref() {
        Some("tls") => Encryption::Tls,
        Some("none") => Encryption::None,
        None if port == Some(PORT_OF_TLS) => Encryption::Tls,
        _ => Encryption::StartTls,
    }
}

fn credentials(settings: &mut Settings) -> Option<Credentials> {
    let (username, password) = (settings.text(USERNAME), settings.secret(PASSWORD));
    if settings.is_given(USERNAME) != settings.is_given(PASSWORD) {
        let key = settings.first_given([USERNAME, PASSWORD]);
        settings.refuse(key, format!("`{USERNAME}` and `{PASSWORD}` must be set together"));
    }
    Some(Credentials {
        username: username?,
        password: password?,
    })
}

fn host(settings: &mut Settings) -> Option<String> {
    let text = settings.text(HOST)?;
    let host = Host::parse(&text).ok();
    if host.is_none() {
        settings.refuse(HOST, format!("`{HOST}` must be a host name without a port"));
    }
    host.map(|_| text)
}

/// Errors do not contain the address, since they may be logged.
fn mailbox(settings: &mut Settings, key: &str) -> Option<Mailbox> {
    let parsed = settings.text(key)?.parse::<Mailbox>();
    parsed
        .map_err(|error| settings.refuse(key, format!("`{key}` is {error}")))
        .ok()
}
