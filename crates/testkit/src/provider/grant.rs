//! The token endpoint.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::{
    ClientAuthentication,
    fault::{Fault, FaultyEndpoint},
    reply::Reply,
    request::ReceivedRequest,
    shape::{filled, put},
    state::{Grant, Shared},
};
use crate::{CLIENT_ID, CLIENT_SECRET, basic};

/// An error of the token endpoint (RFC 6749, 5.2), with the reason in words.
struct Rejection(&'static str, &'static str);

impl Shared {
    /// Answers a request for tokens.
    pub(super) fn tokens(&self, request: &ReceivedRequest) -> Reply {
        let granted = match request.member("grant_type") {
            "authorization_code" => self.redeem(request),
            "refresh_token" => self.refresh(request),
            _ => Err(Rejection("unsupported_grant_type", "the grant type is not known")),
        };
        let faults = self.faults(FaultyEndpoint::Token);
        let granted = granted.and_then(|grant| {
            if faults.contains(&Fault::ErrorAnswer) {
                return Err(Rejection("invalid_grant", "the test demands it"));
            }
            Ok(grant)
        });
        match granted {
            Ok(grant) => Reply::json(200, &self.issue(&grant, &faults)),
            Err(Rejection(error, reason)) => {
                let status = if error == "invalid_client" { 401 } else { 400 };
                // Some providers report errors with the status of a success.
                let own = self.shape.value.get("error_status").and_then(Value::as_u64);
                let status = own.and_then(|own| own.try_into().ok()).unwrap_or(status);
                Reply::json(status, &json!({ "error": error, "error_description": reason }))
            }
        }
    }

    /// Exchanges a code, which is valid once.
    fn redeem(&self, request: &ReceivedRequest) -> Result<Grant, Rejection> {
        self.authenticate(request, "/exchange/authentication")?;
        let mut state = self.lock();
        let issued = state.codes.get_mut(request.member("code"));
        let grant = issued.ok_or(Rejection("invalid_grant", "the code is not known"))?;
        let grant = grant
            .take()
            .ok_or(Rejection("invalid_grant", "the code has been used"))?;
        drop(state);
        if grant.redirect_uri != request.member("redirect_uri") {
            return Err(Rejection(
                "invalid_grant",
                "the redirect URI is not that of the request",
            ));
        }
        let exchange = self.shape.exchange();
        if let Some(challenge) = &grant.challenge
            && exchange.contains_key("code_verifier")
            && *challenge != s256(request.member("code_verifier"))
        {
            return Err(Rejection(
                "invalid_grant",
                "the code verifier is not that of the challenge",
            ));
        }
        let device = exchange.get("device_id").map_or("", String::as_str);
        if device != request.member("device_id") {
            return Err(Rejection(
                "invalid_request",
                "the device is not that of the redirect",
            ));
        }
        Ok(grant)
    }

    /// Exchanges a refresh token, which is valid once.
    fn refresh(&self, request: &ReceivedRequest) -> Result<Grant, Rejection> {
        self.authenticate(request, "/refresh/authentication")?;
        let mut state = self.lock();
        state.refreshes += 1;
        let grant = state.refresh_tokens.remove(request.member("refresh_token"));
        let grant = grant.ok_or(Rejection("invalid_grant", "the refresh token is not valid"))?;
        Ok(Grant { nonce: None, ..grant })
    }

    /// Checks that the client authenticates itself as the provider demands, and in no other way.
    fn authenticate(&self, request: &ReceivedRequest, recorded: &str) -> Result<(), Rejection> {
        let demanded = self.lock().authentication.unwrap_or_else(|| {
            if self.shape.text(recorded) == "basic" {
                ClientAuthentication::Basic
            } else {
                ClientAuthentication::Post
            }
        });
        let header = request.header("authorization");
        let id = request.member(self.shape.client_parameter());
        let secret = request.form.get("client_secret").map(String::as_str);
        let is_authentic = match demanded {
            ClientAuthentication::Basic => header == basic(CLIENT_ID, CLIENT_SECRET) && secret.is_none(),
            ClientAuthentication::Post => {
                header.is_empty() && id == CLIENT_ID && secret == Some(CLIENT_SECRET)
            }
        };
        if is_authentic {
            Ok(())
        } else {
            Err(Rejection("invalid_client", "the client is not authentic"))
        }
    }

    /// Issues tokens, in the answer of the provider's documentation.
    fn issue(&self, grant: &Grant, faults: &[Fault]) -> Value {
        let template = self.shape.value.get("token").cloned().unwrap_or_default();
        let id_token = self.id_token(grant, &Value::Null);
        let mut state = self.lock();
        let (access, refresh) = (state.issue("access"), state.issue("refresh"));
        state.access_tokens.insert(access.clone());
        state.refresh_tokens.insert(refresh.clone(), grant.clone());
        drop(state);
        let mut answer = filled(&template, &|text| match text {
            "{access_token}" => access.clone(),
            "{refresh_token}" => refresh.clone(),
            "{id_token}" => id_token.clone(),
            "{state}" => grant.state.clone(),
            text => text.to_owned(),
        });
        for (fault, member) in [
            (Fault::NoIdToken, "/id_token"),
            (Fault::NoAccessToken, "/access_token"),
        ] {
            if faults.contains(&fault) {
                put(&mut answer, member, None);
            }
        }
        answer
    }
}

/// Returns the challenge of a verifier (RFC 7636, 4.2).
fn s256(verifier: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(verifier))
}
