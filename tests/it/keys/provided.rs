//! A test server on which users sign in with a provider, which a server of the test simulates.

use std::collections::BTreeMap;

use portcullis_testkit::{Answer, Caller, MockProvider, TestServer};
use serde_json::json;

use crate::social::{
    flow::{self, body},
    server_with, server_with_generic,
};

/// The provider that is simulated.
#[derive(Clone, Copy)]
pub(super) enum Shape {
    /// A provider of `social_providers`.
    Social(&'static str),
    /// A provider of `plugins.generic_oauth`, in the shape of a preset.
    Generic(&'static str),
}

impl Shape {
    /// The provider's id.
    pub(super) const fn id(self) -> &'static str {
        match self {
            Self::Social(id) | Self::Generic(id) => id,
        }
    }
}

/// A running server with its provider.
pub(super) struct Provided {
    pub(super) server: TestServer,
    pub(super) mock: MockProvider,
}

impl Provided {
    /// Starts both, with these settings in addition to those that the provider needs.
    pub(super) fn start(shape: Shape, settings: &BTreeMap<String, String>) -> Self {
        let (mock, builder) = match shape {
            Shape::Social(id) => {
                let mock = MockProvider::for_provider(id);
                let builder = server_with(id, &mock);
                (mock, builder)
            }
            Shape::Generic(id) => {
                let mock = MockProvider::for_preset(id);
                let builder = server_with_generic(&mock);
                (mock, builder)
            }
        };
        let url = mock.url("");
        let server = settings.iter().fold(builder, |builder, (variable, value)| {
            builder.set(variable, &value.replace("{mock}", &url))
        });
        Self {
            server: server.start(),
            mock,
        }
    }

    /// Signs the user of the provider in, in a new browser.
    pub(super) async fn sign_in(&self) -> (Caller, Answer) {
        flow::sign_in(&self.server, &self.mock).await
    }
}

/// The answer to a user who begins to sign in with this provider.
pub(super) fn beginning(id: &'static str) -> impl AsyncFn(&TestServer) -> String + Send + Sync + 'static {
    async move |server: &TestServer| {
        let call = server.anonymous();
        call.post("/sign-in/social", &body(id)).send().await.to_string()
    }
}

/// The page to which a new user returns after a sign-in: `/welcome`, or `/failed` with an error.
pub(super) async fn returning(on: &Provided) -> String {
    let (_, answer) = on.sign_in().await;
    format!("{}\n", answer.header("location").unwrap_or_default())
}

/// The name of a new user.
pub(super) async fn named(on: &Provided) -> String {
    on.sign_in().await;
    on.server.shown(r#"select name from "user""#).unwrap_or_default()
}

/// The name of a user who has changed it since the first sign-in, after the second one.
pub(super) async fn renamed(on: &Provided) -> String {
    on.sign_in().await;
    on.server.execute(r#"update "user" set name = 'Countess'"#);
    named(on).await
}

/// The answer to an id token that a client got from the provider itself.
pub(super) async fn with_id_token(on: &Provided) -> String {
    let claims = json!({ "sub": "4711", "email": "ada@example.com", "name": "Ada" });
    present(on, &on.mock.id_token(&claims)).await
}

/// The answer to this id token.
pub(super) async fn present(on: &Provided, token: &str) -> String {
    let body = json!({ "provider": on.mock.id(), "idToken": { "token": token } });
    let call = on.server.anonymous();
    call.post("/sign-in/social", &body).send().await.to_string()
}
