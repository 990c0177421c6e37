//! The issuers of a provider's id tokens.

use serde_json::{Map, Value};

use super::claims::text;

/// The part of an issuer that stands for the tenant.
const TENANT: &str = "{tid}";

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

/// Whether the text is only the name of a tenant, and not a part of a URL.
fn is_tenant(text: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    !text.is_empty() && text.bytes().all(is_allowed)
}
