//! Mix-up attacks (RFC 9700, 4.4): the answer of one provider is taken for that of another one.

use portcullis_testkit::MockProvider;

use super::{STRATEGIES, assert_nothing_stored, storing};
use crate::social::{
    flow::{Flow, open, with_parameter},
    location, with_provider,
};

#[tokio::test]
async fn the_state_of_one_provider_is_rejected_at_the_callback_of_another() {
    for strategy in STRATEGIES {
        let google = MockProvider::for_provider("google");
        let github = MockProvider::for_provider("github");
        let server = with_provider(storing(strategy, &google), "github", &github).start();
        for (from, to) in [(&google, &github), (&github, &google)] {
            let flow = Flow::start(&server, from.id()).await;
            let [own, other] = [from, to].map(|mock| format!("/callback/{}", mock.id()));
            let redirect = from.authorize(&flow.url).replace(&own, &other);
            let answer = open(&flow.browser, &redirect).await;
            assert_eq!(
                location(&answer),
                "/failed?error=state_mismatch",
                "{strategy}: {answer}"
            );
        }
        assert_eq!(google.token_requests().len(), 0, "{strategy}");
        assert_eq!(github.token_requests().len(), 0, "{strategy}");
        assert_nothing_stored(&server, strategy);
    }
}

/// RFC 9207.
#[tokio::test]
async fn an_answer_of_another_issuer_is_rejected() {
    let mock = MockProvider::for_provider("google");
    let server = storing("database", &mock).start();
    for issuer in ["https://evil.example", "https://accounts.google.com.evil.example"] {
        let flow = Flow::start(&server, "google").await;
        let redirect = with_parameter(&mock.authorize(&flow.url), "iss", Some(issuer));
        let answer = open(&flow.browser, &redirect).await;
        assert_eq!(location(&answer), "/failed?error=issuer_mismatch", "{issuer}");
    }
    assert_eq!(mock.token_requests().len(), 0);
    assert_nothing_stored(&server, "another issuer");

    let flow = Flow::start(&server, "google").await;
    let redirect = with_parameter(&mock.authorize(&flow.url), "iss", None);
    assert_eq!(location(&open(&flow.browser, &redirect).await), "/welcome");
}

/// The callback of generic providers is another path.
#[tokio::test]
async fn the_callback_of_generic_providers_does_not_take_the_answer_of_a_social_one() {
    let mock = MockProvider::for_provider("google");
    let server = storing("database", &mock)
        .set("PORTCULLIS_PLUGINS__GENERIC_OAUTH__ENABLED", "true")
        .start();
    let flow = Flow::start(&server, "google").await;
    let redirect = mock.authorize(&flow.url);
    let answer = open(
        &flow.browser,
        &redirect.replace("/callback/", "/oauth2/callback/"),
    )
    .await;
    assert!([302, 400, 404].contains(&answer.status), "{answer}");
    assert_nothing_stored(&server, "the generic callback");
    assert_eq!(mock.token_requests().len(), 0);
}
