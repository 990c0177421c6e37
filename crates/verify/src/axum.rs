//! Extractors of axum. For a whole router, use the layer of the feature `tower`.

use axum_core::{
    extract::{FromRef, FromRequestParts},
    response::{IntoResponse, Response},
};
use http::{HeaderValue, StatusCode, header::WWW_AUTHENTICATE, request::Parts};
use serde::de::DeserializeOwned;

use crate::{
    Claims, Empty, Error, Session, SessionChecker, Verifier,
    authenticate::{signed_in, verified},
};

/// The claims of the request's bearer token. The router's state provides the [`Verifier`].
#[derive(Clone, Debug)]
pub struct Authenticated<T = Empty>(pub Claims<T>);

/// The session of the request's cookie or bearer token. The router's state provides the [`SessionChecker`].
#[derive(Clone, Debug)]
pub struct SignedIn<T = Empty>(pub Session<T>);

impl<S, T> FromRequestParts<S> for Authenticated<T>
where
    S: Send + Sync,
    T: DeserializeOwned,
    Verifier: FromRef<S>,
{
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let verifier = Verifier::from_ref(state);
        verified(&verifier, &(&parts.headers).into()).await.map(Self)
    }
}

impl<S, T> FromRequestParts<S> for SignedIn<T>
where
    S: Send + Sync,
    T: DeserializeOwned,
    SessionChecker: FromRef<S>,
{
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let checker = SessionChecker::from_ref(state);
        signed_in(&checker, &(&parts.headers).into()).await.map(Self)
    }
}

/// 401 with `WWW-Authenticate`, or 503.
impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let status = if self.is_unavailable() {
            StatusCode::SERVICE_UNAVAILABLE
        } else {
            StatusCode::UNAUTHORIZED
        };
        let mut response = (status, self.public_message()).into_response();
        if let Some(Ok(challenge)) = self.challenge().map(HeaderValue::try_from) {
            response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
        }
        response
    }
}
