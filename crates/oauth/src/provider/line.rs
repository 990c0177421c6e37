//! LINE: <https://developers.line.biz/en/reference/line-login/>.

use async_trait::async_trait;
use portcullis_application::ports::{AuthorizationRequest, ProviderError, ProviderTokens};
use portcullis_domain::{secret::Secret, social::UserInfo};
use serde_json::{Value, json};

use crate::{
    definition::{Context, Definition, Endpoints},
    flow::AuthorizationParameters,
    id_token::{IdTokenRules, Issuers},
    options::ProviderOptions,
    profile::{claims, decoded, member, text, truthy, user_info},
};

const SCOPES: &[&str] = &["openid", "profile", "email"];
const API: &str = "https://api.line.me/oauth2/v2.1";

pub(super) struct Line;

#[async_trait]
impl Definition for Line {
    fn id(&self) -> &'static str {
        "line"
    }

    fn name(&self) -> &'static str {
        "LINE"
    }

    fn endpoints(&self, _options: &ProviderOptions) -> Endpoints {
        Endpoints {
            authorization: "https://access.line.me/oauth2/v2.1/authorize".to_owned(),
            token: format!("{API}/token"),
            user_info: format!("{API}/userinfo"),
            jwks: Some(format!("{API}/certs")),
            issuer: Some("https://access.line.me".to_owned()),
            ..Endpoints::default()
        }
    }

    fn authorization(
        &self,
        context: Context<'_>,
        request: &AuthorizationRequest<'_>,
    ) -> AuthorizationParameters {
        AuthorizationParameters {
            login_hint: request.login_hint.map(str::to_owned),
            ..AuthorizationParameters::with_scopes(context, request, SCOPES).with_pkce(request)
        }
    }

    async fn user_info(
        &self,
        context: Context<'_>,
        tokens: &ProviderTokens,
    ) -> Result<Option<UserInfo>, ProviderError> {
        if let Some(claims) = claims(tokens) {
            return Ok(Some(user(claims)));
        }
        let profile = context.profile(tokens).await?;
        Ok(Some(user(profile)))
    }

    fn id_token_rules(&self, context: Context<'_>) -> Option<IdTokenRules> {
        Some(IdTokenRules {
            jwks: context.endpoints.jwks.clone()?,
            issuers: Issuers::AnyOf(vec![context.endpoints.issuer.clone()?]),
            audiences: context.options.client_ids.clone(),
            max_age: None,
            may_omit_key_id: false,
        })
    }

    /// LINE signs the tokens of browsers with the channel's secret and those of applications with its keys, so it verifies
    /// both itself. A token with a nonce is accepted only with that nonce.
    async fn verify_id_token(
        &self,
        context: Context<'_>,
        token: &Secret<String>,
        nonce: Option<&str>,
    ) -> Result<bool, ProviderError> {
        let audience = decoded(token).and_then(|claims| text(&claims, "aud"));
        let client = audience.filter(|audience| context.options.client_ids.contains(audience));
        let Some(client) = client else {
            return Ok(false);
        };
        let mut form = vec![
            ("id_token", token.expose().as_str()),
            ("client_id", client.as_str()),
        ];
        form.extend(nonce.map(|nonce| ("nonce", nonce)));
        match context.client.post_form(&verification(context), &form, &[]).await {
            Ok(answer) => Ok(is_accepted(&answer, context.endpoints, &client, nonce)),
            Err(ProviderError::Rejected(_) | ProviderError::Unusable(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }
}

/// Returns the endpoint that verifies id tokens, which is beside the one that issues tokens.
fn verification(context: Context<'_>) -> String {
    let base = context.endpoints.token.strip_suffix("/token").unwrap_or(API);
    format!("{base}/verify")
}

fn is_accepted(answer: &Value, endpoints: &Endpoints, client: &str, nonce: Option<&str>) -> bool {
    let is_of_line = text(answer, "iss") == endpoints.issuer;
    let is_for_client = text(answer, "aud").as_deref() == Some(client);
    is_of_line && is_for_client && text(answer, "nonce").as_deref() == nonce
}

/// Returns the user. LINE does not report whether an address is verified.
fn user(profile: Value) -> UserInfo {
    let either = |first: &str, second: &str| truthy(&profile, first).or_else(|| member(&profile, second));
    let members = [
        ("id", either("sub", "userId")),
        ("name", either("name", "displayName")),
        ("email", member(&profile, "email")),
        (
            "image",
            truthy(&profile, "picture").or_else(|| truthy(&profile, "pictureUrl")),
        ),
        ("emailVerified", Some(json!(false))),
    ];
    user_info(members, profile)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_user_is_that_of_the_id_token() {
        let claims = json!({
            "iss": "https://access.line.me",
            "sub": "U1234567890abcdef1234567890abcdef",
            "aud": "1234567890",
            "exp": 1_504_169_092,
            "iat": 1_504_263_657,
            "amr": ["pwd"],
            "name": "Taro Line",
            "picture": "https://sample_line.me/aBcdefg123456",
            "email": "taro.line@example.com",
        });
        let info = user(claims.clone());
        let expected = json!({
            "id": "U1234567890abcdef1234567890abcdef",
            "name": "Taro Line",
            "email": "taro.line@example.com",
            "image": "https://sample_line.me/aBcdefg123456",
            "emailVerified": false,
        });
        assert_eq!(Value::from(info.user), expected);
        assert_eq!(info.data, claims);
    }

    #[test]
    fn the_user_of_the_profile_endpoint_is_understood_too() {
        let profile = json!({
            "userId": "U4af4980629",
            "displayName": "Brown",
            "pictureUrl": "https://profile.line-scdn.example/abcdef",
        });
        let expected = json!({
            "id": "U4af4980629",
            "name": "Brown",
            "image": "https://profile.line-scdn.example/abcdef",
            "emailVerified": false,
        });
        assert_eq!(Value::from(user(profile).user), expected);
    }

    #[test]
    fn the_answer_must_name_line_the_client_and_the_nonce() {
        let endpoints = Line.endpoints(&ProviderOptions::default());
        let answer = json!({ "iss": "https://access.line.me", "sub": "U1", "aud": "1", "nonce": "n" });
        assert!(is_accepted(&answer, &endpoints, "1", Some("n")));
        assert!(!is_accepted(&answer, &endpoints, "2", Some("n")));
        assert!(!is_accepted(&answer, &endpoints, "1", Some("m")));
        assert!(!is_accepted(&answer, &endpoints, "1", None));
        let foreign = json!({ "iss": "https://line.example", "sub": "U1", "aud": "1" });
        assert!(!is_accepted(&foreign, &endpoints, "1", None));
    }
}
