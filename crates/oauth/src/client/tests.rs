use std::sync::Arc;

use portcullis_application::testing::FixedClock;
use portcullis_domain::secret::Secret;
use portcullis_outbound::testing::{TestServer, json_response, response};
use serde_json::{Value, json};

use super::*;
use crate::{
    flow::{TokenAnswer, TokenRequest},
    testing::client,
};

fn clock() -> Arc<FixedClock> {
    Arc::new(FixedClock::default())
}

/// The causes of a failure, which the log contains.
fn causes(error: &ProviderError) -> String {
    match error {
        ProviderError::Unreachable(failure) => failure.causes(),
        other => panic!("{other:?}"),
    }
}

fn token_request(server: &TestServer) -> TokenRequest {
    TokenRequest {
        endpoint: server.url("/token?key=hidden"),
        form: vec![("code", Secret::new("a b&c".to_owned()))],
        headers: vec![("authorization", Secret::new("Basic eDp5".to_owned()))],
        answer: TokenAnswer::EXCHANGE,
    }
}

#[tokio::test]
async fn an_error_contains_no_secret_of_the_request() {
    let server = TestServer::start(|_| "nonsense\r\n\r\nconnection: close".to_owned()).await;
    let error = client(&server, &clock())
        .tokens(&token_request(&server))
        .await
        .unwrap_err();
    let text = format!("{error:?} {error} {}", causes(&error));
    for secret in ["hidden", "a b&c", "a+b", "eDp5"] {
        assert!(!text.contains(secret), "{text}");
    }
}

#[tokio::test]
async fn a_token_answer_may_be_a_form() {
    let form = "access_token=t%2B1&scope=a+b&token_type=bearer&expires_in=60";
    let server = TestServer::start(move |_| {
        response("200 OK", "application/x-www-form-urlencoded; charset=utf-8", form)
    })
    .await;
    let client = client(&server, &clock());
    let tokens = client.tokens(&token_request(&server)).await.unwrap();
    assert_eq!(tokens.access_token.unwrap().expose(), "t+1");
    assert_eq!(tokens.scopes.unwrap(), ["a", "b"]);
    assert_eq!(
        tokens.access_token_expires_at.unwrap() - client.now(),
        chrono::TimeDelta::seconds(60)
    );
    let request = &server.requests()[0];
    assert!(request.ends_with("\r\n\r\ncode=a+b%26c"), "{request}");
    for header in [
        "accept: application/json\r\n",
        "user-agent: portcullis\r\n",
        "authorization: Basic eDp5\r\n",
        "content-type: application/x-www-form-urlencoded\r\n",
    ] {
        assert!(request.contains(header), "{header} is missing in {request}");
    }
}

#[tokio::test]
async fn an_error_of_a_token_endpoint_is_a_rejection_with_any_status() {
    let body =
        json!({ "error": "bad_verification_code", "error_description": "d", "error_uri": "u", "x": "y" });
    for status in ["200 OK", "400 Bad Request"] {
        let body = body.to_string();
        let server = TestServer::start(move |_| response(status, "application/json", &body)).await;
        let error = client(&server, &clock())
            .tokens(&token_request(&server))
            .await
            .unwrap_err();
        let ProviderError::Rejected(rejection) = error else {
            panic!("{error:?}");
        };
        assert_eq!(format!("{} {}", rejection.status, rejection.reason), status);
        assert_eq!(
            Value::Object(rejection.error),
            json!({ "error": "bad_verification_code", "error_description": "d", "error_uri": "u" })
        );
    }
}

#[tokio::test]
async fn an_empty_token_answer_is_no_answer() {
    let server = TestServer::start(|_| json_response(&Value::Null)).await;
    let error = client(&server, &clock()).tokens(&token_request(&server)).await;
    assert!(matches!(error, Err(ProviderError::Unusable("it is empty"))));
}
