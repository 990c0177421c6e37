//! GitLab: <https://docs.gitlab.com/api/oauth2/>.

use portcullis_application::ports::AuthorizationRequest;
use portcullis_domain::social::UserInfo;
use serde_json::{Value, json};

use crate::{
    definition::{Context, Definition, Endpoints, Extra, ExtraKind},
    flow::AuthorizationParameters,
    options::ProviderOptions,
    profile::{member, text, truthy, user_info},
};

const SCOPES: &[&str] = &["read_user"];
const ISSUER: &str = "issuer";

pub(super) struct GitLab;

impl Definition for GitLab {
    fn id(&self) -> &'static str {
        "gitlab"
    }

    fn name(&self) -> &'static str {
        "Gitlab"
    }

    fn endpoints(&self, options: &ProviderOptions) -> Endpoints {
        let server = options.extra(ISSUER).filter(|url| !url.is_empty());
        let server = server.unwrap_or("https://gitlab.com");
        Endpoints {
            authorization: clean(&format!("{server}/oauth/authorize")),
            token: clean(&format!("{server}/oauth/token")),
            user_info: clean(&format!("{server}/api/v4/user")),
            ..Endpoints::default()
        }
    }

    fn extras(&self) -> &'static [Extra] {
        &[Extra {
            name: ISSUER,
            kind: ExtraKind::Text,
            is_required: false,
            doc: "URL of a GitLab server of your own. Not set: `https://gitlab.com`.",
        }]
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

    fn user(&self, profile: Value) -> Option<UserInfo> {
        user(profile)
    }
}

/// Returns the URL with single slashes after its scheme.
fn clean(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("https", url));
    let is_rooted = rest.starts_with('/');
    let parts: Vec<_> = rest.split('/').filter(|part| !part.is_empty()).collect();
    let root = if is_rooted { "/" } else { "" };
    format!("{scheme}://{root}{}", parts.join("/"))
}

/// Returns the user, or `None` if GitLab has blocked the account.
fn user(profile: Value) -> Option<UserInfo> {
    let is_active = text(&profile, "state").as_deref() == Some("active");
    if !is_active || truthy(&profile, "locked").is_some() {
        return None;
    }
    let name = member(&profile, "name").filter(|name| !name.is_null());
    Some(user_info(
        [
            ("id", member(&profile, "id")),
            ("name", name.or_else(|| member(&profile, "username"))),
            ("email", member(&profile, "email")),
            ("image", member(&profile, "avatar_url")),
            (
                "emailVerified",
                truthy(&profile, "email_verified").or(Some(json!(false))),
            ),
        ],
        profile,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile() -> Value {
        json!({
            "id": 1,
            "username": "ada",
            "name": "Ada Lovelace",
            "state": "active",
            "locked": false,
            "avatar_url": "https://gitlab.example/uploads/1.png",
            "web_url": "https://gitlab.example/ada",
            "confirmed_at": "2012-05-23T09:05:22Z",
            "email": "ada@example.com",
            "two_factor_enabled": true,
            "commit_email": "ada@example.com",
        })
    }

    #[test]
    fn an_address_is_verified_only_if_gitlab_reports_it() {
        let info = user(profile()).unwrap();
        let expected = json!({
            "id": 1,
            "name": "Ada Lovelace",
            "email": "ada@example.com",
            "image": "https://gitlab.example/uploads/1.png",
            "emailVerified": false,
        });
        assert_eq!(Value::from(info.user), expected);
        assert_eq!(info.data, profile());

        let mut verified = profile();
        verified["email_verified"] = json!(true);
        assert_eq!(user(verified).unwrap().user["emailVerified"], true);
    }

    #[test]
    fn a_blocked_or_locked_account_is_no_user() {
        for (name, value) in [
            ("state", json!("blocked")),
            ("state", json!(null)),
            ("locked", json!(true)),
        ] {
            let mut profile = profile();
            profile[name] = value;
            assert_eq!(user(profile), None, "{name}");
        }
    }

    #[test]
    fn the_url_of_a_server_may_end_in_a_slash() {
        assert_eq!(
            clean("https://gitlab.example//path//oauth/token"),
            "https://gitlab.example/path/oauth/token"
        );
    }
}
