use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use portcullis_application::testing::{FixedClock, PlainTokenVerifier};
use portcullis_outbound::testing::{TestServer, json_response};
use serde_json::json;

use super::*;
use crate::{
    flow::AuthorizationParameters, id_token::IdTokenRules, options::EndpointOverrides, profile, testing,
};

/// A provider with id tokens.
struct OpenId;
/// A provider without them.
struct Plain;

#[async_trait]
impl Definition for OpenId {
    fn id(&self) -> &'static str {
        "openid"
    }

    fn name(&self) -> &'static str {
        "OpenID"
    }

    fn endpoints(&self, _options: &ProviderOptions) -> Endpoints {
        Endpoints {
            authorization: "https://op.example/authorize".to_owned(),
            token: "https://op.example/token".to_owned(),
            refresh: Some("https://op.example/refresh".to_owned()),
            user_info: "https://op.example/user".to_owned(),
            jwks: Some("https://op.example/jwks".to_owned()),
            issuer: Some("https://op.example".to_owned()),
        }
    }

    fn authorization(
        &self,
        context: Context<'_>,
        request: &AuthorizationRequest<'_>,
    ) -> AuthorizationParameters {
        AuthorizationParameters::with_scopes(context, request, &[])
    }

    async fn user_info(
        &self,
        context: Context<'_>,
        _tokens: &ProviderTokens,
    ) -> Result<Option<UserInfo>, ProviderError> {
        let data = context.client.get_json(&context.endpoints.user_info, &[]).await?;
        Ok(Some(profile::user_info(
            [("id", member(&data, "id")), ("name", member(&data, "name"))],
            data,
        )))
    }

    fn id_token_rules(&self, context: Context<'_>) -> Option<IdTokenRules> {
        Some(IdTokenRules {
            jwks: context.endpoints.jwks.clone()?,
            issuers: Issuers::named(context.endpoints.issuer.as_deref()?),
            audiences: context.options.client_ids.clone(),
            max_age: None,
            may_omit_key_id: false,
        })
    }
}

#[async_trait]
impl Definition for Plain {
    fn id(&self) -> &'static str {
        "plain"
    }

    fn name(&self) -> &'static str {
        "Plain"
    }

    fn endpoints(&self, _options: &ProviderOptions) -> Endpoints {
        Endpoints::default()
    }

    fn authorization(
        &self,
        context: Context<'_>,
        request: &AuthorizationRequest<'_>,
    ) -> AuthorizationParameters {
        AuthorizationParameters::with_scopes(context, request, &[])
    }

    fn refresh_request(
        &self,
        _context: Context<'_>,
        _token: &Secret<String>,
    ) -> Option<crate::flow::TokenRequest> {
        None
    }

    async fn user_info(
        &self,
        _context: Context<'_>,
        _tokens: &ProviderTokens,
    ) -> Result<Option<UserInfo>, ProviderError> {
        Ok(None)
    }
}

/// A provider whose requests are sent to this server.
fn provider(
    server: &TestServer,
    definition: &'static dyn Definition,
    options: ProviderOptions,
) -> ConfiguredProvider {
    let clock = Arc::new(FixedClock::default());
    let client = testing::client(server, &clock);
    let verifier = IdTokenVerifier::new(client.clone(), Arc::new(PlainTokenVerifier), clock);
    ConfiguredProvider::new(definition, options, client, Arc::new(verifier))
}

fn options(server: &TestServer) -> ProviderOptions {
    ProviderOptions {
        client_ids: vec!["web".to_owned(), "app".to_owned()],
        endpoints: EndpointOverrides {
            token: Some(server.url("/token")),
            user_info: Some(server.url("/user")),
            ..EndpointOverrides::default()
        },
        ..ProviderOptions::default()
    }
}

/// Exchanges a code for which the provider returns this id token.
async fn exchange(
    definition: &'static dyn Definition,
    id_token: &str,
) -> Result<ProviderTokens, ProviderError> {
    let answer = json!({ "access_token": "a", "id_token": id_token });
    let server = TestServer::start(move |_| json_response(&answer)).await;
    let provider = provider(&server, definition, options(&server));
    let secret = Secret::new("s".to_owned());
    let exchange = CodeExchange {
        code: &secret,
        code_verifier: &secret,
        redirect_uri: "https://app.example/callback",
        device_id: None,
        user: Some(&json!({ "name": "Ada" })),
    };
    provider.exchange(&exchange).await
}

async fn exchange_claims(
    definition: &'static dyn Definition,
    claims: &Value,
) -> Result<ProviderTokens, ProviderError> {
    let claims = BASE64_URL_SAFE_NO_PAD.encode(claims.to_string());
    exchange(definition, &format!("e30.{claims}.c2ln")).await
}

#[tokio::test]
async fn the_policy_is_that_of_the_options_and_the_provider() {
    let server = TestServer::start(|_| json_response(&json!({}))).await;
    let policy = |definition, options| provider(&server, definition, options).policy().clone();
    let of_openid = policy(&OpenId, options(&server));
    assert_eq!(of_openid.callback_path, "/callback/openid");
    assert!(of_openid.can_refresh);
    assert_eq!(of_openid.id_tokens, IdTokens::Verified);
    assert_eq!(
        of_openid.issuer,
        IssuerCheck::IfPresent("https://op.example".to_owned())
    );
    let mut other = options(&server);
    other.disable_id_token_sign_in = true;
    other.endpoints.issuer = Some("https://op.example/{tid}".to_owned());
    let other = policy(&OpenId, other);
    assert_eq!(
        (other.id_tokens, other.issuer),
        (IdTokens::Disabled, IssuerCheck::Unknown)
    );
    let plain = policy(&Plain, ProviderOptions::default());
    assert!(!plain.can_refresh);
    assert_eq!(
        (plain.id_tokens, plain.issuer),
        (IdTokens::Unsupported, IssuerCheck::Unknown)
    );
}

#[tokio::test]
async fn an_exchange_returns_the_user_of_the_answer() {
    let tokens = exchange(&Plain, "opaque").await.unwrap();
    assert_eq!(tokens.user, Some(json!({ "name": "Ada" })));
    assert_eq!(tokens.access_token.unwrap().expose(), "a");
}

#[tokio::test]
async fn an_id_token_for_another_client_is_not_used() {
    let end = 1_767_225_600;
    let claims = |other: Value| {
        let mut claims = json!({ "iss": "https://op.example", "aud": "web", "exp": end + 1 });
        for (name, value) in other.as_object().unwrap() {
            claims[name] = value.clone();
        }
        claims
    };
    for accepted in [
        json!({}),
        json!({ "aud": ["x", "app"] }),
        json!({ "exp": end - 59 }),
    ] {
        exchange_claims(&OpenId, &claims(accepted)).await.unwrap();
    }
    for rejected in [
        json!({ "aud": "x" }),
        json!({ "aud": null }),
        json!({ "exp": end - 60 }),
        json!({ "iss": "https://evil.example" }),
        json!({ "iss": null }),
    ] {
        let outcome = exchange_claims(&OpenId, &claims(rejected.clone())).await;
        assert!(
            matches!(outcome, Err(ProviderError::Unusable(_))),
            "{rejected}: {outcome:?}"
        );
    }
    exchange_claims(&Plain, &json!({ "iss": "unknown" }))
        .await
        .unwrap();
    exchange_claims(&Plain, &json!({ "aud": "x" })).await.unwrap_err();
}

#[tokio::test]
async fn another_token_endpoint_also_refreshes() {
    let server = TestServer::start(|_| json_response(&json!({ "access_token": "a" }))).await;
    let provider = provider(&server, &OpenId, options(&server));
    let tokens = provider.refresh(&Secret::new("r".to_owned())).await.unwrap();
    assert_eq!(tokens.access_token.unwrap().expose(), "a");
    assert!(server.requests()[0].starts_with("POST /token "));
}

#[tokio::test]
async fn mapped_members_replace_those_of_the_user() {
    let data = json!({ "id": 1, "name": "Ada", "nested": { "list": ["first"] }, "nothing": null });
    let answer = data.clone();
    let server = TestServer::start(move |_| json_response(&answer)).await;
    let map = [
        ("name", "nested.list.0"),
        ("role", "nested.list"),
        ("image", "nothing"),
        ("id", "nested.missing"),
    ];
    let map = map.map(|(name, path)| (name.to_owned(), path.to_owned()));
    let options = ProviderOptions {
        map_profile_to_user: map.into(),
        ..options(&server)
    };
    let provider = provider(&server, &OpenId, options);
    let info = provider
        .user_info(&ProviderTokens::default())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        Value::Object(info.user),
        json!({ "id": 1, "name": "first", "role": ["first"], "image": null })
    );
    assert_eq!(info.data, data);
}
