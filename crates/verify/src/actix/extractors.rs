//! Extractors of the caller.

use actix_web::{FromRequest, HttpRequest, dev::Payload, error::ErrorInternalServerError, web::Data};
use serde::de::DeserializeOwned;

use super::{LocalFuture, credentials};
use crate::{
    Claims, Empty, Session, SessionChecker, Verifier,
    authenticate::{signed_in, verified},
};

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
