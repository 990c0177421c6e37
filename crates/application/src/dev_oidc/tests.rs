//! Codes: what they are bound to, and how often they can be used.

use std::{collections::BTreeMap, sync::Arc};

use serde_json::json;

use super::*;
use crate::{
    ports::{AuthorizationRequest, CodeExchange, ProviderError, ProviderTokens},
    testing::{FakePorts, FixedClock, MemoryStore},
};

const REDIRECT_URI: &str = "http://localhost:3000/api/auth/callback/dev-oidc";

struct Setting {
    clock: Arc<FixedClock>,
    dev_oidc: DevOidc,
    provider: Arc<dyn IdentityProvider>,
}

fn setting() -> Setting {
    let fakes = FakePorts::with_store(MemoryStore::default());
    let clock = Arc::clone(&fakes.clock);
    let options = DevOidcOptions {
        origin: "http://localhost:3000".to_owned(),
        base_url: "http://localhost:3000/api/auth".to_owned(),
        code_challenge: |verifier| format!("S256({})", verifier.expose()),
    };
    let dev_oidc = DevOidc::new(&fakes.ports, options);
    Setting {
        clock,
        provider: dev_oidc.identity_provider(),
        dev_oidc,
    }
}

fn person(name: &str) -> Person {
    Person {
        name: name.to_owned(),
        email: EmailAddress::from_stored(format!("{name}@example.com")),
        is_email_verified: true,
    }
}

fn verifier() -> Secret<String> {
    Secret::new("verifier".to_owned())
}

impl Setting {
    /// The request of a browser that a sign-in has sent to the provider.
    async fn request(&self) -> PersonRequest {
        let request = AuthorizationRequest {
            state: "state",
            code_verifier: &verifier(),
            redirect_uri: REDIRECT_URI,
            scopes: None,
            login_hint: Some("ada@example.com"),
            is_link: false,
        };
        let url = self.provider.authorization_url(&request).await.unwrap();
        let (path, query) = url.split_once('?').unwrap();
        assert_eq!(path, "http://localhost:3000/dev/oidc/authorize");
        assert!(query.ends_with("&login_hint=ada%40example.com"), "{query}");
        let mut sent = parameters(query);
        let mut parameter = |name: &str| sent.remove(name).unwrap();
        PersonRequest {
            response_type: parameter("response_type"),
            client_id: parameter("client_id"),
            redirect_uri: parameter("redirect_uri"),
            state: parameter("state"),
            code_challenge: parameter("code_challenge"),
            code_challenge_method: parameter("code_challenge_method"),
        }
    }

    async fn code(&self, name: &str) -> String {
        let choice = Choice::Approved(person(name));
        let url = self.dev_oidc.decide(&self.request().await, choice).unwrap();
        parameters(url.split_once('?').unwrap().1).remove("code").unwrap()
    }

    async fn exchange(
        &self,
        code: &str,
        code_verifier: Secret<String>,
        redirect_uri: &str,
    ) -> Result<ProviderTokens, ProviderError> {
        let exchange = CodeExchange {
            code: &Secret::new(code.to_owned()),
            code_verifier: &code_verifier,
            redirect_uri,
            device_id: None,
            user: None,
        };
        self.provider.exchange(&exchange).await
    }
}

fn parameters(query: &str) -> BTreeMap<String, String> {
    url::form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect()
}

#[tokio::test]
async fn a_code_is_exchanged_once_for_the_person_that_the_developer_chose() {
    let setting = setting();
    let (ada, bob) = (setting.code("ada").await, setting.code("bob").await);
    for (code, id) in [(bob, "bob@example.com"), (ada, "ada@example.com")] {
        let tokens = setting.exchange(&code, verifier(), REDIRECT_URI).await.unwrap();
        let info = setting.provider.user_info(&tokens).await.unwrap().unwrap();
        assert_eq!(
            (info.user.get("id"), info.user.get("emailVerified")),
            (Some(&json!(id)), Some(&json!(true)))
        );
        assert!(tokens.access_token.is_some() && tokens.refresh_token.is_none());
        assert!(setting.exchange(&code, verifier(), REDIRECT_URI).await.is_err());
    }
}

#[tokio::test]
async fn a_code_is_bound_to_its_request_and_ends_with_the_first_attempt() {
    let setting = setting();
    let other = || Secret::new("other".to_owned());
    for (code_verifier, redirect_uri) in [
        (other(), REDIRECT_URI),
        (verifier(), "http://localhost:3000/elsewhere"),
    ] {
        let code = setting.code("ada").await;
        let rejected = setting.exchange(&code, code_verifier, redirect_uri).await;
        assert!(matches!(rejected, Err(ProviderError::Rejected(_))));
        assert!(setting.exchange(&code, verifier(), REDIRECT_URI).await.is_err());
    }
}

#[tokio::test]
async fn a_code_expires_after_a_minute() {
    let setting = setting();
    let (early, late) = (setting.code("ada").await, setting.code("bob").await);
    setting.clock.advance(TimeDelta::seconds(59));
    assert!(setting.exchange(&early, verifier(), REDIRECT_URI).await.is_ok());
    setting.clock.advance(TimeDelta::seconds(1));
    assert!(setting.exchange(&late, verifier(), REDIRECT_URI).await.is_err());
}

#[tokio::test]
async fn the_oldest_code_is_dropped_if_there_are_too_many() {
    let setting = setting();
    let first = setting.code("ada").await;
    let second = setting.code("bob").await;
    for _ in 0..63 {
        setting.code("eve").await;
    }
    assert!(setting.exchange(&first, verifier(), REDIRECT_URI).await.is_err());
    assert!(setting.exchange(&second, verifier(), REDIRECT_URI).await.is_ok());
}

#[tokio::test]
async fn a_request_that_this_server_did_not_make_gets_no_code() {
    let setting = setting();
    let own = setting.request().await;
    let change = |change: fn(&mut PersonRequest)| {
        let mut request = own.clone();
        change(&mut request);
        request
    };
    for foreign in [
        change(|request| request.client_id = "other".to_owned()),
        change(|request| request.redirect_uri = "https://evil.example".to_owned()),
        change(|request| request.redirect_uri.push('/')),
        change(|request| request.response_type = "token".to_owned()),
        change(|request| request.code_challenge_method = "plain".to_owned()),
        change(|request| request.code_challenge.clear()),
        change(|request| request.state.clear()),
    ] {
        let choice = Choice::Approved(person("ada"));
        assert_eq!(setting.dev_oidc.check(&foreign), Err(ForeignRequest));
        assert_eq!(setting.dev_oidc.decide(&foreign, choice), Err(ForeignRequest));
    }
    assert_eq!(setting.dev_oidc.check(&own), Ok(()));
}

#[tokio::test]
async fn a_developer_who_cancels_returns_with_an_error() {
    let setting = setting();
    let url = setting.dev_oidc.decide(&setting.request().await, Choice::Denied);
    assert_eq!(
        url.unwrap(),
        format!("{REDIRECT_URI}?error=access_denied&state=state&iss=http%3A%2F%2Flocalhost%3A3000")
    );
}
