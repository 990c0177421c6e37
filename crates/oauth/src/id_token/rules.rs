//! Rules about the claims of id tokens (OpenID Connect Core 1.0, 3.1.3.7).

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Map, Value};

/// How much the clocks of a provider and of this server may differ.
const LEEWAY: TimeDelta = TimeDelta::seconds(60);

/// The part of an issuer that stands for the tenant.
const TENANT: &str = "{tid}";

/// The rules by which id tokens are accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdTokenRules {
    /// URL of the provider's public keys (RFC 7517).
    pub jwks: String,
    /// The issuers.
    pub issuers: Issuers,
    /// The client ids of the deployment. The token must be issued for one of them.
    pub audiences: Vec<String>,
    /// How long after its issue a token is accepted. `None`: until it expires.
    pub max_age: Option<TimeDelta>,
    /// Whether tokens may leave out `kid` if the provider has exactly one key of their algorithm (OpenID Connect Core 1.0,
    /// 10.1).
    pub may_omit_key_id: bool,
}

/// The issuers of a provider's id tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Issuers {
    /// One of these.
    AnyOf(Vec<String>),
    /// An issuer for each tenant: `{tid}` is replaced by the token's own claim `tid`.
    OfTenant(String),
}

impl Issuers {
    /// Returns the issuer with this name, or those of all tenants if it contains `{tid}`.
    #[must_use]
    pub(crate) fn named(issuer: &str) -> Self {
        if Self::is_template(issuer) {
            Self::OfTenant(issuer.to_owned())
        } else {
            Self::AnyOf(vec![issuer.to_owned()])
        }
    }

    /// Whether the text stands for the issuers of all tenants.
    pub(crate) fn is_template(issuer: &str) -> bool {
        issuer.contains(TENANT)
    }

    /// Returns whether the claim `iss` is one of these.
    pub(crate) fn is_of(&self, claims: &Map<String, Value>) -> bool {
        let Some(issuer) = text(claims, "iss") else {
            return false;
        };
        match self {
            Self::AnyOf(issuers) => issuers.iter().any(|allowed| allowed == issuer),
            Self::OfTenant(template) => text(claims, "tid")
                .filter(|tenant| is_tenant(tenant))
                .is_some_and(|tenant| template.replace(TENANT, tenant) == issuer),
        }
    }
}

impl IdTokenRules {
    /// Returns whether the claims of a token with a valid signature are accepted. A nonce in the token is compared only
    /// with a nonce that was given, as in Better Auth.
    pub(super) fn accept(
        &self,
        claims: &Map<String, Value>,
        nonce: Option<&str>,
        now: DateTime<Utc>,
    ) -> bool {
        self.issuers.is_of(claims)
            && is_for(claims, &self.audiences)
            && is_authorized(claims, &self.audiences)
            && is_unexpired(claims, now) == Some(true)
            && self.is_young(claims, now)
            && number(claims, "nbf").is_none_or(|start| start <= seconds(now + LEEWAY))
            && nonce.is_none_or(|nonce| text(claims, "nonce") == Some(nonce))
    }

    fn is_young(&self, claims: &Map<String, Value>, now: DateTime<Utc>) -> bool {
        let Some(max_age) = self.max_age else {
            return true;
        };
        number(claims, "iat").is_some_and(|issued| {
            issued >= seconds(now - max_age - LEEWAY) && issued <= seconds(now + LEEWAY)
        })
    }
}

/// Returns whether the claim `aud` contains one of these client ids.
pub(crate) fn is_for(claims: &Map<String, Value>, clients: &[String]) -> bool {
    match claims.get("aud") {
        Some(Value::String(audience)) => clients.contains(audience),
        Some(Value::Array(audiences)) => audiences
            .iter()
            .filter_map(Value::as_str)
            .any(|audience| clients.iter().any(|client| client == audience)),
        _ => false,
    }
}

/// Returns whether a token has not expired; `None` if it does not contain a time.
pub(crate) fn is_unexpired(claims: &Map<String, Value>, now: DateTime<Utc>) -> Option<bool> {
    number(claims, "exp").map(|end| end > seconds(now - LEEWAY))
}

/// Returns whether the token was issued to one of these clients: the claim `azp`. A token for several audiences must have
/// it.
fn is_authorized(claims: &Map<String, Value>, clients: &[String]) -> bool {
    match claims.get("azp") {
        Some(client) => client
            .as_str()
            .is_some_and(|client| clients.iter().any(|own| own == client)),
        None => !matches!(claims.get("aud"), Some(Value::Array(audiences)) if audiences.len() > 1),
    }
}

/// Whether the text is only the name of a tenant, and not a part of a URL.
fn is_tenant(text: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    !text.is_empty() && text.bytes().all(is_allowed)
}

fn text<'a>(claims: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    claims.get(name)?.as_str()
}

fn number(claims: &Map<String, Value>, name: &str) -> Option<f64> {
    claims.get(name)?.as_f64()
}

fn seconds(time: DateTime<Utc>) -> f64 {
    #[expect(
        clippy::cast_precision_loss,
        reason = "times of this era are far below 2^53 milliseconds"
    )]
    let milliseconds = time.timestamp_millis() as f64;
    milliseconds / 1000.0
}
