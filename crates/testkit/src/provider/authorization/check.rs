//! The check of authorization requests.

use crate::{
    BASE_URL, CLIENT_ID,
    provider::{
        request::ReceivedRequest,
        state::{Grant, Shared},
    },
};

/// Length of a challenge (RFC 7636): the hash of 256 bits in base64url.
const CHALLENGE: usize = 43;

impl Shared {
    /// Checks an authorization request as the provider does.
    pub(super) fn check(&self, request: &ReceivedRequest) -> Result<Grant, String> {
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
