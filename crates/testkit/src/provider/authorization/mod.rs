//! The authorization endpoint: the page on which users consent.

mod check;
mod page;

use reqwest::Url;

use self::page::{escaped, page, posting};
use super::{
    fault::{Fault, FaultyEndpoint},
    reply::Reply,
    request::ReceivedRequest,
    state::{Grant, Shared},
};

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

fn redirect(grant: &Grant, parameters: &[(&str, String)]) -> Result<String, String> {
    let url = Url::parse_with_params(&grant.redirect_uri, parameters);
    Ok(url.map_err(|error| error.to_string())?.into())
}
