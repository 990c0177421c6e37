//! Extractors and middleware of actix-web.

mod extractors;
mod middleware;

use std::pin::Pin;

use actix_web::{
    HttpResponse, ResponseError,
    http::{
        StatusCode,
        header::{AUTHORIZATION, COOKIE, HeaderMap, HeaderValue, WWW_AUTHENTICATE},
    },
};

pub use self::{
    extractors::{Authenticated, SignedIn},
    middleware::{Authentication, AuthenticationService},
};
use crate::{Credentials, Error};

type LocalFuture<T, E> = Pin<Box<dyn Future<Output = Result<T, E>>>>;

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
