//! Salesforce: <https://help.salesforce.com/s/articleView?id=sf.remoteaccess_authenticate.htm>.

use portcullis_application::ports::AuthorizationRequest;
use portcullis_domain::social::UserInfo;
use serde_json::{Value, json};

use crate::{
    definition::{Context, Definition, Endpoints, Extra, ExtraKind},
    flow::AuthorizationParameters,
    options::ProviderOptions,
    profile::{member, truthy, user_info},
};

const SCOPES: &[&str] = &["openid", "email", "profile"];

pub(super) struct Salesforce;

impl Definition for Salesforce {
    fn id(&self) -> &'static str {
        "salesforce"
    }

    fn name(&self) -> &'static str {
        "Salesforce"
    }

    fn extras(&self) -> &'static [Extra] {
        &[
            Extra {
                name: "environment",
                kind: ExtraKind::Choice(&["production", "sandbox"]),
                is_required: false,
                doc: "`sandbox`: use accounts of `test.salesforce.com`. Not set: those of `login.salesforce.com`.",
            },
            Extra {
                name: "login_url",
                kind: ExtraKind::Text,
                is_required: false,
                doc: "Host of the organization's own login page, without `https://`. Replaces `environment`.",
            },
        ]
    }

    fn endpoints(&self, options: &ProviderOptions) -> Endpoints {
        let host = options.extra("login_url").filter(|host| !host.is_empty());
        let host = host.unwrap_or(match options.extra("environment") {
            Some("sandbox") => "test.salesforce.com",
            _ => "login.salesforce.com",
        });
        Endpoints {
            authorization: format!("https://{host}/services/oauth2/authorize"),
            token: format!("https://{host}/services/oauth2/token"),
            user_info: format!("https://{host}/services/oauth2/userinfo"),
            ..Endpoints::default()
        }
    }

    fn authorization(
        &self,
        context: Context<'_>,
        request: &AuthorizationRequest<'_>,
    ) -> AuthorizationParameters {
        AuthorizationParameters::with_scopes(context, request, SCOPES).with_pkce(request)
    }

    fn user(&self, profile: Value) -> Option<UserInfo> {
        Some(user(profile))
    }
}

/// Returns the user of a profile.
fn user(profile: Value) -> UserInfo {
    let is_verified = member(&profile, "email_verified") == Some(json!(true));
    let image = truthy(&profile, "photos.picture").or_else(|| member(&profile, "photos.thumbnail"));
    user_info(
        [
            ("id", member(&profile, "user_id")),
            ("name", member(&profile, "name")),
            ("email", member(&profile, "email")),
            ("image", image),
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
            "sub": "https://login.salesforce.com/id/00Dx0000001T0zk/005x0000001S2b9",
            "user_id": "005x0000001S2b9",
            "organization_id": "00Dx0000001T0zk",
            "preferred_username": "ada@1815.example",
            "name": "Ada Lovelace",
            "email": "ada@example.com",
            "email_verified": true,
            "photos": { "picture": "", "thumbnail": "https://c.na1.content.force.com/profilephoto/005/T" },
        });
        let info = user(profile.clone());
        assert_eq!(info.data, profile);
        assert_eq!(
            Value::from(info.user).to_string(),
            r#"{"id":"005x0000001S2b9","name":"Ada Lovelace","email":"ada@example.com","image":"https://c.na1.content.force.com/profilephoto/005/T","emailVerified":true}"#
        );
    }

    #[test]
    fn an_address_is_not_verified_unless_salesforce_reports_it() {
        for profile in [
            json!({ "user_id": "1" }),
            json!({ "user_id": "1", "email_verified": "true" }),
        ] {
            let info = user(profile);
            assert_eq!(
                Value::from(info.user),
                json!({ "id": "1", "emailVerified": false })
            );
        }
    }

    #[test]
    fn the_host_is_that_of_the_options() {
        let mut options = ProviderOptions::default();
        let host = |options: &ProviderOptions| Salesforce.endpoints(options).token;
        assert_eq!(
            host(&options),
            "https://login.salesforce.com/services/oauth2/token"
        );
        options
            .extra
            .insert("environment".to_owned(), "sandbox".to_owned());
        assert_eq!(
            host(&options),
            "https://test.salesforce.com/services/oauth2/token"
        );
        options
            .extra
            .insert("login_url".to_owned(), "ada.my.salesforce.com".to_owned());
        assert_eq!(
            host(&options),
            "https://ada.my.salesforce.com/services/oauth2/token"
        );
    }
}
