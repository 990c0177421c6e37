//! Microsoft Entra ID: <https://learn.microsoft.com/en-us/entra/identity-platform/v2-oauth2-auth-code-flow>.

use async_trait::async_trait;
use base64::{Engine as _, prelude::BASE64_STANDARD};
use chrono::TimeDelta;
use portcullis_application::ports::{AuthorizationRequest, ProviderError, ProviderTokens};
use portcullis_domain::{secret::Secret, social::UserInfo};
use serde_json::{Value, json};

use crate::{
    definition::{Context, Definition, Endpoints, Extra, ExtraKind},
    flow::{AuthorizationParameters, TokenRequest},
    id_token::{IdTokenRules, Issuers},
    options::ProviderOptions,
    profile::{access_token, claims, member, truthy, user_info},
};

const SCOPES: &[&str] = &["openid", "profile", "email", "User.Read", "offline_access"];
const TENANT_ID: &str = "tenant_id";
const AUTHORITY: &str = "authority";
const PROFILE_PHOTO_SIZE: &str = "profile_photo_size";
const DISABLE_PROFILE_PHOTO: &str = "disable_profile_photo";
const DEFAULT_AUTHORITY: &str = "https://login.microsoftonline.com";
/// The tenant of personal accounts.
const CONSUMERS: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";
/// End of the authorities for customers, which are named by a tenant's domain and have the tenant's id in the issuer.
const EXTERNAL: &str = ".ciamlogin.com";
/// Stands for the tenant of a token's user.
const TENANT_OF_TOKEN: &str = "{tid}";

pub(super) struct Microsoft;

#[async_trait]
impl Definition for Microsoft {
    fn id(&self) -> &'static str {
        "microsoft"
    }

    fn name(&self) -> &'static str {
        "Microsoft EntraID"
    }

    fn endpoints(&self, options: &ProviderOptions) -> Endpoints {
        let base = format!("{}/{}", authority(options), tenant(options));
        Endpoints {
            authorization: format!("{base}/oauth2/v2.0/authorize"),
            token: format!("{base}/oauth2/v2.0/token"),
            user_info: "https://graph.microsoft.com/v1.0/me".to_owned(),
            jwks: Some(format!("{base}/discovery/v2.0/keys")),
            issuer: Some(issuer(options)),
            ..Endpoints::default()
        }
    }

    fn extras(&self) -> &'static [Extra] {
        EXTRAS
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

    fn refresh_request(&self, context: Context<'_>, refresh_token: &Secret<String>) -> Option<TokenRequest> {
        let scopes = context.options.scopes(SCOPES, None).join(" ");
        Some(TokenRequest::refresh(context, refresh_token).with("scope", &scopes))
    }

    async fn user_info(
        &self,
        context: Context<'_>,
        tokens: &ProviderTokens,
    ) -> Result<Option<UserInfo>, ProviderError> {
        let Some(mut profile) = claims(tokens) else {
            return Ok(None);
        };
        if let (Some(photo), Some(members)) = (photo(context, tokens).await, profile.as_object_mut()) {
            members.insert("picture".to_owned(), json!(photo));
        }
        Ok(Some(user(profile)))
    }

    fn id_token_rules(&self, context: Context<'_>) -> Option<IdTokenRules> {
        Some(IdTokenRules {
            jwks: context.endpoints.jwks.clone()?,
            issuers: Issuers::named(context.endpoints.issuer.as_deref()?),
            audiences: context.options.client_ids.clone(),
            max_age: Some(TimeDelta::hours(1)),
            may_omit_key_id: false,
        })
    }

    async fn verify_id_token(
        &self,
        context: Context<'_>,
        token: &Secret<String>,
        nonce: Option<&str>,
    ) -> Result<bool, ProviderError> {
        let Some(rules) = self.id_token_rules(context) else {
            return Ok(false);
        };
        let is_open = matches!(rules.issuers, Issuers::OfTenant(_));
        let claims = context.id_tokens.verified_claims(&rules, token, nonce).await?;
        Ok(claims.is_some_and(|claims| may_sign_in(tenant(context.options), is_open, &claims.into())))
    }
}

const EXTRAS: &[Extra] = &[
    Extra {
        name: TENANT_ID,
        kind: ExtraKind::Text,
        is_required: false,
        doc: "Accept only users of this tenant: its id, `organizations` for all but personal accounts, or `consumers` \
              for personal accounts. Not set: `common`, which accepts all.",
    },
    Extra {
        name: AUTHORITY,
        kind: ExtraKind::Text,
        is_required: false,
        doc: "URL of the authority, for example `https://TENANT.ciamlogin.com`. Not set: \
              `https://login.microsoftonline.com`.",
    },
    Extra {
        name: PROFILE_PHOTO_SIZE,
        kind: ExtraKind::Choice(&["48", "64", "96", "120", "240", "360", "432", "504", "648"]),
        is_required: false,
        doc: "Width and height of the user's picture. Not set: 48.",
    },
    Extra {
        name: DISABLE_PROFILE_PHOTO,
        kind: ExtraKind::Boolean,
        is_required: false,
        doc: "Do not read the user's picture.",
    },
];

fn authority(options: &ProviderOptions) -> &str {
    let authority = options.extra(AUTHORITY).filter(|url| !url.is_empty());
    authority.unwrap_or(DEFAULT_AUTHORITY)
}

fn tenant(options: &ProviderOptions) -> &str {
    let tenant = options.extra(TENANT_ID).filter(|id| !id.is_empty());
    tenant.unwrap_or("common")
}

/// Returns the issuer of id tokens, which contains the id of the user's tenant. If the option does not contain it, the
/// tenant is that of each token.
fn issuer(options: &ProviderOptions) -> String {
    let tenant = match tenant(options) {
        "consumers" => CONSUMERS.to_owned(),
        tenant if is_id(tenant) => tenant.to_ascii_lowercase(),
        _ => TENANT_OF_TOKEN.to_owned(),
    };
    let authority = authority(options);
    if authority.ends_with(EXTERNAL) {
        format!("https://{tenant}{EXTERNAL}/{tenant}/v2.0")
    } else {
        format!("{authority}/{tenant}/v2.0")
    }
}

/// Whether the text is the id of a tenant, and not its domain.
fn is_id(tenant: &str) -> bool {
    tenant.len() == CONSUMERS.len()
        && tenant
            .bytes()
            .all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}

/// Whether the user of a verified token, which a client sent, is one of the tenant. `is_open`: the token may be of every
/// tenant. A token cannot be compared with the domain of a tenant.
fn may_sign_in(tenant: &str, is_open: bool, claims: &Value) -> bool {
    match tenant {
        "common" | "consumers" => true,
        "organizations" => member(claims, "tid").is_some_and(|id| id != CONSUMERS),
        _ => !is_open,
    }
}

/// Returns the user's picture as a URL that contains it, in Better Auth's form. `None` if there is none.
async fn photo(context: Context<'_>, tokens: &ProviderTokens) -> Option<String> {
    if context.options.flag(DISABLE_PROFILE_PHOTO, false) {
        return None;
    }
    let bearer = format!("Bearer {}", access_token(tokens).ok()?);
    let size = context.options.extra(PROFILE_PHOTO_SIZE).unwrap_or("48");
    let endpoint = format!("{}/photos/{size}x{size}/$value", context.endpoints.user_info);
    let headers = [("authorization", bearer.as_str())];
    let (image, _) = context.client.get_bytes(&endpoint, &headers).await.ok()?;
    Some(format!(
        "data:image/jpeg;base64, {}",
        BASE64_STANDARD.encode(image)
    ))
}

fn user(profile: Value) -> UserInfo {
    let is_verified = member(&profile, "email_verified");
    let is_verified = is_verified.unwrap_or_else(|| json!(is_listed(&profile)));
    user_info(
        [
            ("id", member(&profile, "sub")),
            ("name", member(&profile, "name")),
            ("email", member(&profile, "email")),
            ("image", member(&profile, "picture")),
            ("emailVerified", Some(is_verified)),
        ],
        profile,
    )
}

/// Whether the address is one of those that the tenant has verified.
fn is_listed(profile: &Value) -> bool {
    let email = truthy(profile, "email").filter(Value::is_string);
    let lists = ["verified_primary_email", "verified_secondary_email"];
    let mut lists = lists.iter().filter_map(|name| member(profile, name));
    email.is_some_and(|email| lists.any(|list| list.as_array().is_some_and(|list| list.contains(&email))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(name: &str, value: Value) -> Value {
        let mut profile = json!({
            "aud": "11111111-1111-1111-1111-111111111111",
            "iss": "https://login.microsoftonline.com/22222222-2222-2222-2222-222222222222/v2.0",
            "email": "ada@example.com",
            "name": "Ada Lovelace",
            "oid": "33333333-3333-3333-3333-333333333333",
            "preferred_username": "ada@example.com",
            "sub": "AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ",
            "tid": "22222222-2222-2222-2222-222222222222",
            "ver": "2.0",
        });
        profile[name] = value;
        profile
    }

    #[test]
    fn the_user_is_that_of_the_id_token() {
        let claims = profile("picture", json!("data:image/jpeg;base64, AA=="));
        let info = user(claims.clone());
        let expected = json!({
            "id": "AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ",
            "name": "Ada Lovelace",
            "email": "ada@example.com",
            "image": "data:image/jpeg;base64, AA==",
            "emailVerified": false,
        });
        assert_eq!(Value::from(info.user), expected);
        assert_eq!(info.data, claims);
    }

    #[test]
    fn an_address_is_verified_by_its_claim_or_the_lists() {
        for (name, value, expected) in [
            ("email_verified", json!(true), true),
            ("email_verified", json!("true"), false),
            ("verified_primary_email", json!(["ada@example.com"]), true),
            (
                "verified_secondary_email",
                json!(["b@example.com", "ada@example.com"]),
                true,
            ),
            ("verified_primary_email", json!(["b@example.com"]), false),
            (
                "verified_primary_email",
                json!("ada@example.com, b@example.com"),
                false,
            ),
        ] {
            let verified = user(profile(name, value)).profile().unwrap().email_verified;
            assert_eq!(verified, expected, "{name}");
        }
        let mut denied = profile("verified_primary_email", json!(["ada@example.com"]));
        denied["email_verified"] = json!(false);
        assert_eq!(user(denied).user["emailVerified"], false);
    }

    #[test]
    fn the_issuer_contains_the_tenant() {
        let base = DEFAULT_AUTHORITY;
        let (id, external) = (
            "22222222-2222-2222-2222-222222222222",
            "https://ada.ciamlogin.com",
        );
        for (authority, tenant, expected) in [
            ("", "", format!("{base}/{{tid}}/v2.0")),
            ("", "common", format!("{base}/{{tid}}/v2.0")),
            ("", "organizations", format!("{base}/{{tid}}/v2.0")),
            ("", "ada.onmicrosoft.com", format!("{base}/{{tid}}/v2.0")),
            ("", "consumers", format!("{base}/{CONSUMERS}/v2.0")),
            ("", id, format!("{base}/{id}/v2.0")),
            (external, id, format!("https://{id}.ciamlogin.com/{id}/v2.0")),
            (
                "https://login.example.com",
                id,
                format!("https://login.example.com/{id}/v2.0"),
            ),
        ] {
            let extra = [(TENANT_ID, tenant), (AUTHORITY, authority)];
            let options = ProviderOptions {
                extra: extra
                    .map(|(name, value)| (name.to_owned(), value.to_owned()))
                    .into(),
                ..ProviderOptions::default()
            };
            assert_eq!(issuer(&options), expected, "{authority} {tenant}");
        }
    }

    #[test]
    fn a_token_of_another_tenant_is_not_accepted() {
        let (work, personal) = (profile("ver", json!("2.0")), json!({ "tid": CONSUMERS }));
        for (tenant, is_open, may_work, may_personal) in [
            ("common", true, true, true),
            ("organizations", true, true, false),
            ("ada.onmicrosoft.com", true, false, false),
            ("22222222-2222-2222-2222-222222222222", false, true, true),
        ] {
            assert_eq!(may_sign_in(tenant, is_open, &work), may_work, "{tenant}");
            assert_eq!(may_sign_in(tenant, is_open, &personal), may_personal, "{tenant}");
        }
    }
}
