//! Authorization requests (RFC 6749, 4.1.1) with PKCE (RFC 7636).

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use portcullis_application::ports::AuthorizationRequest;
use portcullis_domain::secret::Secret;
use sha2::{Digest as _, Sha256};
use url::{Url, form_urlencoded::Serializer};

use crate::definition::Context;

/// The parameters that are sent even if they are empty, as in Better Auth.
const REQUIRED: [&str; 5] = ["response_type", "client_id", "state", "scope", "redirect_uri"];

/// The parameters of an authorization request. Those that are `None` are left out.
#[derive(Clone, Debug)]
pub struct AuthorizationParameters {
    /// The page to which the user is sent.
    pub endpoint: String,
    /// `response_type`.
    pub response_type: &'static str,
    /// `client_id`.
    pub client_id: String,
    /// `state`.
    pub state: String,
    /// `scope`. An empty list is an empty parameter, as in Better Auth.
    pub scopes: Option<Vec<String>>,
    /// What separates the scopes.
    pub scope_separator: &'static str,
    /// `redirect_uri`.
    pub redirect_uri: String,
    /// `duration`.
    pub duration: Option<String>,
    /// `display`.
    pub display: Option<String>,
    /// `login_hint`.
    pub login_hint: Option<String>,
    /// `prompt`.
    pub prompt: Option<String>,
    /// `hd`.
    pub hosted_domain: Option<String>,
    /// `access_type`.
    pub access_type: Option<String>,
    /// `response_mode`.
    pub response_mode: Option<String>,
    /// The code verifier, whose hash is sent. `None`: the provider does not take PKCE.
    pub code_verifier: Option<Secret<String>>,
    /// Parameters that only this provider has, at the end. One that is already in the URL is replaced.
    pub extra: Vec<(String, String)>,
}

impl AuthorizationParameters {
    /// Returns the parameters that all providers have, with these scopes and without PKCE.
    #[must_use]
    pub fn new(
        context: Context<'_>,
        request: &AuthorizationRequest<'_>,
        scopes: Option<Vec<String>>,
    ) -> Self {
        Self {
            endpoint: context.endpoints.authorization.clone(),
            response_type: "code",
            client_id: context.options.client_id().to_owned(),
            state: request.state.to_owned(),
            scopes,
            scope_separator: " ",
            redirect_uri: request.redirect_uri.to_owned(),
            duration: None,
            display: None,
            login_hint: None,
            prompt: None,
            hosted_domain: None,
            access_type: None,
            response_mode: None,
            code_verifier: None,
            extra: Vec::new(),
        }
    }

    /// As [`Self::new`], with the scopes in the common order ([`ProviderOptions::scopes`](crate::ProviderOptions::scopes)).
    #[must_use]
    pub fn with_scopes(context: Context<'_>, request: &AuthorizationRequest<'_>, defaults: &[&str]) -> Self {
        let scopes = context.options.scopes(defaults, request.scopes);
        Self::new(context, request, Some(scopes))
    }

    /// Adds PKCE with S256.
    #[must_use]
    pub fn with_pkce(self, request: &AuthorizationRequest<'_>) -> Self {
        Self {
            code_verifier: Some(request.code_verifier.clone()),
            ..self
        }
    }

    /// Returns the URL, with the parameters in Better Auth's order. Parameters of the endpoint itself stay before them.
    #[must_use]
    pub fn url(&self) -> String {
        let scope = self
            .scopes
            .as_ref()
            .map(|scopes| scopes.join(self.scope_separator));
        let challenge = self.code_verifier.as_ref().map(code_challenge);
        let method = challenge.as_ref().map(|_| "S256".to_owned());
        let parameters = [
            ("response_type", Some(self.response_type.to_owned())),
            ("client_id", Some(self.client_id.clone())),
            ("state", Some(self.state.clone())),
            ("scope", scope),
            ("redirect_uri", Some(self.redirect_uri.clone())),
            ("duration", self.duration.clone()),
            ("display", self.display.clone()),
            ("login_hint", self.login_hint.clone()),
            ("prompt", self.prompt.clone()),
            ("hd", self.hosted_domain.clone()),
            ("access_type", self.access_type.clone()),
            ("response_mode", self.response_mode.clone()),
            ("code_challenge_method", method),
            ("code_challenge", challenge),
        ];
        let own = parameters
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value?)))
            .filter(|(name, value)| !value.is_empty() || REQUIRED.contains(&name.as_str()));
        with_parameters(&self.endpoint, own.chain(self.extra.iter().cloned()))
    }
}

/// Returns the challenge of a code verifier for the method `S256` (RFC 7636, 4.2).
#[must_use]
pub fn code_challenge(verifier: &Secret<String>) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.expose()))
}

/// Returns the URL with these parameters, each like JavaScript's `searchParams.set`: a parameter that is there already gets
/// the new value.
fn with_parameters(endpoint: &str, parameters: impl Iterator<Item = (String, String)>) -> String {
    let Ok(mut url) = Url::parse(endpoint) else {
        return endpoint.to_owned();
    };
    let mut pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    for (name, value) in parameters {
        match pairs.iter_mut().find(|(existing, _)| *existing == name) {
            Some(pair) => pair.1 = value,
            None => pairs.push((name, value)),
        }
    }
    let query = Serializer::new(String::new()).extend_pairs(pairs).finish();
    url.set_query(Some(&query));
    url.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 7636, appendix B.
    #[test]
    fn the_challenge_is_that_of_the_rfc() {
        let verifier = Secret::new("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".to_owned());
        assert_eq!(
            code_challenge(&verifier),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
        );
    }

    #[test]
    fn a_parameter_of_the_endpoint_is_kept_or_replaced() {
        let parameters = [("a", "1 2"), ("b", "~*")].map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(
            with_parameters("https://op.example/auth?b=0&c=3", parameters.into_iter()),
            "https://op.example/auth?b=%7E*&c=3&a=1+2"
        );
    }
}
