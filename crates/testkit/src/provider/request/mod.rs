//! Requests that a provider receives.

mod read;

use std::collections::BTreeMap;

use reqwest::Url;

/// A request that a [`MockProvider`](crate::MockProvider) received.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReceivedRequest {
    /// The method, in upper case.
    pub method: String,
    /// The path, decoded.
    pub path: String,
    /// The parameters of the query, decoded.
    pub query: BTreeMap<String, String>,
    /// The query as it was sent.
    pub raw_query: String,
    /// The headers, with names in lower case.
    pub headers: BTreeMap<String, String>,
    /// The members of a form-encoded body, decoded; empty for other bodies.
    pub form: BTreeMap<String, String>,
    /// The body as it was sent.
    pub body: String,
}

impl ReceivedRequest {
    /// Returns the request with which a browser opens a URL.
    pub(super) fn of_browser(url: &str) -> Self {
        let path = Url::parse(url)
            .map(|url| url.path().to_owned())
            .unwrap_or_default();
        let query = url.split_once('?').map_or("", |(_, query)| query);
        Self {
            method: "GET".to_owned(),
            path: decoded(&path),
            query: pairs(query),
            raw_query: query.to_owned(),
            ..Self::default()
        }
    }

    /// Returns a header by its name in lower case, or an empty text.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    pub(super) fn member(&self, name: &str) -> &str {
        self.form.get(name).map_or("", String::as_str)
    }

    pub(super) fn parameter(&self, name: &str) -> &str {
        self.query.get(name).map_or("", String::as_str)
    }
}

/// Returns the decoded pairs of a query or of a form.
pub(super) fn pairs(text: &str) -> BTreeMap<String, String> {
    Url::parse(&format!("http://mock/?{text}"))
        .map(|url| url.query_pairs().into_owned().collect())
        .unwrap_or_default()
}

/// Returns the path without percent-encoding.
fn decoded(path: &str) -> String {
    let path = path.replace('+', "%2B").replace('&', "%26");
    pairs(&format!("path={path}")).remove("path").unwrap_or_default()
}
