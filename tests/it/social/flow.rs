//! A sign-in with a provider, step by step.

use portcullis_testkit::{Answer, Caller, MockProvider, TestServer, percent_encoded};
use reqwest::Url;
use serde_json::{Value, json};

/// A browser that was sent to a provider.
pub(crate) struct Flow {
    pub(crate) browser: Caller,
    /// The URL to which the browser was sent.
    pub(crate) url: String,
}

impl Flow {
    /// Starts a sign-in in a new browser.
    pub(crate) async fn start(server: &TestServer, provider: &str) -> Self {
        let browser = server.anonymous();
        let url = Self::begin(&browser, provider).await;
        Self { browser, url }
    }

    /// Starts a sign-in in this browser, and returns the URL to which it is sent.
    pub(crate) async fn begin(browser: &Caller, provider: &str) -> String {
        Self::begin_with(browser, "/sign-in/social", &body(provider)).await
    }

    /// Starts a sign-in or a link with this body, and returns the URL to which the browser is sent.
    pub(crate) async fn begin_with(browser: &Caller, path: &str, body: &Value) -> String {
        let answer = browser.post(path, body).send().await;
        assert_eq!(answer.status, 200, "{answer}");
        assert_eq!(answer.json()["redirect"], true, "{answer}");
        answer.json()["url"].as_str().unwrap().to_owned()
    }

    /// The state that the provider received.
    pub(crate) fn state(&self) -> String {
        parameter(&self.url, "state")
    }

    /// Lets the user approve, and returns to the server.
    pub(crate) async fn finish(&self, mock: &MockProvider) -> Answer {
        open(&self.browser, &mock.authorize(&self.url)).await
    }
}

/// Signs a user in with a provider in a new browser.
pub(crate) async fn sign_in(server: &TestServer, mock: &MockProvider) -> (Caller, Answer) {
    let flow = Flow::start(server, mock.id()).await;
    let answer = flow.finish(mock).await;
    (flow.browser, answer)
}

/// The body of a sign-in with this provider.
pub(crate) fn body(provider: &str) -> Value {
    json!({
        "provider": provider,
        "callbackURL": "/done",
        "newUserCallbackURL": "/welcome",
        "errorCallbackURL": "/failed",
    })
}

/// Opens a URL of the server in a browser.
pub(crate) async fn open(browser: &Caller, url: &str) -> Answer {
    let url = Url::parse(url).unwrap();
    let query = url.query().unwrap_or_default();
    browser
        .call("GET", &format!("{}?{query}", url.path()))
        .send()
        .await
}

/// Returns a parameter of a URL, or an empty text.
pub(crate) fn parameter(url: &str, name: &str) -> String {
    let url = Url::parse(url).unwrap();
    let found = url.query_pairs().find(|(other, _)| other == name);
    found.map(|(_, value)| value.into_owned()).unwrap_or_default()
}

/// Returns the URL with another value of a parameter; `None` removes it.
pub(crate) fn with_parameter(url: &str, name: &str, value: Option<&str>) -> String {
    let mut url = Url::parse(url).unwrap();
    let mut pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    pairs.retain(|(other, _)| other != name);
    pairs.extend(value.map(|value| (name.to_owned(), value.to_owned())));
    let query = pairs
        .iter()
        .map(|(name, value)| format!("{name}={}", percent_encoded(value)));
    let query = query.collect::<Vec<_>>().join("&");
    url.set_query(Some(&query));
    url.into()
}

/// Returns the URL to which a redirect leads.
pub(crate) fn location(answer: &Answer) -> &str {
    assert_eq!(answer.status, 302, "{answer}");
    answer.header("location").unwrap_or_default()
}

/// Returns the error in the URL of a redirect, or an empty text.
pub(crate) fn error_of(answer: &Answer) -> String {
    let base = Url::parse("http://localhost:3000").unwrap();
    let url = base.join(location(answer)).unwrap();
    parameter(url.as_str(), "error")
}

/// Whether the browser has a session.
pub(crate) async fn is_signed_in(browser: &Caller) -> bool {
    let answer = browser.get("/get-session").send().await;
    assert_eq!(answer.status, 200, "{answer}");
    answer.body != "null"
}
