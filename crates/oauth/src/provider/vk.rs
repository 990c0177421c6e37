//! VK ID: <https://id.vk.com/about/business/go/docs/en/vkid/latest/vk-id/connection/api-description>.

use async_trait::async_trait;
use portcullis_application::ports::{AuthorizationRequest, CodeExchange, ProviderError, ProviderTokens};
use portcullis_domain::social::UserInfo;
use serde_json::{Value, json};

use crate::{
    definition::{Context, Definition, Endpoints, Extra, ExtraKind},
    flow::{AuthorizationParameters, TokenRequest},
    options::ProviderOptions,
    profile::{access_token, member, text, truthy, user_info},
};

const SCOPES: &[&str] = &["email", "phone"];

pub(super) struct Vk;

#[async_trait]
impl Definition for Vk {
    fn id(&self) -> &'static str {
        "vk"
    }

    fn name(&self) -> &'static str {
        "VK"
    }

    fn extras(&self) -> &'static [Extra] {
        &[Extra {
            name: "scheme",
            kind: ExtraKind::Choice(&["light", "dark"]),
            is_required: false,
            doc: "Colours of the page on which the user signs in. Not set: those of the user's system.",
        }]
    }

    fn endpoints(&self, _options: &ProviderOptions) -> Endpoints {
        Endpoints {
            authorization: "https://id.vk.com/authorize".to_owned(),
            token: "https://id.vk.com/oauth2/auth".to_owned(),
            user_info: "https://id.vk.com/oauth2/user_info".to_owned(),
            ..Endpoints::default()
        }
    }

    fn authorization(
        &self,
        context: Context<'_>,
        request: &AuthorizationRequest<'_>,
    ) -> AuthorizationParameters {
        let scheme = context.options.extra("scheme");
        let scheme = scheme.map(|scheme| ("scheme".to_owned(), scheme.to_owned()));
        AuthorizationParameters {
            extra: scheme.into_iter().collect(),
            ..AuthorizationParameters::with_scopes(context, request, SCOPES).with_pkce(request)
        }
    }

    fn token_request(&self, context: Context<'_>, exchange: &CodeExchange<'_>) -> TokenRequest {
        let request = TokenRequest::exchange(context, exchange);
        match exchange.device_id {
            Some(id) if !id.is_empty() => request.with_before("redirect_uri", "device_id", id),
            _ => request,
        }
    }

    async fn user_info(
        &self,
        context: Context<'_>,
        tokens: &ProviderTokens,
    ) -> Result<Option<UserInfo>, ProviderError> {
        let form = [
            ("access_token", access_token(tokens)?),
            ("client_id", context.options.client_id()),
        ];
        let profile = context
            .client
            .post_form(&context.endpoints.user_info, &form, &[])
            .await?;
        let mapped = context.options.map_profile_to_user.get("email");
        Ok(user(profile, mapped.map(String::as_str)))
    }
}

/// Returns the user of a profile, or `None` if it has no address, neither its own nor at the path from which the deployment
/// maps the address.
fn user(profile: Value, mapped: Option<&str>) -> Option<UserInfo> {
    truthy(&profile, "user.email").or_else(|| truthy(&profile, mapped?))?;
    let name = ["user.first_name", "user.last_name"].map(|path| text(&profile, path));
    let name: Vec<String> = name.into_iter().flatten().collect();
    Some(user_info(
        [
            ("id", member(&profile, "user.user_id")),
            ("first_name", member(&profile, "user.first_name")),
            ("last_name", member(&profile, "user.last_name")),
            ("email", member(&profile, "user.email")),
            ("image", member(&profile, "user.avatar")),
            ("emailVerified", Some(json!(false))),
            ("birthday", member(&profile, "user.birthday")),
            ("sex", member(&profile, "user.sex")),
            ("name", Some(json!(name.join(" ")))),
        ],
        profile,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile() -> Value {
        json!({
            "user": {
                "user_id": "1234567890",
                "first_name": "Ada",
                "last_name": "Lovelace",
                "phone": "79991234567",
                "avatar": "https://pp.userapi.com/60tZWMo4SmwcploUVl9XEt8ufnTTvDUmQ6Bj1g/mmv1pcj63C4.png",
                "email": "ada@example.com",
                "sex": 1,
                "verified": false,
                "birthday": "10.12.1815",
            },
        })
    }

    #[test]
    fn the_user_is_that_of_the_profile() {
        let info = user(profile(), None).unwrap();
        assert_eq!(info.data, profile());
        assert_eq!(
            Value::from(info.user).to_string(),
            r#"{"id":"1234567890","first_name":"Ada","last_name":"Lovelace","email":"ada@example.com","image":"https://pp.userapi.com/60tZWMo4SmwcploUVl9XEt8ufnTTvDUmQ6Bj1g/mmv1pcj63C4.png","emailVerified":false,"birthday":"10.12.1815","sex":1,"name":"Ada Lovelace"}"#
        );
    }

    #[test]
    fn a_user_needs_an_address_unless_it_is_mapped() {
        let profile = json!({ "user": { "user_id": "1", "phone": "79991234567", "email": "" } });
        assert_eq!(user(profile.clone(), None), None);
        assert_eq!(user(profile.clone(), Some("user.login")), None);
        assert!(user(profile, Some("user.phone")).is_some());
    }
}
