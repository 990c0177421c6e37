//! Middleware for axum, tonic and other services of tower.
//!
//! [`AuthenticationLayer`] adds the caller to the request's extensions, or responds itself: to HTTP requests with 401
//! and `WWW-Authenticate`, or 503; to gRPC requests with the status `UNAUTHENTICATED` or `UNAVAILABLE`.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use http::{
    HeaderMap, HeaderValue, Request, Response, StatusCode,
    header::{CONTENT_TYPE, WWW_AUTHENTICATE},
};
use tower_layer::Layer;
use tower_service::Service;

use crate::{Authenticate, Error};

/// The media type of gRPC, and the start of its variants.
const GRPC: &str = "application/grpc";
/// Status codes of gRPC.
const UNAUTHENTICATED: HeaderValue = HeaderValue::from_static("16");
const UNAVAILABLE: HeaderValue = HeaderValue::from_static("14");

/// Adds authentication to a service.
#[derive(Debug)]
pub struct AuthenticationLayer<A> {
    authenticator: Arc<A>,
}

/// A service that only authenticated requests reach.
#[derive(Debug)]
pub struct Authentication<S, A> {
    inner: S,
    authenticator: Arc<A>,
}

impl<A: Authenticate> AuthenticationLayer<A> {
    /// Returns a layer that asks this verifier, checker or introspector.
    pub fn new(authenticator: A) -> Self {
        Self {
            authenticator: Arc::new(authenticator),
        }
    }
}

impl<A> Clone for AuthenticationLayer<A> {
    fn clone(&self) -> Self {
        Self {
            authenticator: Arc::clone(&self.authenticator),
        }
    }
}

impl<S: Clone, A> Clone for Authentication<S, A> {
    fn clone(&self) -> Self {
        Self {
            inner: self.inner.clone(),
            authenticator: Arc::clone(&self.authenticator),
        }
    }
}

impl<S, A> Layer<S> for AuthenticationLayer<A> {
    type Service = Authentication<S, A>;

    fn layer(&self, inner: S) -> Self::Service {
        Authentication {
            inner,
            authenticator: Arc::clone(&self.authenticator),
        }
    }
}

impl<S, A, B, R> Service<Request<B>> for Authentication<S, A>
where
    A: Authenticate,
    S: Service<Request<B>, Response = Response<R>> + Clone + Send + 'static,
    S::Future: Send,
    B: Send + 'static,
    R: Default,
{
    type Response = Response<R>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        // The service that was polled until it was ready is the one to call.
        let clone = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, clone);
        let authenticator = Arc::clone(&self.authenticator);
        Box::pin(async move {
            match authenticator.authenticate(&request.headers().into()).await {
                Ok(identity) => {
                    request.extensions_mut().insert(identity);
                    inner.call(request).await
                }
                Err(error) => Ok(refusal(&error, is_grpc(request.headers()))),
            }
        })
    }
}

fn is_grpc(headers: &HeaderMap) -> bool {
    let media_type = headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes);
    media_type.is_some_and(|media_type| media_type.starts_with(GRPC.as_bytes()))
}

fn refusal<R: Default>(error: &Error, is_grpc: bool) -> Response<R> {
    let mut response = Response::new(R::default());
    if is_grpc {
        let status = if error.is_unavailable() {
            UNAVAILABLE
        } else {
            UNAUTHENTICATED
        };
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(GRPC));
        headers.insert("grpc-status", status);
        if let Ok(message) = HeaderValue::try_from(error.public_message()) {
            headers.insert("grpc-message", message);
        }
    } else {
        *response.status_mut() = if error.is_unavailable() {
            StatusCode::SERVICE_UNAVAILABLE
        } else {
            StatusCode::UNAUTHORIZED
        };
        if let Some(Ok(challenge)) = error.challenge().map(HeaderValue::try_from) {
            response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
        }
    }
    response
}
