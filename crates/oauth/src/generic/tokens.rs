//! Requests for tokens, with the further members and headers that a deployment configures.

use portcullis_application::ports::{CodeExchange, ProviderError, ProviderTokens, Rejection};
use portcullis_domain::secret::Secret;
use serde_json::Map;

use super::settings::Settings;
use crate::{
    client::Client,
    definition::Context,
    flow::{TokenAnswer, TokenRequest},
    profile::truthy,
};

/// Exchanges a code for tokens.
///
/// # Errors
///
/// If the provider rejects the code or cannot be reached.
pub(super) async fn exchange(
    context: Context<'_>,
    settings: &Settings,
    exchange: &CodeExchange<'_>,
) -> Result<ProviderTokens, ProviderError> {
    let mut request = TokenRequest::exchange_with(context, exchange, settings.authentication());
    if !settings.options.pkce {
        request = request.without("code_verifier");
    }
    let (mut form, headers) = (exposed(&request.form), exposed(&request.headers));
    for (name, value) in exposed(&settings.options.token_url_params) {
        if !form.iter().any(|(existing, _)| *existing == name) {
            form.push((name, value));
        }
    }
    let further = exposed(&settings.options.authorization_headers).into_iter();
    let is_ours = |name: &str| headers.iter().any(|(own, _)| own.eq_ignore_ascii_case(name));
    let headers: Vec<_> = further
        .filter(|(name, _)| !is_ours(name))
        .chain(headers.clone())
        .collect();
    post(context.client, &request, &form, &headers).await
}

/// Gets new tokens with a refresh token.
///
/// # Errors
///
/// If the provider rejects the refresh token or cannot be reached.
pub(super) async fn refresh(
    context: Context<'_>,
    settings: &Settings,
    refresh_token: &Secret<String>,
) -> Result<ProviderTokens, ProviderError> {
    let request = TokenRequest::refresh_with(context, refresh_token, settings.authentication());
    context.client.tokens(&request).await
}

/// Posts a form. An answer with a member `error` is a rejection, also if its status is 200, as that of Slack.
async fn post(
    client: &Client,
    request: &TokenRequest,
    form: &[(&str, &str)],
    headers: &[(&str, &str)],
) -> Result<ProviderTokens, ProviderError> {
    let answer = client.post_token_form(&request.endpoint, form, headers).await?;
    if let Some(error) = truthy(&answer, "error") {
        return Err(ProviderError::Rejected(Rejection {
            status: 200,
            reason: "OK".to_owned(),
            error: Map::from_iter([("error".to_owned(), error)]),
        }));
    }
    Ok(TokenAnswer::EXCHANGE.read(answer, client.now()))
}

/// Returns names and values as texts.
pub(super) fn exposed<N: AsRef<str>>(pairs: &[(N, Secret<String>)]) -> Vec<(&str, &str)> {
    let pairs = pairs.iter();
    pairs
        .map(|(name, value)| (name.as_ref(), value.expose().as_str()))
        .collect()
}
