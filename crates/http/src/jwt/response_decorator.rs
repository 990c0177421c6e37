//! The JWT in the header `set-auth-jwt` of responses that contain a session.

use actix_web::{
    HttpResponse,
    http::header::{HeaderName, HeaderValue},
};
use futures_util::{FutureExt as _, future::LocalBoxFuture};
use portcullis_application::ports::Failure;
use tokio::time::timeout;

use super::{JwtEndpoints, of};
use crate::{
    answer,
    decorate::{Contains, Decorating, ResponseDecorator},
    error,
    layer::response_head::Optional,
    operation::{AddedHeader, SentWith},
};

const SET_AUTH_JWT: HeaderName = HeaderName::from_static("set-auth-jwt");

pub(crate) const HEADER: AddedHeader = AddedHeader {
    name: "set-auth-jwt",
    description: "A JWT of the session's user, if the session was read from the database",
    sent_with: SentWith::Session,
};
/// Maximum length of that header: many clients and proxies reject longer ones. `GET /token` has no such limit.
const LONGEST: usize = 8 * 1024;

impl ResponseDecorator for JwtEndpoints {
    /// If creating the JWT fails or takes too long, or if the JWT is too long for a header, the response is sent
    /// without it.
    fn decorate<'a>(&'a self, at: Decorating<'a>, response: &'a mut HttpResponse) -> LocalBoxFuture<'a, ()> {
        let options = at.options;
        let session = response.extensions().get::<Contains>().cloned();
        async move {
            if let Some(Contains(active_session)) = session.filter(|_| self.jwt.sets_header()) {
                // The rest of the time is left for the response itself.
                let limit = options.limits.request / 2;
                let token = timeout(limit, of(&self.jwt, &active_session.user, options.presenter())).await;
                let elapsed = |_| Err(Failure::unavailable("creating the JWT took too long"));
                set(response, token.unwrap_or_else(elapsed));
            }
        }
        .boxed_local()
    }
}

fn set(response: &mut HttpResponse, token: Result<String, Failure>) {
    match token {
        Ok(token) if token.len() > LONGEST => {}
        Ok(token) => {
            if let Ok(value) = HeaderValue::from_maybe_shared(token) {
                answer::set_exposed_header(response.headers_mut(), SET_AUTH_JWT, value);
                response.extensions_mut().insert(Optional(SET_AUTH_JWT));
            }
        }
        Err(failure) => error::log(None, &failure, "sent a session without its JWT"),
    }
}
