//! Vercel: <https://vercel.com/docs/sign-in-with-vercel>.

use portcullis_application::ports::AuthorizationRequest;
use portcullis_domain::{secret::Secret, social::UserInfo};
use serde_json::{Value, json};

use crate::{
    definition::{Context, Definition, Endpoints},
    flow::{AuthorizationParameters, TokenRequest},
    options::ProviderOptions,
    profile::{member, user_info},
};

pub(super) struct Vercel;

impl Definition for Vercel {
    fn id(&self) -> &'static str {
        "vercel"
    }

    fn name(&self) -> &'static str {
        "Vercel"
    }

    fn endpoints(&self, _options: &ProviderOptions) -> Endpoints {
        Endpoints {
            authorization: "https://vercel.com/oauth/authorize".to_owned(),
            token: "https://api.vercel.com/login/oauth/token".to_owned(),
            user_info: "https://api.vercel.com/login/oauth/userinfo".to_owned(),
            ..Endpoints::default()
        }
    }

    fn authorization(
        &self,
        context: Context<'_>,
        request: &AuthorizationRequest<'_>,
    ) -> AuthorizationParameters {
        let is_requested = request.scopes.is_some() || !context.options.scopes.is_empty();
        let scopes = is_requested.then(|| context.options.scopes(&[], request.scopes));
        AuthorizationParameters::new(context, request, scopes).with_pkce(request)
    }

    /// Better Auth does not refresh tokens of Vercel.
    fn refresh_request(
        &self,
        _context: Context<'_>,
        _refresh_token: &Secret<String>,
    ) -> Option<TokenRequest> {
        None
    }

    fn user(&self, profile: Value) -> Option<UserInfo> {
        Some(user(profile))
    }
}

/// Returns the user of a profile.
fn user(profile: Value) -> UserInfo {
    let is_verified = member(&profile, "email_verified") == Some(json!(true));
    let name = member(&profile, "name").filter(|name| !name.is_null());
    user_info(
        [
            ("id", member(&profile, "sub")),
            ("name", name.or_else(|| member(&profile, "preferred_username"))),
            ("email", member(&profile, "email")),
            ("image", member(&profile, "picture")),
            ("emailVerified", Some(json!(is_verified))),
        ],
        profile,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_user_is_the_profile() {
        let profile = json!({
            "sub": "345e869043f1e55f8bdc837c",
            "email": "ada@example.com",
            "email_verified": true,
            "name": null,
            "preferred_username": "ada",
            "picture": "https://api.vercel.com/www/avatar/00159aa4c88348dedd91a456b457d1baa48df6c7",
        });
        let info = user(profile.clone());
        assert_eq!(info.data, profile);
        assert_eq!(
            Value::from(info.user).to_string(),
            r#"{"id":"345e869043f1e55f8bdc837c","name":"ada","email":"ada@example.com","image":"https://api.vercel.com/www/avatar/00159aa4c88348dedd91a456b457d1baa48df6c7","emailVerified":true}"#
        );
    }

    #[test]
    fn an_empty_name_is_a_name() {
        let info = user(json!({ "sub": "1", "name": "", "email_verified": "true" }));
        assert_eq!(
            Value::from(info.user),
            json!({ "id": "1", "name": "", "emailVerified": false })
        );
    }
}
