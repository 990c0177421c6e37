//! Slack: <https://docs.slack.dev/authentication/sign-in-with-slack/>.

use portcullis_application::ports::{AuthorizationRequest, CodeExchange};
use portcullis_domain::social::UserInfo;
use serde_json::{Value, json};

use super::query::ordered;
use crate::{
    definition::{Context, Definition, Endpoints},
    flow::{AuthorizationParameters, TokenRequest},
    options::ProviderOptions,
    profile::{member, truthy, user_info},
};

const SCOPES: &[&str] = &["openid", "profile", "email"];
/// The order of the parameters in Better Auth.
const ORDER: &[&str] = &["scope", "response_type", "client_id", "redirect_uri", "state"];

pub(super) struct Slack;

impl Definition for Slack {
    fn id(&self) -> &'static str {
        "slack"
    }

    fn name(&self) -> &'static str {
        "Slack"
    }

    fn endpoints(&self, _options: &ProviderOptions) -> Endpoints {
        Endpoints {
            authorization: "https://slack.com/openid/connect/authorize".to_owned(),
            token: "https://slack.com/api/openid.connect.token".to_owned(),
            user_info: "https://slack.com/api/openid.connect.userInfo".to_owned(),
            ..Endpoints::default()
        }
    }

    fn authorization(
        &self,
        context: Context<'_>,
        request: &AuthorizationRequest<'_>,
    ) -> AuthorizationParameters {
        let options = context.options;
        let defaults = SCOPES.iter().filter(|_| !options.disable_default_scope);
        let scopes = defaults.map(|scope| (*scope).to_owned());
        let scopes = scopes.chain(request.scopes.unwrap_or_default().iter().cloned());
        let scopes = scopes.chain(options.scopes.iter().cloned()).collect();
        AuthorizationParameters::new(context, request, Some(scopes))
    }

    fn authorization_url(&self, context: Context<'_>, request: &AuthorizationRequest<'_>) -> String {
        ordered(self.authorization(context, request).url(), ORDER)
    }

    fn token_request(&self, context: Context<'_>, exchange: &CodeExchange<'_>) -> TokenRequest {
        TokenRequest::exchange(context, exchange).without("code_verifier")
    }

    fn user(&self, profile: Value) -> Option<UserInfo> {
        Some(user(profile))
    }
}

/// Returns the user of a profile.
fn user(profile: Value) -> UserInfo {
    let verified = member(&profile, "email_verified");
    let image =
        truthy(&profile, "picture").or_else(|| profile.get("https://slack.com/user_image_512").cloned());
    user_info(
        [
            ("id", profile.get("https://slack.com/user_id").cloned()),
            (
                "name",
                Some(truthy(&profile, "name").unwrap_or_else(|| json!(""))),
            ),
            ("email", member(&profile, "email")),
            (
                "emailVerified",
                verified.map(|value| json!(value == Value::Bool(true))),
            ),
            ("image", image),
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
            "ok": true,
            "sub": "U0R7JM",
            "https://slack.com/user_id": "U0R7JM",
            "https://slack.com/team_id": "T0R7GR",
            "email": "ada@example.com",
            "email_verified": true,
            "date_email_verified": 1_622_128_723,
            "name": "Ada",
            "https://slack.com/user_image_512": "https://secure.gravatar.com/avatar/a?s=512",
        });
        let info = user(profile.clone());
        assert_eq!(info.data, profile);
        assert_eq!(
            Value::from(info.user).to_string(),
            r#"{"id":"U0R7JM","name":"Ada","email":"ada@example.com","emailVerified":true,"image":"https://secure.gravatar.com/avatar/a?s=512"}"#
        );
    }

    #[test]
    fn an_error_has_no_id() {
        let info = user(json!({ "ok": false, "error": "invalid_auth" }));
        assert_eq!(Value::from(info.user.clone()), json!({ "name": "" }));
        assert!(info.profile().is_err());
    }
}
