//! Middleware that only authenticated requests pass.

use std::{
    future::{Ready, ready},
    rc::Rc,
};

use actix_web::{
    HttpMessage, ResponseError,
    body::EitherBody,
    dev::{Service, ServiceRequest, ServiceResponse, Transform, forward_ready},
};

use super::{LocalFuture, credentials};
use crate::Authenticate;

/// Middleware that only authenticated requests pass. Handlers receive the caller as `ReqData<Claims>` or
/// `ReqData<Session>`.
#[derive(Debug)]
pub struct Authentication<A>(Rc<A>);

/// The service that [`Authentication`] makes.
#[derive(Debug)]
pub struct AuthenticationService<S, A> {
    inner: Rc<S>,
    authenticator: Rc<A>,
}

impl<A: Authenticate> Authentication<A> {
    /// Returns middleware that asks this verifier, checker or introspector.
    pub fn new(authenticator: A) -> Self {
        Self(Rc::new(authenticator))
    }
}

impl<S, B, A> Transform<S, ServiceRequest> for Authentication<A>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = actix_web::Error> + 'static,
    A: Authenticate,
    B: 'static,
{
    type Response = ServiceResponse<EitherBody<B>>;
    type Error = actix_web::Error;
    type InitError = ();
    type Transform = AuthenticationService<S, A>;
    type Future = Ready<Result<Self::Transform, ()>>;

    fn new_transform(&self, inner: S) -> Self::Future {
        ready(Ok(AuthenticationService {
            inner: Rc::new(inner),
            authenticator: Rc::clone(&self.0),
        }))
    }
}

impl<S, B, A> Service<ServiceRequest> for AuthenticationService<S, A>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = actix_web::Error> + 'static,
    A: Authenticate,
    B: 'static,
{
    type Response = ServiceResponse<EitherBody<B>>;
    type Error = actix_web::Error;
    type Future = LocalFuture<Self::Response, Self::Error>;

    forward_ready!(inner);

    fn call(&self, request: ServiceRequest) -> Self::Future {
        let inner = Rc::clone(&self.inner);
        let authenticator = Rc::clone(&self.authenticator);
        let credentials = credentials(request.headers());
        Box::pin(async move {
            match authenticator.authenticate(&credentials).await {
                Ok(identity) => {
                    request.extensions_mut().insert(identity);
                    inner.call(request).await.map(ServiceResponse::map_into_left_body)
                }
                // A response, not an error: middleware outside, such as CORS, adds its headers to responses only.
                Err(error) => Ok(request
                    .into_response(error.error_response())
                    .map_into_right_body()),
            }
        })
    }
}
