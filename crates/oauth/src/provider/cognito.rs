//! Amazon Cognito: <https://docs.aws.amazon.com/cognito/latest/developerguide/authorization-endpoint.html>.

use async_trait::async_trait;
use chrono::TimeDelta;
use portcullis_application::ports::{AuthorizationRequest, ProviderError, ProviderTokens};
use portcullis_domain::social::UserInfo;
use serde_json::Value;

use super::query::{encoded, with_encoded};
use crate::{
    definition::{Context, Definition, Endpoints, Extra, ExtraKind},
    flow::AuthorizationParameters,
    id_token::{IdTokenRules, Issuers},
    options::ProviderOptions,
    profile::{claims, member, truthy, user_info},
};

const SCOPES: &[&str] = &["openid", "profile", "email"];
const DOMAIN: &str = "domain";
const REGION: &str = "region";
const USER_POOL_ID: &str = "user_pool_id";

pub(super) struct Cognito;

#[async_trait]
impl Definition for Cognito {
    fn id(&self) -> &'static str {
        "cognito"
    }

    fn name(&self) -> &'static str {
        "Cognito"
    }

    fn endpoints(&self, options: &ProviderOptions) -> Endpoints {
        let domain = options.extra(DOMAIN).unwrap_or_default();
        let domain = domain.strip_prefix("https://").unwrap_or(domain);
        let domain = domain.strip_prefix("http://").unwrap_or(domain);
        let issuer = issuer(options);
        Endpoints {
            authorization: format!("https://{domain}/oauth2/authorize"),
            token: format!("https://{domain}/oauth2/token"),
            user_info: format!("https://{domain}/oauth2/userinfo"),
            jwks: Some(format!("{issuer}/.well-known/jwks.json")),
            issuer: Some(issuer),
            ..Endpoints::default()
        }
    }

    fn extras(&self) -> &'static [Extra] {
        const fn required(name: &'static str, doc: &'static str) -> Extra {
            Extra {
                name,
                kind: ExtraKind::Text,
                is_required: true,
                doc,
            }
        }
        const {
            &[
                required(
                    DOMAIN,
                    "Domain of the user pool, for example `app.auth.eu-west-1.amazoncognito.com`.",
                ),
                required(REGION, "AWS region of the user pool, for example `eu-west-1`."),
                required(
                    USER_POOL_ID,
                    "Id of the user pool, for example `eu-west-1_AbCdEfGhI`.",
                ),
            ]
        }
    }

    fn authorization(
        &self,
        context: Context<'_>,
        request: &AuthorizationRequest<'_>,
    ) -> AuthorizationParameters {
        AuthorizationParameters {
            prompt: context.options.prompt.clone(),
            ..AuthorizationParameters::with_scopes(context, request, SCOPES).with_pkce(request)
        }
    }

    /// Cognito does not decode `+` in scopes, so they are at the end with `%20`.
    fn authorization_url(&self, context: Context<'_>, request: &AuthorizationRequest<'_>) -> String {
        let mut parameters = self.authorization(context, request);
        let scopes = parameters.scopes.take().unwrap_or_default().join(" ");
        if scopes.is_empty() {
            parameters.scopes = Some(Vec::new());
            return parameters.url();
        }
        with_encoded(&parameters.url(), &[("scope", encoded(&scopes))])
    }

    async fn user_info(
        &self,
        context: Context<'_>,
        tokens: &ProviderTokens,
    ) -> Result<Option<UserInfo>, ProviderError> {
        if let Some(claims) = claims(tokens) {
            return Ok(Some(user_of_claims(claims)));
        }
        if tokens.access_token.is_none() {
            return Ok(None);
        }
        let profile = context.profile(tokens).await?;
        let name = name(&profile);
        Ok(Some(user(profile, name)))
    }

    fn id_token_rules(&self, context: Context<'_>) -> Option<IdTokenRules> {
        Some(IdTokenRules {
            jwks: context.endpoints.jwks.clone()?,
            issuers: Issuers::AnyOf(vec![context.endpoints.issuer.clone()?]),
            audiences: context.options.client_ids.clone(),
            max_age: Some(TimeDelta::hours(1)),
            may_omit_key_id: false,
        })
    }
}

fn issuer(options: &ProviderOptions) -> String {
    let region = options.extra(REGION).unwrap_or_default();
    let pool = options.extra(USER_POOL_ID).unwrap_or_default();
    format!("https://cognito-idp.{region}.amazonaws.com/{pool}")
}

fn name(profile: &Value) -> Option<Value> {
    let names = ["name", "given_name", "username"];
    names.iter().find_map(|name| truthy(profile, name))
}

fn user_of_claims(mut profile: Value) -> UserInfo {
    let name = name(&profile).or_else(|| member(&profile, "email"));
    if let (Some(name), Some(claims)) = (&name, profile.as_object_mut()) {
        claims.insert("name".to_owned(), name.clone());
    }
    user(profile, name)
}

fn user(profile: Value, name: Option<Value>) -> UserInfo {
    user_info(
        [
            ("id", member(&profile, "sub")),
            ("name", name),
            ("email", member(&profile, "email")),
            ("image", member(&profile, "picture")),
            ("emailVerified", member(&profile, "email_verified")),
        ],
        profile,
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_user_without_a_name_has_the_address_as_name() {
        let profile = json!({
            "sub": "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee",
            "email_verified": true,
            "iss": "https://cognito-idp.us-west-2.amazonaws.com/us-west-2_example",
            "cognito:username": "ada",
            "aud": "xxxxxxxxxxxxexample",
            "token_use": "id",
            "email": "ada@example.com",
        });
        let info = user_of_claims(profile.clone());
        let expected = json!({
            "id": "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee",
            "name": "ada@example.com",
            "email": "ada@example.com",
            "emailVerified": true,
        });
        assert_eq!(Value::from(info.user), expected);
        assert_eq!(info.data["name"], "ada@example.com");
    }

    /// The endpoint returns a text; an address is verified only by the JSON value `true`.
    #[test]
    fn the_answer_of_the_endpoint_verifies_no_address_with_a_text() {
        let profile = json!({
            "sub": "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee",
            "email_verified": "true",
            "given_name": "Ada",
            "email": "ada@example.com",
            "username": "ada",
            "picture": "https://example.com/ada.png",
        });
        let info = user(profile.clone(), name(&profile));
        assert_eq!(info.user["name"], "Ada");
        assert_eq!(info.user["image"], "https://example.com/ada.png");
        assert!(!info.profile().unwrap().email_verified);
        assert_eq!(info.data, profile);
    }
}
