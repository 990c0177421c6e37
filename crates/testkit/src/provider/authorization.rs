//! The authorization endpoint: the page on which users consent.

use std::collections::BTreeMap;

use reqwest::Url;

use super::{
    fault::{Fault, FaultyEndpoint},
    request::{ReceivedRequest, Reply},
    state::{Grant, Shared},
};
use crate::{BASE_URL, CLIENT_ID};

/// Length of a challenge (RFC 7636): the hash of 256 bits in base64url.
const CHALLENGE: usize = 43;

impl Shared {
    /// Returns the page that asks for consent, or the redirect after the user's decision.
    pub(super) fn consent(&self, request: &ReceivedRequest) -> Reply {
        let decision = (request.method == "POST").then(|| request.member("decision"));
        let redirect = match decision {
            None => self.check(request).map(|_grant| None),
            Some("approve") => self.approve(request).map(Some),
            Some(_) => self.deny(request).map(Some),
        };
        match redirect {
            Err(objection) => Reply::new(400, "text/plain", objection),
            Ok(None) => Reply::html(page(&format!(
                r#"<form method="post" action="?{}"><h1>Sign in to the application?</h1>
<button name="decision" value="approve">Approve</button> <button name="decision" value="deny">Deny</button></form>"#,
                escaped(&request.raw_query)
            ))),
            Ok(Some(url)) if request.parameter("response_mode") == "form_post" => Reply::html(posting(&url)),
            Ok(Some(url)) => Reply::redirect(&url),
        }
    }

    /// Issues a code, and returns the URL to which the browser is redirected.
    pub(super) fn approve(&self, request: &ReceivedRequest) -> Result<String, String> {
        let grant = self.check(request)?;
        let id_token = self.id_token(&grant, &serde_json::Value::Null);
        let mut state = self.lock();
        let code = state.issue("code");
        state.codes.insert(code.clone(), Some(grant.clone()));
        drop(state);
        let mut parameters = vec![("code", code), ("state", grant.state.clone())];
        for (name, value) in self.callback() {
            let value = value
                .replace("{issuer}", &self.issuer())
                .replace("{id_token}", &id_token);
            parameters.push((name, value));
        }
        if self.faults(FaultyEndpoint::All).contains(&Fault::RepeatedCode) {
            parameters.push(("code", "another-code".to_owned()));
        }
        redirect(&grant, &parameters)
    }

    /// Returns the URL to which the browser is redirected when the user refuses.
    pub(super) fn deny(&self, request: &ReceivedRequest) -> Result<String, String> {
        let grant = self.check(request)?;
        let parameters = [
            ("error", "access_denied".to_owned()),
            ("error_description", "The user refused".to_owned()),
            ("state", grant.state.clone()),
        ];
        redirect(&grant, &parameters)
    }

    /// Checks an authorization request as the provider does.
    fn check(&self, request: &ReceivedRequest) -> Result<Grant, String> {
        let recorded = self.shape.authorization();
        let wanted = |name: &str| recorded.get(name).map_or("", String::as_str);
        for name in ["response_type", "response_mode"] {
            if request.parameter(name) != wanted(name) {
                return Err(format!("`{name}` is not \"{}\"", wanted(name)));
            }
        }
        let client = self.shape.client_parameter();
        if request.parameter(client) != CLIENT_ID {
            return Err(format!("`{client}` is not that of the client"));
        }
        let redirect_uri = request.parameter("redirect_uri");
        let (base, end) = (format!("{BASE_URL}/"), format!("/callback/{}", self.shape.id));
        if !redirect_uri.starts_with(&base) || !redirect_uri.ends_with(&end) {
            return Err(format!("`redirect_uri` is not registered: \"{redirect_uri}\""));
        }
        if request.parameter("state").is_empty() {
            return Err("there is no `state`".to_owned());
        }
        Ok(Grant {
            redirect_uri: redirect_uri.to_owned(),
            challenge: challenge(request, recorded.contains_key("code_challenge"))?,
            state: request.parameter("state").to_owned(),
            nonce: request.query.get("nonce").cloned(),
        })
    }

    /// Returns the parameters that only this provider adds to the redirect.
    fn callback(&self) -> impl Iterator<Item = (&str, &str)> {
        let callback = self
            .shape
            .value
            .get("callback")
            .and_then(serde_json::Value::as_object);
        callback
            .into_iter()
            .flatten()
            .filter_map(|(name, value)| Some((name.as_str(), value.as_str()?)))
    }
}

/// Returns the challenge of a request, which must be by S256.
fn challenge(request: &ReceivedRequest, is_required: bool) -> Result<Option<String>, String> {
    let Some(challenge) = request.query.get("code_challenge") else {
        return if is_required {
            Err("there is no `code_challenge`".to_owned())
        } else {
            Ok(None)
        };
    };
    if request.parameter("code_challenge_method") != "S256" || challenge.len() != CHALLENGE {
        return Err("`code_challenge` is not by S256".to_owned());
    }
    Ok(Some(challenge.clone()))
}

fn redirect(grant: &Grant, parameters: &[(&str, String)]) -> Result<String, String> {
    let url = Url::parse_with_params(&grant.redirect_uri, parameters);
    Ok(url.map_err(|error| error.to_string())?.into())
}

/// Returns a page that posts the parameters of a URL to it, as `response_mode=form_post` demands.
fn posting(url: &str) -> String {
    let (action, query) = url.split_once('?').unwrap_or((url, ""));
    let inputs: BTreeMap<_, _> = super::request::pairs(query);
    let input = |(name, value): (&String, &String)| {
        let (name, value) = (escaped(name), escaped(value));
        format!(r#"<input type="hidden" name="{name}" value="{value}">"#)
    };
    let inputs = inputs.iter().map(input).collect::<Vec<_>>().concat();
    page(&format!(
        r#"<form method="post" action="{}">{inputs}<button>Continue</button></form>
<script>document.forms[0].submit()</script>"#,
        escaped(action)
    ))
}

fn page(content: &str) -> String {
    format!("<!doctype html>\n<html lang=\"en\"><title>Provider</title>\n{content}\n</html>\n")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('"', "&quot;")
}
