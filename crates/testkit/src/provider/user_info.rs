//! The endpoints that describe the user.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde_json::{Value, json};

use super::{
    fault::FaultyEndpoint,
    reply::Reply,
    request::ReceivedRequest,
    shape::{filled, put},
    state::Shared,
};
use crate::{CLIENT_ID, base64url};

/// What the path of an endpoint contains if the access token is part of it.
const IN_PATH: &str = "{access_token}";

impl Shared {
    /// Whether this is the path of an endpoint that describes the user.
    pub(super) fn describes_user(&self, path: &str) -> bool {
        self.shape.answers().any(|answer| is_at(answer, path))
    }

    /// Answers a request for the user's profile.
    pub(super) fn user_info(&self, request: &ReceivedRequest) -> Reply {
        let mut answers = self.shape.answers().filter(|answer| is_at(answer, &request.path));
        let Some(answer) = answers.find(|answer| is_expected(answer, request)) else {
            return Reply::json(
                400,
                &json!({ "error": "the request is not that of the documentation" }),
            );
        };
        let token = access_token(answer, request);
        if !self.lock().access_tokens.contains(&token) {
            return Reply::json(401, &json!({ "error": "invalid_token" }));
        }
        if let Some(bytes) = answer.get("bytes").and_then(Value::as_str) {
            let bytes = BASE64_STANDARD.decode(bytes).unwrap_or_default();
            return Reply::new(200, text(answer, "type"), bytes);
        }
        let profile = answer.get("answer").cloned().unwrap_or_default();
        let mut profile = filled(&profile, &|text| text.replace(IN_PATH, &token));
        let members = answer.get("members").cloned().unwrap_or_default();
        self.change(&mut profile, &members, FaultyEndpoint::UserInfo);
        for (path, pointer, value) in &self.lock().edits {
            if *path == request.path {
                put(&mut profile, pointer, value.clone());
            }
        }
        Reply::json(200, &profile)
    }

    /// Answers a request for the verification of an id token, as LINE does it.
    pub(super) fn verify(&self, request: &ReceivedRequest) -> Reply {
        let token = request.member("id_token");
        let is_own = self.lock().id_tokens.contains(token) && request.member("client_id") == CLIENT_ID;
        let claims = token.split('.').nth(1).filter(|_claims| is_own);
        let claims: Option<Value> = claims.and_then(|claims| serde_json::from_slice(&base64url(claims)).ok());
        let nonce = request.form.get("nonce").map(String::as_str);
        match claims {
            Some(claims) if nonce.is_none_or(|nonce| text(&claims, "nonce") == nonce) => {
                Reply::json(200, &claims)
            }
            _ => {
                let error = json!({ "error": "invalid_request", "error_description": "Invalid IdToken." });
                Reply::json(400, &error)
            }
        }
    }
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn is_at(answer: &Value, path: &str) -> bool {
    match text(answer, "path").split_once(IN_PATH) {
        Some((start, _)) => path.len() > start.len() && path.starts_with(start),
        None => text(answer, "path") == path,
    }
}

/// Whether the request has the method, the parameters and the headers of the documentation.
fn is_expected(answer: &Value, request: &ReceivedRequest) -> bool {
    let members = |name: &str| answer.get(name).and_then(Value::as_object).into_iter().flatten();
    text(answer, "method") == request.method
        && members("query").all(|(name, value)| value.as_str() == Some(request.parameter(name)))
        && members("headers").all(|(name, value)| value.as_str() == Some(request.header(name)))
        && request.body.contains(text(answer, "contains"))
}

/// Returns the access token of a request.
fn access_token(answer: &Value, request: &ReceivedRequest) -> String {
    let token = match text(answer, "token_in") {
        "form" => request.member("access_token"),
        "path" => request.path.rsplit('/').next().unwrap_or_default(),
        _ => request
            .header("authorization")
            .strip_prefix("Bearer ")
            .unwrap_or_default(),
    };
    token.to_owned()
}
