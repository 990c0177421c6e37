//! Location of the server's keys.

use reqwest::Url;
use serde::Deserialize;

use crate::{
    Unavailable,
    http_client::{Answer, HttpClient, json, send},
};

/// The URL of the keys, or of the document that names it.
#[derive(Debug)]
pub(crate) enum Location {
    Jwks(Url),
    /// Discovery by the issuer: the document is read again with each fetch of the keys, so that it may change.
    Discovery {
        issuer: String,
        document: Url,
    },
}

#[derive(Deserialize)]
struct Document {
    issuer: String,
    jwks_uri: Option<String>,
}

impl Location {
    /// Fetches the keys.
    pub(super) async fn fetch(&self, http: &HttpClient) -> Result<Answer, Unavailable> {
        match self {
            Self::Jwks(url) => send(http.get(url)).await,
            Self::Discovery { issuer, document } => {
                let answer = send(http.get(document)).await?;
                let url = keys_of(&json(&answer.body)?, issuer, document)?;
                send(http.get(&url)).await
            }
        }
    }
}

/// Returns the URL of the keys, if the document belongs to the issuer.
fn keys_of(found: &Document, issuer: &str, document: &Url) -> Result<Url, Unavailable> {
    if found.issuer != issuer {
        return Err(Unavailable::Invalid(format!(
            "the discovery document's issuer is {:?}, not {issuer:?}; configure the issuer exactly as the document names it",
            found.issuer
        )));
    }
    let url = found.jwks_uri.as_deref().and_then(|url| Url::parse(url).ok());
    let has_http = document.scheme() == "http";
    url.filter(|url| url.scheme() == "https" || (url.scheme() == "http" && has_http))
        .ok_or_else(|| Unavailable::Invalid("the discovery document has no `jwks_uri` of https".to_owned()))
}
