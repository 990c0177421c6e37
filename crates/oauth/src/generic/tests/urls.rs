//! Authorization requests, and the checks of options.

use portcullis_application::ports::{IdentityProvider as _, IssuerCheck};

use super::{configured, provider::provider, request, secret, server::Server};
use crate::generic::{GenericOptions, GenericOptionsError, Preset, settings::Settings};

const CALLBACK: &str = "https%3A%2F%2Fauth.example.com%2Fapi%2Fauth%2Foauth2%2Fcallback%2Fop";

async fn url(options: GenericOptions, scopes: Option<&[&str]>, is_link: bool) -> String {
    let (provider, _clock) = provider(options, &Server::start().await);
    let verifier = secret("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
    let scopes: Option<Vec<String>> = scopes.map(|scopes| scopes.iter().map(ToString::to_string).collect());
    let request = request(&verifier, scopes.as_deref(), is_link);
    provider.authorization_url(&request).await.unwrap()
}

fn without_pkce() -> GenericOptions {
    GenericOptions {
        pkce: false,
        ..configured()
    }
}

#[tokio::test]
async fn a_request_has_the_parameters_of_better_auth() {
    assert_eq!(
        url(without_pkce(), None, false).await,
        format!(
            "https://op.example/auth?response_type=code&client_id=client&state=s&scope=&redirect_uri={CALLBACK}"
        )
    );
    let challenge = "code_challenge_method=S256&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    assert!(url(configured(), None, false).await.ends_with(challenge));
}

#[tokio::test]
async fn a_sign_in_requests_the_scopes_of_the_client_and_those_of_the_options() {
    let options = GenericOptions {
        scopes: Some(vec!["openid".to_owned(), "email".to_owned()]),
        ..without_pkce()
    };
    for (scopes, is_link, expected) in [
        (None, false, "scope=openid+email&"),
        (Some(&["a"][..]), false, "scope=a+openid+email&"),
        (Some(&[]), false, "scope=openid+email&"),
        (None, true, "scope=openid+email&"),
        (Some(&["a"]), true, "scope=a&"),
        (Some(&[]), true, "scope=&"),
    ] {
        let url = url(options.clone(), scopes, is_link).await;
        assert!(url.contains(expected), "{scopes:?} {is_link} {url}");
    }
}

#[tokio::test]
async fn configured_parameters_precede_and_replace_those_of_a_sign_in() {
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let options = GenericOptions {
        authorization_url: Some("https://op.example/auth?tenant=1".to_owned()),
        prompt: Some("consent".to_owned()),
        access_type: Some("offline".to_owned()),
        response_mode: Some("query".to_owned()),
        response_type: Some("code".to_owned()),
        authorization_url_params: vec![
            pair("audience", "api"),
            pair("prompt", "login"),
            pair("tenant", "2"),
        ],
        ..without_pkce()
    };
    assert_eq!(
        url(options.clone(), None, false).await,
        format!(
            "https://op.example/auth?tenant=2&audience=api&prompt=login&response_type=code&client_id=client&state=s\
             &scope=&redirect_uri={CALLBACK}&access_type=offline&response_mode=query"
        )
    );
    assert_eq!(
        url(options, None, true).await,
        format!(
            "https://op.example/auth?tenant=2&response_type=code&client_id=client&state=s&scope=\
             &redirect_uri={CALLBACK}&prompt=login&access_type=offline&audience=api"
        )
    );
}

#[test]
fn options_that_cannot_work_are_rejected() {
    let check = |options| Settings::new(options).map(|_| ()).unwrap_err();
    let empty = || GenericOptions::new("op", "client");
    assert_eq!(check(empty()), GenericOptionsError::NoEndpoints);
    assert_eq!(
        check(GenericOptions {
            token_url: Some("op.example".to_owned()),
            ..configured()
        }),
        GenericOptionsError::NotAUrl("token_url")
    );
    assert_eq!(
        check(GenericOptions {
            require_issuer_validation: true,
            ..configured()
        }),
        GenericOptionsError::NoIssuer
    );
    for (preset, option) in [
        (Preset::Auth0, "domain"),
        (Preset::Keycloak, "issuer"),
        (Preset::MicrosoftEntraId, "tenant_id"),
        (Preset::Okta, "issuer"),
    ] {
        let options = GenericOptions {
            preset: Some(preset),
            ..empty()
        };
        assert_eq!(preset.required_option(), Some(option));
        let preset = preset.name();
        assert_eq!(check(options), GenericOptionsError::Missing { preset, option });
    }
}

#[tokio::test]
async fn the_issuer_parameter_is_checked_as_far_as_the_issuer_is_known() {
    let server = Server::start().await;
    let policy = |issuer: Option<&str>, url: Option<&str>, require_issuer_validation| {
        let options = GenericOptions {
            issuer: issuer.map(str::to_owned),
            discovery_url: url.map(str::to_owned),
            require_issuer_validation,
            ..configured()
        };
        let (provider, _clock) = provider(options, &server);
        assert_eq!(provider.policy().callback_path, "/oauth2/callback/op");
        provider.policy().issuer.clone()
    };
    let issuer = "https://op.example".to_owned();
    let url = "https://op.example/.well-known/openid-configuration";
    assert_eq!(policy(None, None, false), IssuerCheck::Unknown);
    assert_eq!(
        policy(Some(&issuer), None, false),
        IssuerCheck::IfPresent(issuer.clone())
    );
    assert_eq!(
        policy(Some(&issuer), None, true),
        IssuerCheck::Required(issuer.clone())
    );
    assert_eq!(
        policy(None, Some(url), true),
        IssuerCheck::Required(issuer.clone())
    );
    assert_eq!(policy(None, Some(url), false), IssuerCheck::Unknown);
}
