//! Checks of the id token that comes with a code (OpenID Connect Core 1.0, 3.1.3.7).

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use portcullis_application::ports::{ProviderError, ProviderTokens};
use portcullis_domain::{jwt::Algorithm, secret::Secret};
use serde_json::Value;

use super::document::issuers;
use crate::{
    definition::Context,
    id_token::{IdTokenRules, is_for, is_unexpired},
    profile::{decoded, text},
};

const INVALID: ProviderError = ProviderError::Unusable("its id token is not valid");

/// Checks that the id token, if there is one, was issued for this deployment, by the provider if its issuer is known,
/// and has not expired. If the provider's keys are known, its signature is verified.
///
/// # Errors
///
/// If a check fails, or the provider's keys cannot be read.
pub(super) async fn check(context: Context<'_>, tokens: &ProviderTokens) -> Result<(), ProviderError> {
    let Some(token) = &tokens.id_token else {
        return Ok(());
    };
    let endpoints = context.endpoints;
    let is_valid = match (&endpoints.jwks, &endpoints.issuer) {
        (Some(jwks), Some(issuer)) if is_verifiable(token)? => {
            let rules = IdTokenRules {
                jwks: jwks.clone(),
                issuers: issuers(issuer),
                audiences: context.options.client_ids.clone(),
                max_age: None,
                may_omit_key_id: true,
            };
            context.id_tokens.verify(&rules, token, None).await?
        }
        _ => has_valid_claims(context, token),
    };
    if is_valid { Ok(()) } else { Err(INVALID) }
}

/// Returns whether the token's signature can be verified with public keys. Not if it has a MAC, or an algorithm that this
/// server does not support: the provider sent it over TLS, which is sufficient (3.1.3.7, number 6).
fn is_verifiable(token: &Secret<String>) -> Result<bool, ProviderError> {
    let header = token.expose().split('.').next().unwrap_or_default();
    let header = BASE64_URL_SAFE_NO_PAD.decode(header).map_err(|_| INVALID)?;
    let header: Value = serde_json::from_slice(&header).map_err(|_| INVALID)?;
    let algorithm = text(&header, "alg").ok_or(INVALID)?;
    if algorithm.eq_ignore_ascii_case("none") {
        return Err(INVALID);
    }
    Ok(Algorithm::from_name(&algorithm).is_some())
}

fn has_valid_claims(context: Context<'_>, token: &Secret<String>) -> bool {
    let Some(Value::Object(claims)) = decoded(token) else {
        return false;
    };
    let issuers = context.endpoints.issuer.as_deref().map(issuers);
    issuers.is_none_or(|issuers| issuers.is_of(&claims))
        && is_for(&claims, &context.options.client_ids)
        && is_unexpired(&claims, context.client.now()) == Some(true)
}
