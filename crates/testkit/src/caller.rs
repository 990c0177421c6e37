//! HTTP client that stores cookies as a browser does.

use std::{
    collections::BTreeMap,
    sync::{LazyLock, Mutex, PoisonError},
};

use reqwest::{Client, Method, redirect};
use serde_json::Value;

use crate::{Answer, BASE_URL, documented};

/// Shared by all callers, because creating a client takes longer than most requests. It pools no connections: another
/// test's runtime would have to drive them, and the server closes idle ones.
#[expect(clippy::expect_used, reason = "a test whose setup fails has failed")]
static CLIENT: LazyLock<Client> = LazyLock::new(|| {
    Client::builder()
        .redirect(redirect::Policy::none())
        .pool_max_idle_per_host(0)
        .build()
        .expect("the client can be created")
});

/// A client with a cookie jar.
pub struct Caller {
    client: Client,
    origin: String,
    jar: Mutex<BTreeMap<String, String>>,
}

/// A request under construction.
pub struct Call<'a> {
    caller: &'a Caller,
    method: Method,
    path: String,
    headers: Vec<(String, String)>,
    body: Option<String>,
}

impl Caller {
    /// Creates a client without cookies.
    #[must_use]
    pub fn new(origin: String) -> Self {
        Self {
            client: CLIENT.clone(),
            origin,
            jar: Mutex::default(),
        }
    }

    /// Builds a `GET` request below the base path.
    pub fn get(&self, path: &str) -> Call<'_> {
        self.call("GET", &format!("/api/auth{path}"))
    }

    /// Builds a `POST` request with a JSON body below the base path, from the deployment's own origin.
    pub fn post(&self, path: &str, body: &Value) -> Call<'_> {
        self.call("POST", &format!("/api/auth{path}"))
            .header("origin", BASE_URL)
            .body("application/json", body.to_string())
    }

    /// Builds a request with any method; `path` starts at the root.
    ///
    /// # Panics
    ///
    /// If `method` is not an HTTP method.
    #[expect(clippy::expect_used, reason = "a test whose setup fails has failed")]
    pub fn call(&self, method: &str, path: &str) -> Call<'_> {
        Call {
            caller: self,
            method: method.parse().expect("an HTTP method"),
            path: path.to_owned(),
            headers: Vec::new(),
            body: None,
        }
    }

    /// The cookies in the jar, as the value of a `Cookie` header.
    pub fn cookies(&self) -> String {
        let jar = self.jar.lock().unwrap_or_else(PoisonError::into_inner);
        jar.iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect::<Vec<_>>()
            .join("; ")
    }

    /// Adds a cookie to the jar, or replaces the one with this name.
    pub fn set_cookie(&self, name: &str, value: &str) {
        self.jar
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(name.to_owned(), value.to_owned());
    }

    fn keep(&self, answer: &Answer) {
        let mut jar = self.jar.lock().unwrap_or_else(PoisonError::into_inner);
        for line in answer.cookies() {
            let pair = line.split(';').next().unwrap_or_default();
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            if value.is_empty() || line.contains("Max-Age=0") {
                jar.remove(name);
            } else {
                jar.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

impl Call<'_> {
    /// Sets a header, replacing an earlier value.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|(header, _)| header != name);
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Removes a header.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(header, _)| header != name);
        self
    }

    /// Sets the body and its content type.
    #[must_use]
    pub fn body(mut self, content_type: &str, body: impl Into<String>) -> Self {
        self.body = Some(body.into());
        self.header("content-type", content_type)
    }

    /// Sends the request with the caller's cookies, and stores the cookies of the response.
    ///
    /// # Panics
    ///
    /// If there is no response, or if the response contains a password hash or is not documented.
    #[expect(clippy::expect_used, reason = "a test that gets no response has failed")]
    pub async fn send(self) -> Answer {
        let (method, path) = (self.method.to_string(), self.path.clone());
        let mut request = self
            .caller
            .client
            .request(self.method, format!("{}{}", self.caller.origin, self.path));
        let cookies = self.caller.cookies();
        if !cookies.is_empty() && !self.headers.iter().any(|(name, _)| name == "cookie") {
            request = request.header("cookie", cookies);
        }
        for (name, value) in self.headers {
            request = request.header(name, value);
        }
        if let Some(body) = self.body {
            request = request.body(body);
        }
        let response = request.send().await.expect("the server answers");
        let mut headers: Vec<_> = response
            .headers()
            .iter()
            .map(|(name, value)| {
                (
                    name.to_string(),
                    String::from_utf8_lossy(value.as_bytes()).into_owned(),
                )
            })
            .collect();
        // Stable sort: only the order of headers with the same name matters.
        headers.sort_by(|(first, _), (second, _)| first.cmp(second));
        let answer = Answer {
            status: response.status().as_u16(),
            headers,
            body: response.text().await.expect("the body is complete"),
        };
        assert!(
            !answer.holds_a_hash(),
            "the response contains a password hash: {answer}"
        );
        documented::check(&method, &path, &answer);
        self.caller.keep(&answer);
        answer
    }
}
