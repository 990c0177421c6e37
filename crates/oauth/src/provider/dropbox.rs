//! Dropbox: <https://www.dropbox.com/developers/documentation/http/documentation#oauth2-authorize>.

use async_trait::async_trait;
use portcullis_application::ports::{AuthorizationRequest, ProviderError, ProviderTokens};
use portcullis_domain::social::UserInfo;
use serde_json::{Value, json};

use crate::{
    definition::{Context, Definition, Endpoints},
    flow::AuthorizationParameters,
    options::ProviderOptions,
    profile::{access_token, member, truthy, user_info},
};

const SCOPES: &[&str] = &["account_info.read"];

pub(super) struct Dropbox;

#[async_trait]
impl Definition for Dropbox {
    fn id(&self) -> &'static str {
        "dropbox"
    }

    fn name(&self) -> &'static str {
        "Dropbox"
    }

    fn endpoints(&self, _options: &ProviderOptions) -> Endpoints {
        Endpoints {
            authorization: "https://www.dropbox.com/oauth2/authorize".to_owned(),
            token: "https://api.dropboxapi.com/oauth2/token".to_owned(),
            refresh: Some("https://api.dropbox.com/oauth2/token".to_owned()),
            user_info: "https://api.dropboxapi.com/2/users/get_current_account".to_owned(),
            ..Endpoints::default()
        }
    }

    fn authorization(
        &self,
        context: Context<'_>,
        request: &AuthorizationRequest<'_>,
    ) -> AuthorizationParameters {
        let access_type = context.options.access_type.iter();
        AuthorizationParameters {
            extra: access_type
                .map(|value| ("token_access_type".to_owned(), value.clone()))
                .collect(),
            ..AuthorizationParameters::with_scopes(context, request, SCOPES).with_pkce(request)
        }
    }

    async fn user_info(
        &self,
        context: Context<'_>,
        tokens: &ProviderTokens,
    ) -> Result<Option<UserInfo>, ProviderError> {
        let bearer = format!("Bearer {}", access_token(tokens)?);
        let headers = [("authorization", bearer.as_str())];
        let endpoint = &context.endpoints.user_info;
        let profile = context.client.post_json(endpoint, None, &headers).await?;
        Ok(Some(user(profile)))
    }
}

fn user(profile: Value) -> UserInfo {
    user_info(
        [
            ("id", member(&profile, "account_id")),
            ("name", member(&profile, "name.display_name")),
            ("email", member(&profile, "email")),
            (
                "emailVerified",
                truthy(&profile, "email_verified").or(Some(json!(false))),
            ),
            ("image", member(&profile, "profile_photo_url")),
        ],
        profile,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_is_the_name_that_dropbox_shows() {
        let profile = json!({
            "account_id": "dbid:AAH4f99T0taONIb-OurWxbNQ6ywGRopQngc",
            "name": {
                "given_name": "Ada",
                "surname": "Lovelace",
                "familiar_name": "Ada",
                "display_name": "Ada Lovelace (Personal)",
                "abbreviated_name": "AL",
            },
            "email": "ada@example.com",
            "email_verified": true,
            "disabled": false,
            "country": "GB",
        });
        let info = user(profile.clone());
        let expected = json!({
            "id": "dbid:AAH4f99T0taONIb-OurWxbNQ6ywGRopQngc",
            "name": "Ada Lovelace (Personal)",
            "email": "ada@example.com",
            "emailVerified": true,
        });
        assert_eq!(Value::from(info.user), expected);
        assert_eq!(info.data, profile);
    }

    #[test]
    fn an_address_without_a_verification_status_is_not_verified() {
        let info = user(json!({ "account_id": "dbid:A", "email": "ada@example.com" }));
        let expected = json!({ "id": "dbid:A", "email": "ada@example.com", "emailVerified": false });
        assert_eq!(Value::from(info.user), expected);
    }
}
