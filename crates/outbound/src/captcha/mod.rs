//! The services that assess solved captchas.

mod provider;

use async_trait::async_trait;
use portcullis_application::ports::{CaptchaService, Failure};
use portcullis_domain::{captcha::Assessment, secret::Secret};
use serde_json::{Value, json};

pub use self::provider::CaptchaProvider;
use crate::client::{Client, RequestError};

/// Options of a service.
#[derive(Clone, Debug)]
pub struct CaptchaServiceOptions {
    /// The provider.
    pub provider: CaptchaProvider,
    /// The key with which this server authenticates itself.
    pub secret_key: Secret<String>,
    /// The key of the site for which challenges must have been solved. `None`: any site of the account.
    pub site_key: Option<String>,
    /// The URL at which challenges are assessed. `None`: that of the provider.
    pub url: Option<String>,
}

/// Checks solved challenges with a provider.
pub struct CaptchaVerifier {
    client: Client,
    options: CaptchaServiceOptions,
}

impl CaptchaVerifier {
    /// Creates a verifier that sends its requests with this client.
    #[must_use]
    pub const fn new(client: Client, options: CaptchaServiceOptions) -> Self {
        Self { client, options }
    }

    /// Returns the members of a request, in Better Auth's order.
    fn members<'a>(&'a self, response: &'a str, address: &'a str) -> Vec<(&'static str, &'a str)> {
        let CaptchaServiceOptions {
            provider,
            secret_key,
            site_key,
            ..
        } = &self.options;
        let site_key = site_key.as_deref().map(|key| ("sitekey", key));
        let address = Some((provider.address(), address)).filter(|(_, address)| !address.is_empty());
        [
            Some(("secret", secret_key.expose().as_str())),
            Some(("response", response)),
            site_key,
            address,
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    async fn send(&self, members: &[(&str, &str)]) -> Result<Value, RequestError> {
        let provider = self.options.provider;
        let url = self.options.url.as_deref().unwrap_or(provider.url());
        if provider.takes_json() {
            let members = members
                .iter()
                .map(|(name, text)| ((*name).to_owned(), json!(text)));
            let body = Value::Object(members.collect());
            self.client.post_json(url, Some(&body), &[]).await
        } else {
            self.client.post_form(url, members, &[]).await
        }
    }
}

#[async_trait]
impl CaptchaService for CaptchaVerifier {
    async fn assess(&self, response: &Secret<String>, address: &str) -> Result<Assessment, Failure> {
        let members = self.members(response.expose(), address);
        let answer = self.send(&members).await?;
        if !answer.is_object() {
            return Err(Failure::unavailable(
                "the captcha service did not answer with an object",
            ));
        }
        Ok(assessment(&answer))
    }
}

fn assessment(answer: &Value) -> Assessment {
    let text = |name: &str| answer.get(name).and_then(Value::as_str).map(str::to_owned);
    Assessment {
        is_success: answer.get("success") == Some(&Value::Bool(true)),
        score: answer.get("score").and_then(Value::as_f64),
        hostname: text("hostname"),
        action: text("action"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{TestServer, json_response, response};

    const ALL: [CaptchaProvider; 4] = [
        CaptchaProvider::CloudflareTurnstile,
        CaptchaProvider::GoogleRecaptcha,
        CaptchaProvider::HCaptcha,
        CaptchaProvider::CaptchaFox,
    ];

    fn verifier(server: &TestServer, provider: CaptchaProvider, site_key: Option<&str>) -> CaptchaVerifier {
        let options = CaptchaServiceOptions {
            provider,
            secret_key: Secret::new("s+1".to_owned()),
            site_key: site_key.map(str::to_owned),
            url: Some(server.url("/siteverify")),
        };
        CaptchaVerifier::new(server.client(), options)
    }

    async fn assess(verifier: &CaptchaVerifier, address: &str) -> Result<Assessment, Failure> {
        verifier.assess(&Secret::new("a b".to_owned()), address).await
    }

    #[tokio::test]
    async fn the_requests_are_those_of_better_auth() {
        let server = TestServer::start(|_| json_response(&json!({ "success": true }))).await;
        for provider in ALL {
            let verifier = verifier(&server, provider, Some("k"));
            assert!(assess(&verifier, "203.0.113.7").await.unwrap().is_success);
            assert!(assess(&verifier, "").await.unwrap().is_success);
        }
        let requests = server.requests();
        let bodies: Vec<_> = requests
            .iter()
            .map(|request| request.split("\r\n\r\n").nth(1).unwrap())
            .collect();
        assert_eq!(
            bodies,
            [
                r#"{"secret":"s+1","response":"a b","sitekey":"k","remoteip":"203.0.113.7"}"#,
                r#"{"secret":"s+1","response":"a b","sitekey":"k"}"#,
                "secret=s%2B1&response=a+b&sitekey=k&remoteip=203.0.113.7",
                "secret=s%2B1&response=a+b&sitekey=k",
                "secret=s%2B1&response=a+b&sitekey=k&remoteip=203.0.113.7",
                "secret=s%2B1&response=a+b&sitekey=k",
                "secret=s%2B1&response=a+b&sitekey=k&remoteIp=203.0.113.7",
                "secret=s%2B1&response=a+b&sitekey=k",
            ]
        );
        assert!(requests[0].starts_with("POST /siteverify "));
        assert!(requests[0].contains("content-type: application/json\r\n"));
        assert!(requests[2].contains("content-type: application/x-www-form-urlencoded\r\n"));
    }

    #[test]
    fn every_provider_has_a_url_of_its_own() {
        for provider in ALL {
            assert!(provider.url().starts_with("https://") && provider.url().ends_with("/siteverify"));
        }
    }

    #[tokio::test]
    async fn only_true_is_a_success() {
        for (answer, expected) in [
            (
                json!({ "success": true, "score": 0.3, "hostname": "h", "action": "a" }),
                true,
            ),
            (json!({ "success": false }), false),
            (json!({ "success": "true" }), false),
            (json!({ "success": 1 }), false),
            (json!({}), false),
        ] {
            let server = TestServer::start(move |_| json_response(&answer)).await;
            let verifier = verifier(&server, CaptchaProvider::GoogleRecaptcha, None);
            let found = assess(&verifier, "").await.unwrap();
            assert_eq!(found.is_success, expected, "{found:?}");
            if expected {
                assert_eq!(found.score, Some(0.3));
                assert_eq!(
                    (found.hostname.as_deref(), found.action.as_deref()),
                    (Some("h"), Some("a"))
                );
            }
        }
    }

    #[tokio::test]
    async fn an_answer_that_cannot_be_used_is_a_failure_without_secrets() {
        for answer in [
            response(
                "500 Internal Server Error",
                "application/json",
                r#"{"success":true}"#,
            ),
            response("302 Found", "application/json", r#"{"success":true}"#),
            response("200 OK", "text/html", "<p>success</p>"),
            json_response(&json!(null)),
            json_response(&json!([{ "success": true }])),
        ] {
            let server = TestServer::start(move |_| answer.clone()).await;
            let verifier = verifier(&server, CaptchaProvider::HCaptcha, None);
            let failure = assess(&verifier, "").await.unwrap_err();
            let text = format!("{failure:?} {}", failure.causes());
            assert!(
                !text.contains("s+1") && !text.contains("s%2B1") && !text.contains("a b"),
                "{text}"
            );
            assert_eq!(server.requests().len(), 1);
        }
    }
}
