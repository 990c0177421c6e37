//! Google: <https://developers.google.com/identity/openid-connect/openid-connect>.

use async_trait::async_trait;
use chrono::TimeDelta;
use portcullis_application::ports::{AuthorizationRequest, ProviderError, ProviderTokens};
use portcullis_domain::social::UserInfo;
use serde_json::Value;

use crate::{
    definition::{Context, Definition, Endpoints, Extra, ExtraKind},
    flow::AuthorizationParameters,
    id_token::{IdTokenRules, Issuers},
    options::ProviderOptions,
    profile::{claims, member, text, user_info},
};

const SCOPES: &[&str] = &["email", "profile", "openid"];
const DISPLAY: &str = "display";
const HOSTED_DOMAIN: &str = "hd";

pub(super) struct Google;

#[async_trait]
impl Definition for Google {
    fn id(&self) -> &'static str {
        "google"
    }

    fn name(&self) -> &'static str {
        "Google"
    }

    fn endpoints(&self, _options: &ProviderOptions) -> Endpoints {
        Endpoints {
            authorization: "https://accounts.google.com/o/oauth2/v2/auth".to_owned(),
            token: "https://oauth2.googleapis.com/token".to_owned(),
            jwks: Some("https://www.googleapis.com/oauth2/v3/certs".to_owned()),
            issuer: Some("https://accounts.google.com".to_owned()),
            ..Endpoints::default()
        }
    }

    fn extras(&self) -> &'static [Extra] {
        &[
            Extra {
                name: DISPLAY,
                kind: ExtraKind::Choice(&["page", "popup", "touch", "wap"]),
                is_required: false,
                doc: "How Google shows its pages.",
            },
            Extra {
                name: HOSTED_DOMAIN,
                kind: ExtraKind::Text,
                is_required: false,
                doc: "Accept only users of this Google Workspace domain; `*` accepts users of every such domain.",
            },
        ]
    }

    fn authorization(
        &self,
        context: Context<'_>,
        request: &AuthorizationRequest<'_>,
    ) -> AuthorizationParameters {
        let extra = |name: &str| context.options.extra(name).map(str::to_owned);
        AuthorizationParameters {
            display: extra(DISPLAY),
            login_hint: request.login_hint.map(str::to_owned),
            prompt: context.options.prompt.clone(),
            hosted_domain: extra(HOSTED_DOMAIN),
            access_type: context.options.access_type.clone(),
            extra: vec![("include_granted_scopes".to_owned(), "true".to_owned())],
            ..AuthorizationParameters::with_scopes(context, request, SCOPES).with_pkce(request)
        }
    }

    async fn user_info(
        &self,
        context: Context<'_>,
        tokens: &ProviderTokens,
    ) -> Result<Option<UserInfo>, ProviderError> {
        let domain = context.options.extra(HOSTED_DOMAIN);
        Ok(claims(tokens).and_then(|claims| user(claims, domain)))
    }

    /// Google's tokens name the issuer with or without its scheme.
    fn id_token_rules(&self, context: Context<'_>) -> Option<IdTokenRules> {
        let issuer = context.endpoints.issuer.clone()?;
        Some(IdTokenRules {
            jwks: context.endpoints.jwks.clone()?,
            issuers: Issuers::AnyOf(vec![issuer, "accounts.google.com".to_owned()]),
            audiences: context.options.client_ids.clone(),
            max_age: Some(TimeDelta::hours(1)),
            may_omit_key_id: false,
        })
    }
}

/// Returns the user, or `None` if the user is not of the hosted domain: the parameter of the request only changes which
/// accounts Google suggests.
fn user(profile: Value, domain: Option<&str>) -> Option<UserInfo> {
    if !is_of_domain(&profile, domain.unwrap_or_default()) {
        return None;
    }
    Some(user_info(
        [
            ("id", member(&profile, "sub")),
            ("name", member(&profile, "name")),
            ("email", member(&profile, "email")),
            ("image", member(&profile, "picture")),
            ("emailVerified", member(&profile, "email_verified")),
        ],
        profile,
    ))
}

fn is_of_domain(profile: &Value, domain: &str) -> bool {
    let claim = text(profile, "hd").filter(|claim| !claim.is_empty());
    match domain {
        "" => true,
        "*" => claim.is_some(),
        domain => claim.is_some_and(|claim| claim.eq_ignore_ascii_case(domain)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn profile() -> Value {
        json!({
            "iss": "https://accounts.google.com",
            "azp": "1234987819200.apps.googleusercontent.com",
            "aud": "1234987819200.apps.googleusercontent.com",
            "sub": "10769150350006150715113082367",
            "hd": "example.com",
            "email": "ada@example.com",
            "email_verified": true,
            "name": "Ada Lovelace",
            "picture": "https://lh3.example/a",
            "iat": 1_353_601_026,
            "exp": 1_353_604_926,
        })
    }

    #[test]
    fn the_user_is_that_of_the_id_token() {
        let info = user(profile(), None).unwrap();
        let expected = json!({
            "id": "10769150350006150715113082367",
            "name": "Ada Lovelace",
            "email": "ada@example.com",
            "image": "https://lh3.example/a",
            "emailVerified": true,
        });
        assert_eq!(Value::from(info.user), expected);
        assert_eq!(info.data, profile());
    }

    #[test]
    fn a_user_of_another_domain_is_no_user_if_the_domain_is_set() {
        let mut private = profile();
        private["hd"] = json!(null);
        for (domain, hosted, private_account) in [
            (None, true, true),
            (Some("example.com"), true, false),
            (Some("*"), true, false),
            (Some("example.org"), false, false),
        ] {
            assert_eq!(user(profile(), domain).is_some(), hosted, "{domain:?}");
            assert_eq!(
                user(private.clone(), domain).is_some(),
                private_account,
                "{domain:?}"
            );
        }
    }
}
