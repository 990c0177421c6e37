//! Notion: <https://developers.notion.com/docs/authorization>.

use async_trait::async_trait;
use portcullis_application::ports::{AuthorizationRequest, CodeExchange, ProviderError, ProviderTokens};
use portcullis_domain::social::UserInfo;
use serde_json::{Value, json};

use crate::{
    definition::{Authentication, Context, Definition, Endpoints},
    flow::{AuthorizationParameters, TokenRequest},
    options::ProviderOptions,
    profile::{access_token, member, truthy, user_info},
};

pub(super) struct Notion;

#[async_trait]
impl Definition for Notion {
    fn id(&self) -> &'static str {
        "notion"
    }

    fn name(&self) -> &'static str {
        "Notion"
    }

    fn endpoints(&self, _options: &ProviderOptions) -> Endpoints {
        Endpoints {
            authorization: "https://api.notion.com/v1/oauth/authorize".to_owned(),
            token: "https://api.notion.com/v1/oauth/token".to_owned(),
            user_info: "https://api.notion.com/v1/users/me".to_owned(),
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
            extra: vec![("owner".to_owned(), "user".to_owned())],
            ..AuthorizationParameters::with_scopes(context, request, &[])
        }
    }

    fn token_request(&self, context: Context<'_>, exchange: &CodeExchange<'_>) -> TokenRequest {
        TokenRequest::exchange_with(context, exchange, Authentication::Basic).without("code_verifier")
    }

    async fn user_info(
        &self,
        context: Context<'_>,
        tokens: &ProviderTokens,
    ) -> Result<Option<UserInfo>, ProviderError> {
        let bearer = format!("Bearer {}", access_token(tokens)?);
        let headers = [
            ("authorization", bearer.as_str()),
            ("notion-version", "2022-06-28"),
        ];
        let answer = context
            .client
            .get_json(&context.endpoints.user_info, &headers)
            .await?;
        Ok(user(&answer))
    }
}

/// Returns the user who authorized the bot that an answer describes.
fn user(answer: &Value) -> Option<UserInfo> {
    let profile = truthy(answer, "bot.owner.user")?;
    let name = truthy(&profile, "name").unwrap_or_else(|| json!("Notion User"));
    Some(user_info(
        [
            ("id", member(&profile, "id")),
            ("name", Some(name)),
            (
                "email",
                Some(truthy(&profile, "person.email").unwrap_or_default()),
            ),
            ("image", member(&profile, "avatar_url")),
            ("emailVerified", Some(json!(false))),
        ],
        profile,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_user_is_the_owner_of_the_bot() {
        let profile = json!({
            "object": "user",
            "id": "6794760a-1f15-45cd-9c65-0dfe42f5135a",
            "name": "Ada",
            "avatar_url": null,
            "type": "person",
            "person": { "email": "ada@example.com" },
        });
        let bot = json!({ "owner": { "type": "user", "user": profile } });
        let info = user(&json!({ "object": "user", "type": "bot", "bot": bot })).unwrap();
        assert_eq!(info.data, profile);
        assert_eq!(
            Value::from(info.user).to_string(),
            r#"{"id":"6794760a-1f15-45cd-9c65-0dfe42f5135a","name":"Ada","email":"ada@example.com","image":null,"emailVerified":false}"#
        );
    }

    #[test]
    fn a_user_may_have_neither_name_nor_address() {
        let info = user(&json!({ "bot": { "owner": { "user": { "id": "1", "name": "" } } } })).unwrap();
        assert_eq!(
            Value::from(info.user).to_string(),
            r#"{"id":"1","name":"Notion User","email":null,"emailVerified":false}"#
        );
    }

    #[test]
    fn a_bot_of_a_workspace_has_no_user() {
        assert_eq!(
            user(&json!({ "bot": { "owner": { "type": "workspace", "workspace": true } } })),
            None
        );
    }
}
