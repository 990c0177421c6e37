//! Delivery of messages as webhook requests to a server of the deployment.

use std::{collections::BTreeSet, fmt, time::Duration};

use portcullis_delivery::WebhookOptions;
use portcullis_domain::secret::Secret;
use url::Url;

use crate::config::{
    declare::{self, SECONDS, number},
    key::{Declaration, Key, Range},
    mode::{Mode, is_loopback_url},
    settings::Settings,
};

const URL: Key<Option<Secret<String>>> = declare::secret("delivery.webhook.url", "URL that receives messages as Standard Webhooks requests; with the transport `smtp`, it receives only messages to phones. Use https unless the URL is on the same machine, since messages contain secret links.").otherwise("required if `delivery.transport` is `webhook`");
const SECRET: Key<Option<Secret<String>>> = declare::secret("delivery.webhook.secret", "Secret that signs webhook requests: `whsec_` followed by base64, or any text. In production, the key must have at least 24 bytes.").otherwise("derived from `secret`; `portcullis check` prints it");
const TIMEOUT: Key<Duration> = number(
    "delivery.webhook.timeout",
    Range::new(1, 60, SECONDS),
    "How long a webhook request may take; after that, it is retried later.",
)
.or("10");
/// Minimum length of a key in production in bytes, according to Standard Webhooks.
const SHORTEST_KEY: usize = 24;

/// The keys, in the order of the documentation.
pub(in crate::config) const KEYS: &[&Declaration] =
    &[&URL.declaration, &SECRET.declaration, &TIMEOUT.declaration];

/// The webhook that receives messages.
#[derive(Clone)]
pub struct Hook {
    /// Its URL, which may contain a secret.
    pub url: Url,
    /// The secret that signs requests. `None`: it is derived from the deployment's secret.
    pub secret: Option<Secret<String>>,
    /// Maximum duration of a request.
    pub timeout: Duration,
}

impl fmt::Debug for Hook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hook(…)")
    }
}

/// Reads the webhook. Returns `None` if its URL is missing, which is refused by the transport `webhook`. With `smtp`, the
/// webhook receives messages to phones.
pub(super) fn read(settings: &mut Settings, mode: Mode, transport: &str) -> Option<Hook> {
    let is_used = matches!(transport, "webhook" | "smtp");
    let url = url(settings);
    let is_plain = |url: &Url| url.scheme() == "http" && !is_loopback_url(url);
    if is_used && mode == Mode::Production && url.as_ref().is_some_and(is_plain) {
        settings.warn(
            &URL,
            format!("`{URL}` is http: links in messages, which sign users in or reset passwords, would be sent unencrypted to the webhook; use https"),
        );
    }
    let secret = secret(settings, mode);
    let timeout = settings.get(&TIMEOUT);
    if transport == "webhook" && !settings.is_given(&URL) {
        settings.refuse(&URL, format!("`{URL}` is required by the transport \"webhook\""));
    }
    Some(Hook {
        url: url?,
        secret,
        timeout,
    })
}

fn url(settings: &mut Settings) -> Option<Url> {
    let text = settings.get(&URL)?;
    let url = Url::parse(text.expose())
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https") && url.fragment().is_none());
    if url.is_none() {
        settings.refuse(
            &URL,
            format!("`{URL}` must be an http or https URL without a fragment"),
        );
    }
    url
}

/// Whether the key has fewer than ten different characters: random keys have more, in base64 and in hex.
fn is_repetitive(secret: &str) -> bool {
    let key = secret.strip_prefix("whsec_").unwrap_or(secret);
    let different: BTreeSet<char> = key.chars().collect();
    different.len() < 10
}

fn secret(settings: &mut Settings, mode: Mode) -> Option<Secret<String>> {
    let secret = settings.get(&SECRET)?;
    match WebhookOptions::key_length(&secret) {
        None => settings.refuse(
            &SECRET,
            format!("`{SECRET}` must be `whsec_` followed by base64, or another text that is not empty"),
        ),
        Some(length) if length < SHORTEST_KEY && mode == Mode::Production => settings.refuse(
            &SECRET,
            format!(
                "`{SECRET}` must be a key of at least {SHORTEST_KEY} bytes in production, but has {length}: signatures could be forged; use `whsec_` followed by the base64 of 32 random bytes, or remove the key"
            ),
        ),
        Some(_) if mode == Mode::Production && is_repetitive(secret.expose()) => settings.refuse(
            &SECRET,
            format!(
                "`{SECRET}` has fewer than ten different characters in production: signatures could be forged; use `whsec_` followed by the base64 of 32 random bytes, or remove the key"
            ),
        ),
        Some(_) => {}
    }
    Some(secret)
}
