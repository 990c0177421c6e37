//! A server that answers as Portcullis does, for the tests of the examples.

use portcullis_verify::{Clock as _, SystemClock};
use serde_json::json;

use crate::{
    server::{Reply, TestServer},
    session::signed_in,
    signer::{Signer, claims, jwks},
};

/// A running server and its key.
pub(crate) struct Portcullis {
    pub(crate) server: TestServer,
    pub(crate) signer: Signer,
}

impl Portcullis {
    pub(crate) async fn start() -> Self {
        let server = TestServer::start(Reply::status(404)).await;
        let signer = Signer::new("EdDSA", "a");
        let keys = jwks([&signer]);
        server.handle(move |request| match request.split(' ').nth(1) {
            Some("/api/auth/jwks") => Reply::json(&keys),
            Some("/api/auth/get-session?disableRefresh=true") => {
                let is_signed_in = request.contains("better-auth.session_token=live");
                if is_signed_in {
                    Reply::json(signed_in())
                } else {
                    Reply::json("null")
                }
            }
            _ => Reply::status(404),
        });
        Self { server, signer }
    }

    /// A token that this server signed now, with an offset to its expiry.
    pub(crate) fn token(&self, expires_in: i64) -> String {
        let now = SystemClock.now().duration_since(std::time::UNIX_EPOCH).unwrap();
        let now = i64::try_from(now.as_secs()).unwrap();
        let mut claims = claims();
        for (name, value) in [
            ("iss", json!(self.server.url)),
            ("aud", json!(self.server.url)),
            ("iat", json!(now)),
            ("exp", json!(now + expires_in)),
        ] {
            claims[name] = value;
        }
        self.signer.sign(&claims)
    }
}

/// What a service answered: the status, `WWW-Authenticate` and the body.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Seen(pub(crate) u16, pub(crate) Option<String>, pub(crate) String);

/// Sends a request with one header to a service.
pub(crate) async fn get(url: &str, header: Option<(&str, &str)>) -> Seen {
    let mut request = reqwest::Client::new().get(url);
    if let Some((name, value)) = header {
        request = request.header(name, value);
    }
    let response = request.send().await.unwrap();
    let challenge = response.headers().get("www-authenticate");
    let challenge = challenge.map(|challenge| challenge.to_str().unwrap().to_owned());
    Seen(
        response.status().as_u16(),
        challenge,
        response.text().await.unwrap(),
    )
}

/// Checks what the examples of axum and actix-web promise.
pub(crate) async fn check(service: &str, portcullis: &Portcullis) {
    let bearer = |token: &str| format!("Bearer {token}");
    let valid = bearer(&portcullis.token(900));
    let expired = bearer(&portcullis.token(-900));
    for (path, body) in [
        ("/me", "user1 ada@example.com"),
        ("/reports", "reports of ada@example.com"),
    ] {
        let url = format!("{service}{path}");
        let allowed = get(&url, Some(("authorization", &valid))).await;
        assert_eq!(allowed, Seen(200, None, body.to_owned()));

        let Seen(status, challenge, _) = get(&url, None).await;
        assert_eq!((status, challenge.as_deref()), (401, Some("Bearer")));

        let Seen(status, challenge, body) = get(&url, Some(("authorization", &expired))).await;
        let expected = "Bearer error=\"invalid_token\", error_description=\"the token has expired\"";
        assert_eq!((status, challenge.as_deref()), (401, Some(expected)));
        assert!(!body.contains("ada"), "{body}");
    }
    let url = format!("{service}/account");
    let live = get(&url, Some(("cookie", "better-auth.session_token=live"))).await;
    assert_eq!(live, Seen(200, None, "user1 ada@example.com".to_owned()));
    let Seen(status, _, body) = get(&url, Some(("cookie", "better-auth.session_token=ended"))).await;
    assert_eq!(
        (status, body.as_str()),
        (401, "the session has ended or does not exist")
    );
    let Seen(status, challenge, _) = get(&url, None).await;
    assert_eq!((status, challenge.as_deref()), (401, Some("Bearer")));
}

/// Checks a service whose server is away.
pub(crate) async fn check_outage(service: &str, portcullis: &Portcullis) {
    let valid = format!("Bearer {}", portcullis.token(900));
    for (path, name, value) in [
        ("/me", "authorization", valid.as_str()),
        ("/reports", "authorization", valid.as_str()),
        ("/account", "cookie", "better-auth.session_token=live"),
    ] {
        let Seen(status, challenge, _) = get(&format!("{service}{path}"), Some((name, value))).await;
        assert_eq!((status, challenge), (503, None), "{path}");
    }
}
