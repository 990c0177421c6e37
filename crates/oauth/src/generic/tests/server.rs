//! A provider on this machine.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use portcullis_outbound::testing::{TestServer, json_response, response};
use serde_json::{Value, json};

type Answers = Arc<Mutex<HashMap<String, String>>>;

/// A provider that gives fixed answers.
pub(super) struct Server {
    /// Its URL, without a slash at the end.
    pub(super) url: String,
    pub(super) http: TestServer,
    answers: Answers,
}

impl Server {
    /// Starts a provider that has a discovery document, no keys, and no other answers.
    pub(super) async fn start() -> Self {
        let answers = Answers::default();
        let given = Arc::clone(&answers);
        let http = TestServer::start(move |request| {
            let answer = given.lock().unwrap().get(path(request)).cloned();
            answer.unwrap_or_else(|| response("404 Not Found", "application/json", "{}"))
        })
        .await;
        let url = http.url("");
        let server = Self { url, http, answers };
        server.set("/.well-known/openid-configuration", &server.document());
        server.set("/keys", &json!({ "keys": [] }));
        server
    }

    /// Returns the discovery document.
    pub(super) fn document(&self) -> Value {
        let url = &self.url;
        json!({
            "issuer": url,
            "authorization_endpoint": format!("{url}/auth"),
            "token_endpoint": format!("{url}/token"),
            "userinfo_endpoint": format!("{url}/userinfo"),
            "jwks_uri": format!("{url}/keys"),
        })
    }

    /// Returns the URL of the discovery document.
    pub(super) fn discovery_url(&self) -> String {
        self.http.url("/.well-known/openid-configuration")
    }

    /// Sets the answer to requests for a path.
    pub(super) fn set(&self, path: &str, answer: &Value) {
        let answer = json_response(answer);
        self.answers.lock().unwrap().insert(path.to_owned(), answer);
    }

    /// Never answers requests for a path.
    pub(super) fn hang(&self, path: &str) {
        self.answers
            .lock()
            .unwrap()
            .insert(path.to_owned(), String::new());
    }

    /// Removes the answer to requests for a path, which then have the status 404.
    pub(super) fn remove(&self, path: &str) {
        self.answers.lock().unwrap().remove(path);
    }

    /// Returns the requests for a path.
    pub(super) fn requests(&self, of: &str) -> Vec<String> {
        let mut requests = self.http.requests();
        requests.retain(|request| path(request) == of);
        requests
    }
}

fn path(request: &str) -> &str {
    request.split(' ').nth(1).unwrap()
}
