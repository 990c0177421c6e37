//! Reading of profiles: members of JSON, as JavaScript reads them.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use portcullis_application::ports::{ProviderError, ProviderTokens};
use portcullis_domain::{secret::Secret, social::UserInfo};
use serde_json::{Map, Value};

/// Returns a user with these members and the provider's answer. Members that are `None` are left out.
pub(crate) fn user_info<const N: usize>(members: [(&str, Option<Value>); N], data: Value) -> UserInfo {
    let user = members
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)));
    UserInfo {
        user: user.collect(),
        data,
    }
}

/// Returns a member by its path, with dots; `None` if it is missing. `null` is a value.
pub(crate) fn member(data: &Value, path: &str) -> Option<Value> {
    path.split('.')
        .try_fold(data, |value, name| match value {
            Value::Array(list) => list.get(name.parse::<usize>().ok()?),
            _ => value.get(name),
        })
        .cloned()
}

/// Returns a member by its path if JavaScript takes it for true: neither missing nor `null`, `false`, `0` or `""`.
pub(crate) fn truthy(data: &Value, path: &str) -> Option<Value> {
    member(data, path).filter(portcullis_domain::additional::is_truthy)
}

/// Returns a member by its path that is a text.
pub(crate) fn text(data: &Value, path: &str) -> Option<String> {
    member(data, path)?.as_str().map(str::to_owned)
}

/// Returns the claims of an id token that came from the provider's token endpoint over TLS, without verifying its
/// signature (OpenID Connect Core 1.0, 3.1.3.7, number 6). `None` if there is no id token, or it is not a JWT.
pub(crate) fn claims(tokens: &ProviderTokens) -> Option<Value> {
    decoded(tokens.id_token.as_ref()?)
}

/// Returns the claims of a JWT without verifying its signature.
pub(crate) fn decoded(token: &Secret<String>) -> Option<Value> {
    let mut parts = token.expose().split('.');
    let (_header, claims, _signature) = (parts.next()?, parts.next()?, parts.next()?);
    let claims = BASE64_URL_SAFE_NO_PAD.decode(claims).ok()?;
    let claims: Map<String, Value> = serde_json::from_slice(&claims).ok()?;
    parts.next().is_none().then(|| claims.into())
}

/// Returns the access token.
pub(crate) fn access_token(tokens: &ProviderTokens) -> Result<&str, ProviderError> {
    let token = tokens.access_token.as_ref();
    let token = token.ok_or(ProviderError::Unusable("it contains no access token"))?;
    Ok(token.expose())
}
