//! Users of generic providers, read as Better Auth reads them.

use portcullis_application::ports::{ProviderError, ProviderTokens};
use portcullis_domain::{additional::is_truthy, social::UserInfo};
use serde_json::{Map, Value, json};

use super::{preset::UserRequest, settings::Settings};
use crate::{
    client::Client,
    profile::{access_token, claims, member, truthy},
};

/// The members of a user, in Better Auth's order.
const MEMBERS: [&str; 5] = ["id", "email", "emailVerified", "image", "name"];
/// The members that a mapping replaces only with a value that is not empty.
const REQUIRED: [&str; 3] = ["id", "email", "name"];

/// Returns the user. `None`: the provider reports nothing that can be used.
///
/// # Errors
///
/// If the provider rejects the access token or cannot be reached, or describes another user than the id token.
pub(super) async fn user_info(
    settings: &Settings,
    endpoint: &str,
    client: &Client,
    tokens: &ProviderTokens,
) -> Result<Option<UserInfo>, ProviderError> {
    let id_token = match &tokens.id_token {
        None => None,
        Some(_) => Some(claims(tokens).ok_or(ProviderError::Unusable("its id token is not a JWT"))?),
    };
    let request = settings.rules.request;
    let (data, profile) = match &id_token {
        Some(claims) if request == UserRequest::ClaimsOrAccessToken && is_complete(claims) => {
            (Some(from_claims(claims)), claims.clone())
        }
        Some(claims) if request == UserRequest::AnyClaimsOrAccessToken => {
            ((settings.rules.user)(claims), claims.clone())
        }
        _ if endpoint.is_empty() => return Ok(None),
        claims => {
            let profile = profile(request, endpoint, client, tokens).await?;
            check_subject(claims.as_ref(), &profile)?;
            ((settings.rules.user)(&profile), profile)
        }
    };
    Ok(data.map(|data| mapped(settings, data, &profile)))
}

async fn profile(
    request: UserRequest,
    endpoint: &str,
    client: &Client,
    tokens: &ProviderTokens,
) -> Result<Value, ProviderError> {
    let token = access_token(tokens)?;
    if request == UserRequest::TokenInPath {
        let token = percent_encoding::utf8_percent_encode(token, percent_encoding::NON_ALPHANUMERIC);
        return client.get_json(&format!("{endpoint}/{token}"), &[]).await;
    }
    let authorization = format!("Bearer {token}");
    client
        .get_json(endpoint, &[("authorization", &authorization)])
        .await
}

/// Checks that the profile is that of the id token's user (OpenID Connect Core 1.0, 5.3.2).
fn check_subject(claims: Option<&Value>, profile: &Value) -> Result<(), ProviderError> {
    let subject = claims.and_then(|claims| truthy(claims, "sub"));
    if subject.is_some() && subject.as_ref() != profile.get("sub") {
        return Err(ProviderError::Unusable(
            "the profile is not that of the id token's user",
        ));
    }
    Ok(())
}

/// Returns whether the id token describes the user, so that the profile need not be requested.
fn is_complete(claims: &Value) -> bool {
    truthy(claims, "sub").is_some() && truthy(claims, "email").is_some()
}

fn from_claims(claims: &Value) -> Map<String, Value> {
    let own = [
        ("id", member(claims, "sub")),
        ("emailVerified", member(claims, "email_verified")),
        ("image", member(claims, "picture")),
    ];
    spread(own, claims)
}

/// Returns the user in a profile of no known provider.
#[expect(
    clippy::unnecessary_wraps,
    reason = "the signature of all readers of profiles"
)]
pub(super) fn from_user_info(profile: &Value) -> Option<Map<String, Value>> {
    let own = [
        ("id", Some(present(profile, "sub").unwrap_or_else(|| json!("")))),
        (
            "emailVerified",
            Some(present(profile, "email_verified").unwrap_or_else(|| json!(false))),
        ),
        ("email", member(profile, "email")),
        ("image", member(profile, "picture")),
        ("name", member(profile, "name")),
    ];
    Some(spread(own, profile))
}

/// Returns these members, followed and replaced by those of the profile, as JavaScript's `{ ...own, ...profile }`.
fn spread<const N: usize>(own: [(&str, Option<Value>); N], profile: &Value) -> Map<String, Value> {
    let own = own
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)));
    let profile = profile.as_object().cloned().unwrap_or_default();
    own.chain(profile).collect()
}

/// Returns a member of a profile, unless it is missing or `null`: JavaScript's `profile.name ?? …`.
pub(super) fn present(profile: &Value, name: &str) -> Option<Value> {
    profile.get(name).filter(|value| !value.is_null()).cloned()
}

/// Returns the user in `data`, with the members that the deployment maps.
fn mapped(settings: &Settings, data: Map<String, Value>, profile: &Value) -> UserInfo {
    let members = MEMBERS.into_iter();
    let mut user: Map<_, _> = members
        .filter_map(|name| Some((name.to_owned(), data.get(name)?.clone())))
        .collect();
    let data = Value::from(data);
    for (name, path) in &settings.options.map_profile_to_user {
        let value = at(&data, path).or_else(|| at(profile, path));
        let value = value.filter(|value| !REQUIRED.contains(&name.as_str()) || is_truthy(value));
        user.extend(value.map(|value| (name.clone(), value)));
    }
    UserInfo { user, data }
}

/// Returns a member by its name, which may contain dots, or by its path.
fn at(data: &Value, path: &str) -> Option<Value> {
    data.get(path).cloned().or_else(|| member(data, path))
}
