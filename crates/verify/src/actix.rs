//! Extractors and middleware of actix-web.

use std::{
    future::{Ready, ready},
    pin::Pin,
    rc::Rc,
};

use actix_web::{
    FromRequest, HttpMessage, HttpRequest, HttpResponse, ResponseError,
    body::EitherBody,
    dev::{Payload, Service, ServiceRequest, ServiceResponse, Transform, forward_ready},
    error::ErrorInternalServerError,
    http::{
        StatusCode,
        header::{AUTHORIZATION, COOKIE, HeaderMap, HeaderValue, WWW_AUTHENTICATE},
    },
    web::Data,
};
use serde::de::DeserializeOwned;

use crate::{
    Authenticate, Claims, Credentials, Empty, Error, Session, SessionChecker, Verifier,
    authenticate::{signed_in, verified},
};

type LocalFuture<T, E> = Pin<Box<dyn Future<Output = Result<T, E>>>>;

/// The claims of the request's bearer token. Add the [`Verifier`] to the app as [`Data`].
#[derive(Clone, Debug)]
pub struct Authenticated<T = Empty>(pub Claims<T>);

/// The session of the request's cookie or bearer token. Add the [`SessionChecker`] to the app as [`Data`].
#[derive(Clone, Debug)]
pub struct SignedIn<T = Empty>(pub Session<T>);

impl<T: DeserializeOwned + 'static> FromRequest for Authenticated<T> {
    type Error = actix_web::Error;
    type Future = LocalFuture<Self, Self::Error>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let verifier = data::<Verifier>(request);
        let credentials = credentials(request.headers());
        Box::pin(async move {
            let verifier = verifier?;
            Ok(Self(verified(&verifier, &credentials).await?))
        })
    }
}

impl<T: DeserializeOwned + 'static> FromRequest for SignedIn<T> {
    type Error = actix_web::Error;
    type Future = LocalFuture<Self, Self::Error>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let checker = data::<SessionChecker>(request);
        let credentials = credentials(request.headers());
        Box::pin(async move {
            let checker = checker?;
            Ok(Self(signed_in(&checker, &credentials).await?))
        })
    }
}

fn data<A: 'static>(request: &HttpRequest) -> Result<Data<A>, actix_web::Error> {
    request.app_data::<Data<A>>().cloned().ok_or_else(|| {
        tracing::error!(
            "the app has no {}; add it with `app_data(Data::new(…))`",
            std::any::type_name::<A>()
        );
        ErrorInternalServerError("authentication is not configured")
    })
}

fn credentials(headers: &HeaderMap) -> Credentials {
    let lines = |name| headers.get_all(name).map(HeaderValue::as_bytes);
    Credentials::new(lines(AUTHORIZATION), lines(COOKIE))
}

/// 401 with `WWW-Authenticate`, or 503.
impl ResponseError for Error {
    fn status_code(&self) -> StatusCode {
        if self.is_unavailable() {
            StatusCode::SERVICE_UNAVAILABLE
        } else {
            StatusCode::UNAUTHORIZED
        }
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status_code());
        if let Some(challenge) = self.challenge() {
            response.insert_header((WWW_AUTHENTICATE, challenge));
        }
        response
            .content_type("text/plain; charset=utf-8")
            .body(self.public_message())
    }
}

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
