//! Paybin, an OpenID Connect provider: <https://paybin.io>.

use async_trait::async_trait;
use portcullis_application::ports::{AuthorizationRequest, ProviderError, ProviderTokens};
use portcullis_domain::social::UserInfo;
use serde_json::{Value, json};

use crate::{
    definition::{Context, Definition, Endpoints, Extra, ExtraKind},
    flow::AuthorizationParameters,
    options::ProviderOptions,
    profile::{claims, member, text, truthy, user_info},
};

const SCOPES: &[&str] = &["openid", "email", "profile"];

pub(super) struct Paybin;

#[async_trait]
impl Definition for Paybin {
    fn id(&self) -> &'static str {
        "paybin"
    }

    fn name(&self) -> &'static str {
        "Paybin"
    }

    fn extras(&self) -> &'static [Extra] {
        &[Extra {
            name: "issuer",
            kind: ExtraKind::Text,
            is_required: false,
            doc: "URL of the Paybin server. Not set: `https://idp.paybin.io`.",
        }]
    }

    fn endpoints(&self, options: &ProviderOptions) -> Endpoints {
        let issuer = options.extra("issuer").filter(|issuer| !issuer.is_empty());
        let issuer = issuer.unwrap_or("https://idp.paybin.io");
        Endpoints {
            authorization: format!("{issuer}/oauth2/authorize"),
            token: format!("{issuer}/oauth2/token"),
            ..Endpoints::default()
        }
    }

    fn authorization(
        &self,
        context: Context<'_>,
        request: &AuthorizationRequest<'_>,
    ) -> AuthorizationParameters {
        AuthorizationParameters {
            prompt: context.options.prompt.clone(),
            login_hint: request.login_hint.map(str::to_owned),
            ..AuthorizationParameters::with_scopes(context, request, SCOPES).with_pkce(request)
        }
    }

    /// The id token contains everything; there is no endpoint that describes users.
    async fn user_info(
        &self,
        _context: Context<'_>,
        tokens: &ProviderTokens,
    ) -> Result<Option<UserInfo>, ProviderError> {
        Ok(claims(tokens).map(user))
    }
}

/// Returns the user of the claims of an id token.
fn user(claims: Value) -> UserInfo {
    let is_verified = member(&claims, "email_verified") == Some(json!(true));
    user_info(
        [
            ("id", member(&claims, "sub")),
            ("name", Some(name(&claims))),
            ("email", member(&claims, "email")),
            ("image", member(&claims, "picture")),
            ("emailVerified", Some(json!(is_verified))),
        ],
        claims,
    )
}

/// Returns the name, or another text that names the user.
fn name(claims: &Value) -> Value {
    let name = truthy(claims, "name").or_else(|| truthy(claims, "preferred_username"));
    name.unwrap_or_else(|| {
        let email = text(claims, "email").unwrap_or_default();
        let local = email.split('@').next().filter(|local| !local.is_empty());
        json!(local.unwrap_or("User"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_user_is_that_of_the_id_token() {
        let claims = json!({
            "sub": "17",
            "email": "ada@example.com",
            "email_verified": true,
            "preferred_username": "ada",
            "picture": "https://idp.paybin.io/ada.png",
        });
        let info = user(claims.clone());
        assert_eq!(info.data, claims);
        assert_eq!(
            Value::from(info.user).to_string(),
            r#"{"id":"17","name":"ada","email":"ada@example.com","image":"https://idp.paybin.io/ada.png","emailVerified":true}"#
        );
    }

    #[test]
    fn a_user_without_a_name_is_named_by_the_address() {
        for (claims, name) in [
            (json!({ "name": "Ada", "preferred_username": "ada" }), "Ada"),
            (json!({ "name": "", "email": "ada@example.com" }), "ada"),
            (json!({ "email": "@example.com" }), "User"),
            (json!({}), "User"),
        ] {
            assert_eq!(super::name(&claims), json!(name));
        }
    }

    #[test]
    fn a_text_does_not_verify_an_address() {
        let info = user(json!({ "sub": "17", "email_verified": "true" }));
        assert_eq!(
            Value::from(info.user),
            json!({ "id": "17", "name": "User", "emailVerified": false })
        );
    }
}
