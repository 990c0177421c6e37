//! The keys of messages to people.

use super::{Key, Kind, Otherwise, SECONDS, Value, choice, key, number};

pub(super) static KEYS: &[Key] = &[
    key(
        "delivery.transport",
        choice(&["inbox", "smtp", "webhook", "none"], &[]),
        Otherwise("`inbox` in development, `none` in production"),
        "How messages reach people. `inbox` keeps them in memory and shows them at `/dev/inbox`, in development alone. With `none`, whatever needs messages is off or refused.",
    ),
    key(
        "delivery.notices",
        Kind::Boolean,
        Value("false"),
        "Whether people are told that their password or their address was changed.",
    ),
    key(
        "delivery.templates",
        Kind::Text,
        Otherwise("the built-in ones"),
        "A folder with templates that replace built-in ones of the same name; they are read at the start.",
    ),
    key(
        "delivery.logo_url",
        Kind::Text,
        Otherwise("`app_name` as text"),
        "A picture at the head of mails: an https URL.",
    ),
    key(
        "delivery.smtp.host",
        Kind::Text,
        Otherwise("required by the transport `smtp`"),
        "The mail server's name, which its certificate must bear.",
    ),
    key(
        "delivery.smtp.port",
        number(1, 65_535, ""),
        Otherwise("465 for `tls`, 587 for `starttls`, 25 for `none`"),
        "Where the mail server listens.",
    ),
    key(
        "delivery.smtp.encryption",
        choice(&["tls", "starttls", "none"], &[]),
        Otherwise("`tls` where the port is 465, else `starttls`"),
        "How the way to the mail server is protected. In production, a password is not sent with `none`.",
    ),
    key(
        "delivery.smtp.username",
        Kind::Text,
        Otherwise("nobody asks"),
        "Who this is to the mail server.",
    ),
    key(
        "delivery.smtp.password",
        Kind::Secret,
        Otherwise("nobody asks"),
        "The password for it.",
    ),
    key(
        "delivery.smtp.from",
        Kind::Text,
        Otherwise("required by the transport `smtp`"),
        "Who mails are from: `no-reply@example.com`, or `Example <no-reply@example.com>`.",
    ),
    key(
        "delivery.smtp.reply_to",
        Kind::Text,
        Otherwise("as `delivery.smtp.from`"),
        "Who is answered.",
    ),
    key(
        "delivery.smtp.timeout",
        number(1, 60, SECONDS),
        Value("15"),
        "How long a mail may take before it is tried again later.",
    ),
    key(
        "delivery.webhook.url",
        Kind::Secret,
        Otherwise("required by the transport `webhook`"),
        "Who is told of messages, by Standard Webhooks. Where it is not on the same machine, it should be https: links are secrets.",
    ),
    key(
        "delivery.webhook.secret",
        Kind::Secret,
        Otherwise("made of `secret`; `portcullis check` prints it"),
        "What requests to it are signed with: `whsec_` and base64, or any text. In production, a key of at least 24 bytes.",
    ),
    key(
        "delivery.webhook.timeout",
        number(1, 60, SECONDS),
        Value("10"),
        "How long a request to it may take before it is tried again later.",
    ),
];
