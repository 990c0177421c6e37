//! The keys of message delivery.

use super::{Key, Kind, Otherwise, SECONDS, Value, choice, key, number};

pub(super) static KEYS: &[Key] = &[
    key(
        "delivery.transport",
        choice(&["inbox", "smtp", "webhook", "none"], &[]),
        Otherwise("`inbox` in development, `none` in production"),
        "How messages are sent. `inbox` sends nothing; it keeps messages in memory and shows them at `/dev/inbox`, in development only. `none` disables features that need messages, and rejects settings that enable them.",
    ),
    key(
        "delivery.notices",
        Kind::Boolean,
        Value("false"),
        "Notify users when their password or e-mail address has changed.",
    ),
    key(
        "delivery.templates",
        Kind::Text,
        Otherwise("the built-in templates"),
        "Folder with templates that replace the built-in templates of the same names. They are read at the start.",
    ),
    key(
        "delivery.logo_url",
        Kind::Text,
        Otherwise("`app_name` as text"),
        "https URL of a picture at the top of mails.",
    ),
    key(
        "delivery.smtp.host",
        Kind::Text,
        Otherwise("required if `delivery.transport` is `smtp`"),
        "Host name of the mail server. Its certificate must contain this name.",
    ),
    key(
        "delivery.smtp.port",
        number(1, 65_535, ""),
        Otherwise("465 for `tls`, 587 for `starttls`, 25 for `none`"),
        "Port of the mail server.",
    ),
    key(
        "delivery.smtp.encryption",
        choice(&["tls", "starttls", "none"], &[]),
        Otherwise("`tls` if the port is 465, else `starttls`"),
        "Encryption of the connection to the mail server. In production, `none` is rejected if a password is set.",
    ),
    key(
        "delivery.smtp.username",
        Kind::Text,
        Otherwise("not set: no authentication"),
        "User name for the mail server.",
    ),
    key(
        "delivery.smtp.password",
        Kind::Secret,
        Otherwise("not set: no authentication"),
        "Password for the mail server.",
    ),
    key(
        "delivery.smtp.from",
        Kind::Text,
        Otherwise("required if `delivery.transport` is `smtp`"),
        "Sender of mails: `no-reply@example.com`, or `Example <no-reply@example.com>`.",
    ),
    key(
        "delivery.smtp.reply_to",
        Kind::Text,
        Otherwise("same as `delivery.smtp.from`"),
        "Address for replies.",
    ),
    key(
        "delivery.smtp.timeout",
        number(1, 60, SECONDS),
        Value("15"),
        "How long sending a mail may take; after that, it is retried later.",
    ),
    key(
        "delivery.webhook.url",
        Kind::Secret,
        Otherwise("required if `delivery.transport` is `webhook`"),
        "URL that receives messages as Standard Webhooks requests. Use https unless it is on the same machine, since messages contain secret links.",
    ),
    key(
        "delivery.webhook.secret",
        Kind::Secret,
        Otherwise("derived from `secret`; `portcullis check` prints it"),
        "Secret that signs webhook requests: `whsec_` followed by base64, or any text. In production, the key must have at least 24 bytes.",
    ),
    key(
        "delivery.webhook.timeout",
        number(1, 60, SECONDS),
        Value("10"),
        "How long a webhook request may take; after that, it is retried later.",
    ),
];
