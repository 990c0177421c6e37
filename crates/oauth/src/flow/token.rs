//! Requests for tokens (RFC 6749, 4.1.3 and 6).

use base64::{Engine as _, prelude::BASE64_STANDARD};
use chrono::{DateTime, TimeDelta, Utc};
use portcullis_application::ports::{CodeExchange, ProviderTokens, RawTokens};
use portcullis_domain::secret::Secret;
use serde_json::{Map, Value};

use crate::definition::{Authentication, Context};

/// A request for tokens: a form that is posted.
#[derive(Clone, Debug)]
pub struct TokenRequest {
    /// The endpoint.
    pub endpoint: String,
    /// The form, in Better Auth's order.
    pub form: Vec<(&'static str, Secret<String>)>,
    /// Headers in addition to `Content-Type` and `Accept: application/json`. One of the same name replaces it.
    pub headers: Vec<(&'static str, Secret<String>)>,
    /// How the answer is read.
    pub answer: TokenAnswer,
}

/// How the answer of a token endpoint is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenAnswer {
    /// What separates the scopes in the answer. `None`: the scopes are one text.
    pub scope_separator: Option<&'static str>,
    /// Whether the answer's `refresh_token_expires_in` is used.
    pub reads_refresh_expiry: bool,
    /// The members of the answer that contain the tokens, with a dot for a member of a member. Empty: the answer itself.
    pub place: &'static str,
}

impl TokenAnswer {
    /// The answer to an exchange.
    pub const EXCHANGE: Self = Self {
        scope_separator: Some(" "),
        reads_refresh_expiry: true,
        place: "",
    };
    /// The answer to a refresh.
    pub const REFRESH: Self = Self {
        reads_refresh_expiry: false,
        ..Self::EXCHANGE
    };

    /// Returns the tokens in an answer.
    #[must_use]
    pub fn read(self, answer: Value, now: DateTime<Utc>) -> ProviderTokens {
        let mut place = self.place.split('.').filter(|name| !name.is_empty());
        let tokens = place.try_fold(&answer, |value, name| value.get(name));
        let text = |name: &str| tokens?.get(name)?.as_str().map(str::to_owned);
        let secret = |name: &str| text(name).filter(|text| !text.is_empty()).map(Secret::new);
        let expiry = |name: &str| {
            let seconds = tokens?.get(name)?;
            let seconds = seconds.as_f64().or_else(|| seconds.as_str()?.parse().ok())?;
            after(now, seconds)
        };
        let scope = tokens.and_then(|tokens| tokens.get("scope"));
        let scopes = match scope {
            Some(Value::String(text)) if !text.is_empty() => match self.scope_separator {
                Some(separator) => text.split(separator).map(str::to_owned).collect(),
                None => vec![text.clone()],
            },
            Some(Value::Array(scopes)) => scopes
                .iter()
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect(),
            _ => Vec::new(),
        };
        ProviderTokens {
            access_token: secret("access_token"),
            refresh_token: secret("refresh_token"),
            id_token: secret("id_token"),
            access_token_expires_at: expiry("expires_in"),
            refresh_token_expires_at: self
                .reads_refresh_expiry
                .then(|| expiry("refresh_token_expires_in"))
                .flatten(),
            scopes: Some(scopes),
            user: None,
            raw: RawTokens(match answer {
                Value::Object(members) => members,
                _ => Map::new(),
            }),
        }
    }
}

/// Returns the time after this number of seconds; `None` for zero, which means that the provider did not report it, and
/// for a time that cannot be stored.
fn after(now: DateTime<Utc>, seconds: f64) -> Option<DateTime<Utc>> {
    #[expect(clippy::cast_possible_truncation, reason = "a conversion with `as` saturates")]
    let milliseconds = (seconds * 1000.0) as i64;
    if milliseconds == 0 {
        return None;
    }
    now.checked_add_signed(TimeDelta::try_milliseconds(milliseconds)?)
}

impl TokenRequest {
    /// Returns the request that exchanges a code, with the client's secret in the body and with the code verifier.
    #[must_use]
    pub fn exchange(context: Context<'_>, exchange: &CodeExchange<'_>) -> Self {
        Self::exchange_with(context, exchange, Authentication::Post)
    }

    /// Returns the request that exchanges a code.
    #[must_use]
    pub fn exchange_with(
        context: Context<'_>,
        exchange: &CodeExchange<'_>,
        authentication: Authentication,
    ) -> Self {
        let mut request = Self {
            endpoint: context.endpoints.token.clone(),
            form: vec![
                ("grant_type", plain("authorization_code")),
                ("code", exchange.code.clone()),
                ("code_verifier", exchange.code_verifier.clone()),
                ("redirect_uri", plain(exchange.redirect_uri)),
            ],
            headers: Vec::new(),
            answer: TokenAnswer::EXCHANGE,
        };
        request.authenticate(context, authentication);
        request
    }

    /// Returns the request that refreshes tokens, with the client's secret in the body.
    #[must_use]
    pub fn refresh(context: Context<'_>, refresh_token: &Secret<String>) -> Self {
        Self::refresh_with(context, refresh_token, Authentication::Post)
    }

    /// Returns the request that refreshes tokens.
    #[must_use]
    pub fn refresh_with(
        context: Context<'_>,
        refresh_token: &Secret<String>,
        authentication: Authentication,
    ) -> Self {
        let endpoint = context.endpoints.refresh.as_ref();
        let mut request = Self {
            endpoint: endpoint.unwrap_or(&context.endpoints.token).clone(),
            form: vec![
                ("grant_type", plain("refresh_token")),
                ("refresh_token", refresh_token.clone()),
            ],
            headers: Vec::new(),
            answer: TokenAnswer::REFRESH,
        };
        request.authenticate(context, authentication);
        request
    }

    /// Returns the request without this member of the form.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.form.retain(|(member, _)| *member != name);
        self
    }

    /// Returns the request with a member of the form before another one, or at the end if that is missing.
    #[must_use]
    pub fn with_before(mut self, before: &str, name: &'static str, value: &str) -> Self {
        let place = self.form.iter().position(|(member, _)| *member == before);
        let place = place.unwrap_or(self.form.len());
        self.form.insert(place, (name, plain(value)));
        self
    }

    /// Returns the request with a member at the end of the form.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        self.form.push((name, plain(value)));
        self
    }

    /// Returns the request with a header.
    #[must_use]
    pub fn with_header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, plain(value)));
        self
    }

    /// Returns the request with this way to read the answer.
    #[must_use]
    pub fn answered(self, answer: TokenAnswer) -> Self {
        Self { answer, ..self }
    }

    fn authenticate(&mut self, context: Context<'_>, authentication: Authentication) {
        let (id, secret) = (context.options.client_id(), &context.options.client_secret);
        match authentication {
            Authentication::Post => {
                self.form.push(("client_id", plain(id)));
                if let Some(secret) = secret {
                    self.form.push(("client_secret", secret.clone()));
                }
            }
            Authentication::Basic => {
                let secret = secret.as_ref().map_or("", |secret| secret.expose());
                let credentials = BASE64_STANDARD.encode(format!("{id}:{secret}"));
                self.headers
                    .push(("authorization", Secret::new(format!("Basic {credentials}"))));
            }
        }
    }
}

fn plain(text: &str) -> Secret<String> {
    Secret::new(text.to_owned())
}
