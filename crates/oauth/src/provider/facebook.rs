//! Facebook: <https://developers.facebook.com/docs/facebook-login/guides/advanced/manual-flow>.

use async_trait::async_trait;
use portcullis_application::ports::{AuthorizationRequest, CodeExchange, ProviderError, ProviderTokens};
use portcullis_domain::social::UserInfo;
use serde_json::{Map, Value, json};

use super::query::encoded;
use crate::{
    definition::{Context, Definition, Endpoints, Extra, ExtraKind},
    flow::{AuthorizationParameters, TokenRequest},
    id_token::{IdTokenRules, Issuers},
    options::ProviderOptions,
    profile::{access_token, claims, member, user_info},
};

const SCOPES: &[&str] = &["email", "public_profile"];
const CONFIG_ID: &str = "config_id";
const FIELDS: &str = "fields";

pub(super) struct Facebook;

#[async_trait]
impl Definition for Facebook {
    fn id(&self) -> &'static str {
        "facebook"
    }

    fn name(&self) -> &'static str {
        "Facebook"
    }

    fn endpoints(&self, _options: &ProviderOptions) -> Endpoints {
        Endpoints {
            authorization: "https://www.facebook.com/v24.0/dialog/oauth".to_owned(),
            token: "https://graph.facebook.com/v24.0/oauth/access_token".to_owned(),
            user_info: "https://graph.facebook.com/me".to_owned(),
            jwks: Some("https://limited.facebook.com/.well-known/oauth/openid/jwks/".to_owned()),
            issuer: Some("https://www.facebook.com".to_owned()),
            ..Endpoints::default()
        }
    }

    fn extras(&self) -> &'static [Extra] {
        &[
            Extra {
                name: CONFIG_ID,
                kind: ExtraKind::Text,
                is_required: false,
                doc: "Request what this configuration of Facebook Login for Business contains.",
            },
            Extra {
                name: FIELDS,
                kind: ExtraKind::List,
                is_required: false,
                doc: "Fields of the profile to read in addition to `id`, `name`, `email` and `picture`.",
            },
        ]
    }

    fn authorization(
        &self,
        context: Context<'_>,
        request: &AuthorizationRequest<'_>,
    ) -> AuthorizationParameters {
        let configuration = context.options.extra(CONFIG_ID).filter(|id| !id.is_empty());
        let configuration = configuration.map(|id| (CONFIG_ID.to_owned(), id.to_owned()));
        AuthorizationParameters {
            login_hint: request.login_hint.map(str::to_owned),
            extra: configuration.into_iter().collect(),
            ..AuthorizationParameters::with_scopes(context, request, SCOPES)
        }
    }

    fn token_request(&self, context: Context<'_>, exchange: &CodeExchange<'_>) -> TokenRequest {
        TokenRequest::exchange(context, exchange).without("code_verifier")
    }

    async fn user_info(
        &self,
        context: Context<'_>,
        tokens: &ProviderTokens,
    ) -> Result<Option<UserInfo>, ProviderError> {
        if let Some(claims) = claims(tokens) {
            return Ok(Some(user_of_claims(claims)));
        }
        let bearer = format!("Bearer {}", access_token(tokens)?);
        let headers = [("authorization", bearer.as_str())];
        let fields = encoded(&fields(context.options));
        let endpoint = format!("{}?fields={fields}", context.endpoints.user_info);
        let profile = context.client.get_json(&endpoint, &headers).await?;
        Ok(Some(user(profile)))
    }

    /// Returns the rules for the id tokens of Limited Login. An access token that a client sends instead is rejected: it
    /// may have been issued to another application.
    fn id_token_rules(&self, context: Context<'_>) -> Option<IdTokenRules> {
        Some(IdTokenRules {
            jwks: context.endpoints.jwks.clone()?,
            issuers: Issuers::AnyOf(vec![context.endpoints.issuer.clone()?]),
            audiences: context.options.client_ids.clone(),
            max_age: None,
            may_omit_key_id: true,
        })
    }
}

fn fields(options: &ProviderOptions) -> String {
    let more = options.extra(FIELDS).unwrap_or_default().split(',');
    let more = more.map(str::trim).filter(|field| !field.is_empty());
    let fields = ["id", "name", "email", "picture"].into_iter().chain(more);
    fields.collect::<Vec<_>>().join(",")
}

/// Returns the user of an id token. It does not contain whether the address is verified, and the picture has the form of
/// the endpoint's answer, as in Better Auth.
fn user_of_claims(claims: Value) -> UserInfo {
    let mut picture = Map::new();
    picture.extend(member(&claims, "picture").map(|url| ("url".to_owned(), url)));
    picture.insert("height".to_owned(), json!(100));
    picture.insert("width".to_owned(), json!(100));
    picture.insert("is_silhouette".to_owned(), json!(false));
    user_info(
        [
            ("id", member(&claims, "sub")),
            ("name", member(&claims, "name")),
            ("email", member(&claims, "email")),
            ("picture", Some(json!({ "data": picture }))),
            ("emailVerified", Some(json!(false))),
        ],
        claims,
    )
}

fn user(profile: Value) -> UserInfo {
    user_info(
        [
            ("id", member(&profile, "id")),
            ("name", member(&profile, "name")),
            ("email", member(&profile, "email")),
            ("image", member(&profile, "picture.data.url")),
            ("emailVerified", member(&profile, "email_verified")),
        ],
        profile,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_user_of_the_endpoint_has_a_picture() {
        let profile = json!({
            "id": "10158265873421234",
            "name": "Ada Lovelace",
            "email": "ada@example.com",
            "picture": {
                "data": { "height": 50, "is_silhouette": false, "url": "https://platform.example/1", "width": 50 },
            },
        });
        let info = user(profile.clone());
        let expected = json!({
            "id": "10158265873421234",
            "name": "Ada Lovelace",
            "email": "ada@example.com",
            "image": "https://platform.example/1",
        });
        assert_eq!(Value::from(info.user), expected);
        assert_eq!(info.data, profile);
    }

    #[test]
    fn the_user_of_an_id_token_has_no_verified_address() {
        let claims = json!({
            "iss": "https://www.facebook.com",
            "aud": "427862538",
            "sub": "10158265873421234",
            "email": "ada@example.com",
            "email_verified": true,
            "name": "Ada Lovelace",
            "picture": "https://platform.example/1",
        });
        let info = user_of_claims(claims.clone());
        let picture = json!({
            "url": "https://platform.example/1",
            "height": 100,
            "width": 100,
            "is_silhouette": false,
        });
        let expected = json!({
            "id": "10158265873421234",
            "name": "Ada Lovelace",
            "email": "ada@example.com",
            "picture": { "data": picture },
            "emailVerified": false,
        });
        assert_eq!(Value::from(info.user), expected);
        assert_eq!(info.data, claims);
    }

    #[test]
    fn the_fields_of_the_options_follow_the_default_ones() {
        let mut options = ProviderOptions::default();
        assert_eq!(fields(&options), "id,name,email,picture");
        options
            .extra
            .insert(FIELDS.to_owned(), "birthday,link".to_owned());
        assert_eq!(fields(&options), "id,name,email,picture,birthday,link");
    }
}
