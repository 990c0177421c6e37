//! Apple: <https://developer.apple.com/documentation/signinwithapplerestapi>.

use async_trait::async_trait;
use chrono::TimeDelta;
use portcullis_application::ports::{AuthorizationRequest, ProviderError, ProviderTokens};
use portcullis_domain::social::UserInfo;
use serde_json::{Value, json};

use crate::{
    definition::{Context, Definition, Endpoints, Extra, ExtraKind},
    flow::AuthorizationParameters,
    id_token::{IdTokenRules, Issuers},
    options::ProviderOptions,
    profile::{claims, member, text, truthy, user_info},
};

const SCOPES: &[&str] = &["email", "name"];
const AUDIENCE: &str = "audience";
const APP_BUNDLE_IDENTIFIER: &str = "app_bundle_identifier";
const ISSUER: &str = "https://appleid.apple.com";

pub(super) struct Apple;

#[async_trait]
impl Definition for Apple {
    fn id(&self) -> &'static str {
        "apple"
    }

    fn name(&self) -> &'static str {
        "Apple"
    }

    fn endpoints(&self, _options: &ProviderOptions) -> Endpoints {
        Endpoints {
            authorization: "https://appleid.apple.com/auth/authorize".to_owned(),
            token: "https://appleid.apple.com/auth/token".to_owned(),
            jwks: Some("https://appleid.apple.com/auth/keys".to_owned()),
            issuer: Some(ISSUER.to_owned()),
            ..Endpoints::default()
        }
    }

    fn extras(&self) -> &'static [Extra] {
        &[
            Extra {
                name: APP_BUNDLE_IDENTIFIER,
                kind: ExtraKind::Text,
                is_required: false,
                doc: "Accept id tokens that clients send only if they were issued for this application.",
            },
            Extra {
                name: AUDIENCE,
                kind: ExtraKind::List,
                is_required: false,
                doc: "Accept id tokens that clients send only if they were issued for one of these.",
            },
        ]
    }

    /// Apple posts its answer, because it contains the user's name.
    fn authorization(
        &self,
        context: Context<'_>,
        request: &AuthorizationRequest<'_>,
    ) -> AuthorizationParameters {
        AuthorizationParameters {
            response_type: "code id_token",
            response_mode: Some("form_post".to_owned()),
            ..AuthorizationParameters::with_scopes(context, request, SCOPES)
        }
    }

    async fn user_info(
        &self,
        _context: Context<'_>,
        tokens: &ProviderTokens,
    ) -> Result<Option<UserInfo>, ProviderError> {
        Ok(claims(tokens).map(|claims| user(claims, tokens.user.as_ref())))
    }

    fn id_token_rules(&self, context: Context<'_>) -> Option<IdTokenRules> {
        let issuer = context.endpoints.issuer.as_deref().unwrap_or(ISSUER);
        Some(IdTokenRules {
            jwks: context.endpoints.jwks.clone()?,
            issuers: Issuers::AnyOf(vec![issuer.to_owned()]),
            audiences: audiences(context.options),
            max_age: Some(TimeDelta::hours(1)),
            may_omit_key_id: false,
        })
    }
}

/// Returns the first of these that is set: `audience`, `app_bundle_identifier`, the client ids.
fn audiences(options: &ProviderOptions) -> Vec<String> {
    let listed = options.extra(AUDIENCE).unwrap_or_default().split(',');
    let listed = listed.map(str::trim).filter(|audience| !audience.is_empty());
    let listed: Vec<_> = listed.map(str::to_owned).collect();
    let bundle = options.extra(APP_BUNDLE_IDENTIFIER).unwrap_or_default();
    match (listed.is_empty(), bundle.is_empty()) {
        (false, _) => listed,
        (true, false) => vec![bundle.to_owned()],
        (true, true) => options.client_ids.clone(),
    }
}

/// Returns the user. Apple sends the name only at the first sign-in, and not in the id token. An unknown name is a space,
/// as in Better Auth.
fn user(mut profile: Value, sent: Option<&Value>) -> UserInfo {
    let name = sent.and_then(|sent| truthy(sent, "name"));
    let name = name.map(|name| full_name(&name));
    let name = name.or_else(|| truthy(&profile, "name"));
    if let Some(claims) = profile.as_object_mut() {
        claims.insert("name".to_owned(), name.unwrap_or_else(|| json!(" ")));
    }
    // Apple sends a text or a Boolean value.
    let is_verified = member(&profile, "email_verified");
    let is_verified = is_verified.is_some_and(|value| value == true || value == "true");
    user_info(
        [
            ("id", member(&profile, "sub")),
            ("name", member(&profile, "name")),
            ("emailVerified", Some(json!(is_verified))),
            ("email", member(&profile, "email")),
        ],
        profile,
    )
}

fn full_name(name: &Value) -> Value {
    let part = |part: &str| text(name, part).unwrap_or_default();
    let full = format!("{} {}", part("firstName"), part("lastName"));
    match full.trim() {
        "" => json!(" "),
        full => json!(full),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(email_verified: &Value) -> Value {
        json!({
            "iss": "https://appleid.apple.com",
            "aud": "com.example.service",
            "sub": "001999.0a1b.1234",
            "email": "ada@privaterelay.appleid.com",
            "email_verified": email_verified,
            "is_private_email": "true",
        })
    }

    #[test]
    fn the_name_is_that_which_apple_sends_at_the_first_sign_in() {
        let sent =
            json!({ "name": { "firstName": "Ada", "lastName": "Lovelace" }, "email": "eve@example.com" });
        let info = user(profile(&json!("true")), Some(&sent));
        let expected = json!({
            "id": "001999.0a1b.1234",
            "name": "Ada Lovelace",
            "emailVerified": true,
            "email": "ada@privaterelay.appleid.com",
        });
        assert_eq!(Value::from(info.user), expected);
        let mut data = profile(&json!("true"));
        data["name"] = json!("Ada Lovelace");
        assert_eq!(info.data, data);
    }

    #[test]
    fn a_name_that_is_not_sent_is_a_space() {
        let last = json!({ "name": { "lastName": "Lovelace" } });
        for (sent, name) in [
            (None, " "),
            (Some(json!({})), " "),
            (Some(json!({ "name": {} })), " "),
            (Some(json!({ "name": { "firstName": 1 } })), " "),
            (Some(last), "Lovelace"),
        ] {
            let info = user(profile(&json!(true)), sent.as_ref());
            assert_eq!(info.user["name"], name, "{sent:?}");
        }
    }

    #[test]
    fn an_address_is_verified_if_apple_sends_true_as_a_text_or_a_boolean_value() {
        for (claim, expected) in [
            (json!(true), true),
            (json!("true"), true),
            (json!("false"), false),
            (json!(false), false),
            (json!(1), false),
            (json!(null), false),
        ] {
            assert_eq!(
                user(profile(&claim), None).user["emailVerified"],
                expected,
                "{claim}"
            );
        }
    }

    #[test]
    fn the_audience_replaces_the_bundle_identifier_and_that_the_client_ids() {
        let mut options = ProviderOptions {
            client_ids: vec!["com.example.service".to_owned()],
            ..ProviderOptions::default()
        };
        assert_eq!(audiences(&options), ["com.example.service"]);
        options
            .extra
            .insert(APP_BUNDLE_IDENTIFIER.to_owned(), "com.example.app".to_owned());
        assert_eq!(audiences(&options), ["com.example.app"]);
        options
            .extra
            .insert(AUDIENCE.to_owned(), "com.example.a,com.example.b".to_owned());
        assert_eq!(audiences(&options), ["com.example.a", "com.example.b"]);
    }
}
