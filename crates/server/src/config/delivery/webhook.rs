//! Messages as requests to a server of the deployment's.

use std::{collections::BTreeSet, fmt, time::Duration};

use portcullis_delivery::WebhookOptions;
use portcullis_domain::secret::Secret;
use url::Url;

use crate::config::{
    mode::{Mode, is_loopback_url},
    number::seconds,
    settings::Settings,
};

const URL: &str = "delivery.webhook.url";
const SECRET: &str = "delivery.webhook.secret";
/// The fewest bytes of a key in production, by Standard Webhooks.
const SHORTEST_KEY: usize = 24;

/// Who is told of messages.
#[derive(Clone)]
pub struct Hook {
    /// Where it is; the address may hold a secret.
    pub url: Url,
    /// What requests are signed with; none: with what is made of the deployment's secret.
    pub secret: Option<Secret<String>>,
    /// How long a request may take.
    pub timeout: Duration,
}

impl fmt::Debug for Hook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hook(…)")
    }
}

/// Who is told; none where that is missing, which is said where `is_wanted`.
pub(super) fn read(settings: &mut Settings, mode: Mode, is_wanted: bool) -> Option<Hook> {
    let url = url(settings);
    let is_plain = |url: &Url| url.scheme() == "http" && !is_loopback_url(url);
    if is_wanted && mode == Mode::Production && url.as_ref().is_some_and(is_plain) {
        settings.warn(
            URL,
            format!("`{URL}` is http: links in messages, which sign users in or reset passwords, can be read on the way to the webhook; use https"),
        );
    }
    let secret = secret(settings, mode);
    let timeout = seconds(settings, "delivery.webhook.timeout");
    if is_wanted && !settings.is_given(URL) {
        settings.refuse(URL, format!("`{URL}` is required by the transport \"webhook\""));
    }
    Some(Hook {
        url: url?,
        secret,
        timeout,
    })
}

fn url(settings: &mut Settings) -> Option<Url> {
    let text = settings.secret(URL)?;
    let url = Url::parse(text.expose())
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https") && url.fragment().is_none());
    if url.is_none() {
        settings.refuse(
            URL,
            format!("`{URL}` must be an http or https URL without fragment"),
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
    let secret = settings.secret(SECRET)?;
    match WebhookOptions::key_length(&secret) {
        None => settings.refuse(
            SECRET,
            format!("`{SECRET}` must be `whsec_` and base64, or another text that is not empty"),
        ),
        Some(length) if length < SHORTEST_KEY && mode == Mode::Production => settings.refuse(
            SECRET,
            format!(
                "`{SECRET}` must be a key of at least {SHORTEST_KEY} bytes in production, but has {length}: signatures could be forged; use `whsec_` and the base64 of 32 random bytes, or leave it out"
            ),
        ),
        Some(_) if mode == Mode::Production && is_repetitive(secret.expose()) => settings.refuse(
            SECRET,
            format!(
                "`{SECRET}` repeats a few characters in production: signatures could be forged; use `whsec_` and the base64 of 32 random bytes, or leave it out"
            ),
        ),
        Some(_) => {}
    }
    Some(secret)
}
