//! Somebody who talks to the server, and keeps its cookies as a browser does.

use std::{
    collections::BTreeMap,
    sync::{LazyLock, Mutex, PoisonError},
};

use reqwest::{Client, Method, redirect};
use serde_json::Value;

use crate::{Answer, BASE_URL};

/// One for all, since making it takes longer than most requests do. It keeps no connection, which another test's
/// runtime would have to drive, and which the server ends when nothing is asked on it.
#[expect(clippy::expect_used, reason = "a test that cannot prepare its world fails")]
static CLIENT: LazyLock<Client> = LazyLock::new(|| {
    Client::builder()
        .redirect(redirect::Policy::none())
        .pool_max_idle_per_host(0)
        .build()
        .expect("a client can be made")
});

/// A client with a jar of cookies.
pub struct Caller {
    client: Client,
    origin: String,
    jar: Mutex<BTreeMap<String, String>>,
}

/// A request that is being made up.
pub struct Call<'a> {
    caller: &'a Caller,
    method: Method,
    path: String,
    headers: Vec<(String, String)>,
    body: Option<String>,
}

impl Caller {
    /// A client without cookies.
    #[must_use]
    pub fn new(origin: String) -> Self {
        Self {
            client: CLIENT.clone(),
            origin,
            jar: Mutex::default(),
        }
    }

    /// `GET` below the base path.
    pub fn get(&self, path: &str) -> Call<'_> {
        self.call("GET", &format!("/api/auth{path}"))
    }

    /// `POST` of JSON below the base path, from a page of the deployment's own origin.
    pub fn post(&self, path: &str, body: &Value) -> Call<'_> {
        self.call("POST", &format!("/api/auth{path}"))
            .header("origin", BASE_URL)
            .body("application/json", body.to_string())
    }

    /// Any request, at a path from the root.
    ///
    /// # Panics
    ///
    /// Where the method is none.
    #[expect(clippy::expect_used, reason = "a test that cannot prepare its world fails")]
    pub fn call(&self, method: &str, path: &str) -> Call<'_> {
        Call {
            caller: self,
            method: method.parse().expect("a method of HTTP"),
            path: path.to_owned(),
            headers: Vec::new(),
            body: None,
        }
    }

    /// The jar, as it would stand in a `Cookie` header.
    pub fn cookies(&self) -> String {
        let jar = self.jar.lock().unwrap_or_else(PoisonError::into_inner);
        jar.iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect::<Vec<_>>()
            .join("; ")
    }

    /// Puts a cookie into the jar.
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
    /// Adds a header; one that stands already is replaced.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|(header, _)| header != name);
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Takes a header away.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(header, _)| header != name);
        self
    }

    /// Sends this body with this content type.
    #[must_use]
    pub fn body(mut self, content_type: &str, body: impl Into<String>) -> Self {
        self.body = Some(body.into());
        self.header("content-type", content_type)
    }

    /// Sends the request with the caller's cookies, and keeps those that come back.
    ///
    /// # Panics
    ///
    /// Where no answer comes, or one that holds a hash of a password.
    #[expect(clippy::expect_used, reason = "a test that gets no answer has failed")]
    pub async fn send(self) -> Answer {
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
        // Their order means nothing, but for lines of one name, which stay in theirs.
        headers.sort_by(|(one, _), (other, _)| one.cmp(other));
        let answer = Answer {
            status: response.status().as_u16(),
            headers,
            body: response.text().await.expect("the body comes whole"),
        };
        assert!(!answer.holds_a_hash(), "a hash leaves the server: {answer}");
        self.caller.keep(&answer);
        answer
    }
}
