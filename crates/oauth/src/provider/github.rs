//! GitHub: <https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps>.

use async_trait::async_trait;
use portcullis_application::ports::{AuthorizationRequest, ProviderError, ProviderTokens};
use portcullis_domain::social::UserInfo;
use serde_json::{Value, json};

use crate::{
    definition::{Context, Definition, Endpoints},
    flow::AuthorizationParameters,
    options::ProviderOptions,
    profile::{access_token, member, text, truthy, user_info},
};

const SCOPES: &[&str] = &["read:user", "user:email"];

pub(super) struct GitHub;

#[async_trait]
impl Definition for GitHub {
    fn id(&self) -> &'static str {
        "github"
    }

    fn name(&self) -> &'static str {
        "GitHub"
    }

    fn endpoints(&self, _options: &ProviderOptions) -> Endpoints {
        Endpoints {
            authorization: "https://github.com/login/oauth/authorize".to_owned(),
            token: "https://github.com/login/oauth/access_token".to_owned(),
            user_info: "https://api.github.com/user".to_owned(),
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

    /// The address is that of the profile, or the primary one. It is verified if GitHub's list of addresses states
    /// that.
    async fn user_info(
        &self,
        context: Context<'_>,
        tokens: &ProviderTokens,
    ) -> Result<Option<UserInfo>, ProviderError> {
        let bearer = format!("Bearer {}", access_token(tokens)?);
        let headers = [("authorization", bearer.as_str()), ("user-agent", "better-auth")];
        let endpoint = &context.endpoints.user_info;
        let profile = context.client.get_json(endpoint, &headers).await?;
        let emails = context
            .client
            .get_json(&format!("{endpoint}/emails"), &headers)
            .await;
        Ok(Some(user(profile, emails.ok().as_ref())))
    }
}

/// Returns the user. `emails` is the list of the user's addresses, if GitHub returned it.
fn user(mut profile: Value, emails: Option<&Value>) -> UserInfo {
    let emails = emails.and_then(Value::as_array);
    let has_address = truthy(&profile, "email").is_some();
    if let (false, Some(emails), Some(members)) = (has_address, emails, profile.as_object_mut()) {
        match preferred(emails) {
            Some(email) => members.insert("email".to_owned(), email),
            None => members.shift_remove("email"),
        };
    }
    let email = text(&profile, "email").unwrap_or_default();
    let is_verified = emails.is_some_and(|emails| is_verified(emails, &email));
    user_info(
        [
            ("id", member(&profile, "id")),
            (
                "name",
                truthy(&profile, "name").or_else(|| member(&profile, "login")),
            ),
            ("email", member(&profile, "email")),
            ("image", member(&profile, "avatar_url")),
            ("emailVerified", Some(json!(is_verified))),
        ],
        profile,
    )
}

/// Returns the primary address, or the first one.
fn preferred(emails: &[Value]) -> Option<Value> {
    let primary = emails
        .iter()
        .find(|entry| entry.get("primary") == Some(&json!(true)));
    primary.or_else(|| emails.first())?.get("email").cloned()
}

/// Whether GitHub has verified that this address is the user's.
fn is_verified(emails: &[Value], email: &str) -> bool {
    let is_entry = |entry: &&Value| entry.get("email").and_then(Value::as_str) == Some(email);
    let entry = emails.iter().find(is_entry);
    entry.and_then(|entry| entry.get("verified")) == Some(&json!(true))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(email: Value) -> Value {
        let mut profile = json!({
            "login": "octocat",
            "id": 1,
            "avatar_url": "https://github.example/images/octocat_happy.gif",
            "name": "monalisa octocat",
            "two_factor_authentication": true,
        });
        profile["email"] = email;
        profile
    }

    fn emails() -> Value {
        json!([
            { "email": "a@example.com", "verified": false, "primary": false, "visibility": null },
            { "email": "octocat@github.com", "verified": true, "primary": true, "visibility": "public" },
        ])
    }

    #[test]
    fn a_user_without_a_public_address_has_the_primary_one() {
        let info = user(profile(json!(null)), Some(&emails()));
        let expected = json!({
            "id": 1,
            "name": "monalisa octocat",
            "email": "octocat@github.com",
            "image": "https://github.example/images/octocat_happy.gif",
            "emailVerified": true,
        });
        assert_eq!(Value::from(info.user), expected);
        assert_eq!(info.data, profile(json!("octocat@github.com")));
    }

    #[test]
    fn an_address_is_verified_only_if_the_list_reports_it() {
        for (email, emails, expected) in [
            ("octocat@github.com", Some(emails()), true),
            ("a@example.com", Some(emails()), false),
            ("b@example.com", Some(emails()), false),
            ("octocat@github.com", Some(json!([])), false),
            ("octocat@github.com", None, false),
        ] {
            let info = user(profile(json!(email)), emails.as_ref());
            assert_eq!(info.user["email"], email);
            assert_eq!(info.user["emailVerified"], expected, "{email}");
        }
    }

    #[test]
    fn a_user_without_a_name_has_the_login_as_name() {
        let mut profile = profile(json!(null));
        profile["name"] = json!(null);
        let info = user(profile, Some(&json!([])));
        assert_eq!(info.user["name"], "octocat");
        assert_eq!(info.user.get("email"), None);
    }
}
