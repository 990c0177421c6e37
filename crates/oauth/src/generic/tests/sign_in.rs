//! The exchange of a code, and the user that is read from its answer.

use portcullis_application::ports::{IdentityProvider as _, ProviderError, ProviderTokens};
use portcullis_domain::social::UserInfo;
use serde_json::{Value, json};

use super::{END, configured, exchange, id_token, provider::provider, secret, server::Server, tokens};
use crate::{
    definition::Authentication,
    generic::{GenericOptions, Preset},
};

fn discovered(server: &Server) -> GenericOptions {
    GenericOptions {
        discovery_url: Some(server.discovery_url()),
        ..GenericOptions::new("op", "client")
    }
}

async fn exchanged(options: GenericOptions, server: &Server) -> Result<ProviderTokens, ProviderError> {
    let (provider, _clock) = provider(options, server);
    let (code, verifier) = (secret("c"), secret("v"));
    provider.exchange(&exchange(&code, &verifier)).await
}

async fn user(
    options: GenericOptions,
    server: &Server,
    claims: Option<&Value>,
) -> Result<Option<UserInfo>, ProviderError> {
    let (provider, _clock) = provider(options, server);
    provider.user_info(&tokens(claims)).await
}

#[tokio::test]
async fn a_code_is_exchanged_with_the_configured_members_and_headers() {
    let server = Server::start().await;
    server.set(
        "/token",
        &json!({ "access_token": "a", "scope": "x y", "expires_in": 60 }),
    );
    let options = GenericOptions {
        token_url: Some(format!("{}/token", server.url)),
        token_url_params: vec![
            ("resource".to_owned(), secret("api")),
            ("code".to_owned(), secret("other")),
        ],
        authorization_headers: vec![("X-Staging".to_owned(), secret("t"))],
        ..configured()
    };
    let tokens = exchanged(options.clone(), &server).await.unwrap();
    assert_eq!(tokens.scopes, Some(vec!["x".to_owned(), "y".to_owned()]));
    let basic = GenericOptions {
        authentication: Some(Authentication::Basic),
        pkce: false,
        ..options
    };
    exchanged(basic, &server).await.unwrap();
    let requests = server.requests("/token");
    let redirect = "redirect_uri=https%3A%2F%2Fauth.example.com%2Fapi%2Fauth%2Foauth2%2Fcallback%2Fop";
    assert!(requests[0].contains("x-staging: t\r\n"));
    assert!(requests[0].ends_with(&format!(
        "grant_type=authorization_code&code=c&code_verifier=v&{redirect}&client_id=client&client_secret=hush&resource=api"
    )));
    assert!(requests[1].contains("authorization: Basic Y2xpZW50Omh1c2g=\r\n"));
    assert!(requests[1].ends_with(&format!(
        "grant_type=authorization_code&code=c&{redirect}&resource=api"
    )));
}

#[tokio::test]
async fn an_error_with_the_status_200_is_a_rejection() {
    let server = Server::start().await;
    server.set("/token", &json!({ "ok": false, "error": "invalid_code" }));
    let result = exchanged(discovered(&server), &server).await;
    assert!(matches!(result, Err(ProviderError::Rejected(_))));
}

fn claims(server: &Server) -> Value {
    json!({ "iss": server.url, "aud": "client", "sub": "1", "email": "ada@example.com", "exp": END })
}

#[tokio::test]
async fn an_id_token_of_another_issuer_or_client_is_rejected() {
    let server = Server::start().await;
    server.set(
        "/keys",
        &json!({ "keys": [{ "kid": "k", "kty": "RSA", "n": "AQAB", "e": "AQAB" }] }),
    );
    let (signed, mac) = (json!({ "alg": "RS256", "kid": "k" }), json!({ "alg": "HS256" }));
    let unnamed = json!({ "alg": "RS256" });
    let with = |name: &str, value: Value| {
        let mut claims = claims(&server);
        claims[name] = value;
        claims
    };
    for (header, claims, signature, is_accepted) in [
        (&signed, claims(&server), "signed", true),
        (&signed, claims(&server), "forged", false),
        (&unnamed, claims(&server), "signed", true),
        (&unnamed, claims(&server), "forged", false),
        (&json!({ "alg": "ES256" }), claims(&server), "signed", false),
        (&mac, claims(&server), "mac", true),
        (&mac, with("aud", json!(["other", "client"])), "mac", true),
        (&json!({ "alg": "none" }), claims(&server), "", false),
        (&json!({}), claims(&server), "signed", false),
        (
            &signed,
            with("iss", json!("https://evil.example")),
            "signed",
            false,
        ),
        (&signed, with("aud", json!("other")), "signed", false),
        (&signed, with("exp", json!(END - 7_200)), "signed", false),
        (&mac, with("iss", json!("https://evil.example")), "mac", false),
        (&mac, with("aud", json!("other")), "mac", false),
        (&mac, with("aud", json!(null)), "mac", false),
        (&mac, with("exp", json!(END - 7_200)), "mac", false),
    ] {
        let token = id_token(header, &claims, signature);
        server.set("/token", &json!({ "access_token": "a", "id_token": token }));
        let result = exchanged(discovered(&server), &server).await;
        assert_eq!(result.is_ok(), is_accepted, "{header} {claims} {signature}");
    }
}

#[tokio::test]
async fn an_id_token_with_an_address_describes_the_user() {
    let server = Server::start().await;
    let claims = json!({
        "sub": "1", "email": "ada@example.com", "email_verified": true, "picture": "https://op.example/1.png",
        "name": "Ada", "https://op.example/role": "admin", "org": { "id": 7 },
    });
    let options = GenericOptions {
        map_profile_to_user: [
            ("role", "https://op.example/role"),
            ("org", "org.id"),
            ("name", "nickname"),
        ]
        .map(|(name, path)| (name.to_owned(), path.to_owned()))
        .into(),
        ..discovered(&server)
    };
    let user = user(options, &server, Some(&claims)).await.unwrap().unwrap();
    assert_eq!(
        Value::from(user.user),
        json!({
            "id": "1", "email": "ada@example.com", "emailVerified": true, "image": "https://op.example/1.png",
            "name": "Ada", "org": 7, "role": "admin",
        })
    );
    assert_eq!(user.data["id"], "1");
    assert_eq!(user.data["email_verified"], true);
    assert!(server.requests("/userinfo").is_empty());
}

#[tokio::test]
async fn otherwise_the_profile_describes_the_user() {
    let server = Server::start().await;
    server.set(
        "/userinfo",
        &json!({ "sub": "1", "email": "ada@example.com", "name": "Ada" }),
    );
    let info = user(discovered(&server), &server, Some(&json!({ "sub": "1" })))
        .await
        .unwrap()
        .unwrap();
    let expected = json!({ "id": "1", "email": "ada@example.com", "emailVerified": false, "name": "Ada" });
    assert_eq!(Value::from(info.user), expected);
    assert!(server.requests("/userinfo")[0].contains("authorization: Bearer access\r\n"));
    server.set("/userinfo", &json!({ "sub": "1", "id": 17 }));
    let info = user(discovered(&server), &server, None).await.unwrap().unwrap();
    assert_eq!(info.profile().unwrap().id, "17");
    server.set("/userinfo", &json!({ "name": "Ada" }));
    let info = user(discovered(&server), &server, None).await.unwrap().unwrap();
    assert!(info.profile().is_err());
}

/// The fix of Better Auth 1.7.16: the profile must be that of the id token's user.
#[tokio::test]
async fn the_profile_of_another_user_than_the_id_tokens_is_rejected() {
    let server = Server::start().await;
    for profile in [
        json!({ "sub": "2", "email": "ada@example.com" }),
        json!({ "email": "ada@example.com" }),
    ] {
        server.set("/userinfo", &profile);
        let keycloak = GenericOptions {
            preset: Some(Preset::Keycloak),
            issuer: Some(server.url.clone()),
            ..discovered(&server)
        };
        for options in [discovered(&server), keycloak] {
            let result = user(options, &server, Some(&json!({ "sub": "1" }))).await;
            assert!(matches!(result, Err(ProviderError::Unusable(_))), "{profile}");
        }
    }
}

#[tokio::test]
async fn a_provider_without_a_profile_reports_no_user() {
    let server = Server::start().await;
    assert_eq!(
        user(configured(), &server, Some(&json!({ "sub": "1" })))
            .await
            .unwrap(),
        None
    );
    assert_eq!(user(configured(), &server, None).await.unwrap(), None);
}

#[tokio::test]
async fn tokens_are_refreshed() {
    let server = Server::start().await;
    server.set("/token", &json!({ "access_token": "b" }));
    let (provider, _clock) = provider(discovered(&server), &server);
    let tokens = provider.refresh(&secret("r")).await.unwrap();
    assert_eq!(tokens.access_token.unwrap().expose(), "b");
    let request = &server.requests("/token")[0];
    assert!(request.ends_with("grant_type=refresh_token&refresh_token=r&client_id=client"));
}
