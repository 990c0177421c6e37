//! The discovery document of a provider (OpenID Connect Discovery 1.0).

use portcullis_application::ports::ProviderError;
use serde_json::Value;
use url::Url;

use crate::{id_token::Issuers, profile::text};

/// The path of a discovery document below its issuer.
const WELL_KNOWN: &str = "/.well-known/openid-configuration";
/// What stands for the tenant in the issuer of Entra ID's common document.
const TENANT: &str = "{tenantid}";

/// The content of a discovery document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Document {
    /// The issuer. It may contain [`TENANT`].
    pub(super) issuer: String,
    /// The page to which the user is sent.
    pub(super) authorization: Option<String>,
    /// The endpoint that issues tokens.
    pub(super) token: Option<String>,
    /// The endpoint that describes the user.
    pub(super) user_info: Option<String>,
    /// The document with the provider's public keys.
    pub(super) jwks: Option<String>,
}

impl Document {
    /// Reads a document that came from this URL. `issuer` is the configured issuer.
    ///
    /// # Errors
    ///
    /// If it is another issuer's document, or names an endpoint without TLS.
    pub(super) fn read(document: &Value, url: &str, issuer: Option<&str>) -> Result<Self, ProviderError> {
        let own = text(document, "issuer").ok_or(ProviderError::Unusable("it names no issuer"))?;
        let is_expected = match issuer {
            Some(issuer) => own == issuer,
            None => is_issuer_of(&own, url),
        };
        if !is_expected {
            return Err(ProviderError::Unusable("it is the document of another issuer"));
        }
        let endpoint = |name: &str| endpoint(document, name, url);
        Ok(Self {
            issuer: own,
            authorization: endpoint("authorization_endpoint")?,
            token: endpoint("token_endpoint")?,
            user_info: endpoint("userinfo_endpoint")?,
            jwks: endpoint("jwks_uri")?,
        })
    }
}

/// Returns an endpoint. It needs TLS unless the document came without: the browser is sent to one of them, so the
/// guarded client cannot check them all.
fn endpoint(document: &Value, name: &str, url: &str) -> Result<Option<String>, ProviderError> {
    let Some(endpoint) = text(document, name).filter(|endpoint| !endpoint.is_empty()) else {
        return Ok(None);
    };
    let scheme = |url: &str| Url::parse(url).ok().map(|url| url.scheme().to_owned());
    match scheme(&endpoint).as_deref() {
        Some("https") => Ok(Some(endpoint)),
        Some("http") if scheme(url).as_deref() == Some("http") => Ok(Some(endpoint)),
        _ => Err(ProviderError::Unusable("it names an endpoint without TLS")),
    }
}

/// Returns the issuer whose document has this URL, without a slash at its end. `None`: the URL is not a well-known one.
pub(super) fn issuer_of(url: &str) -> Option<&str> {
    url.split(['?', '#']).next()?.strip_suffix(WELL_KNOWN)
}

/// Returns whether this issuer's document may have this URL. Only a well-known URL contains the issuer.
fn is_issuer_of(issuer: &str, url: &str) -> bool {
    let Some(expected) = issuer_of(url) else {
        return true;
    };
    let issuer = issuer.strip_suffix('/').unwrap_or(issuer);
    match issuer.split_once(TENANT) {
        None => issuer == expected,
        Some((before, after)) => expected
            .strip_prefix(before)
            .and_then(|rest| rest.strip_suffix(after))
            .is_some_and(|tenant| !tenant.is_empty() && !tenant.contains('/')),
    }
}

/// Returns the issuers that the id tokens of an issuer may name.
pub(super) fn issuers(issuer: &str) -> Issuers {
    Issuers::named(&issuer.replace(TENANT, "{tid}"))
}
