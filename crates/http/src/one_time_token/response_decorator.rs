//! The one-time token in the header `set-ott` of responses that make the client store a session.

use actix_web::{
    HttpResponse,
    http::header::{HeaderName, HeaderValue},
};
use futures_util::{FutureExt as _, future::LocalBoxFuture};
use portcullis_application::{one_time_token::OneTimeTokens, ports::Failure};
use portcullis_domain::token::OneTimeToken;
use tokio::time::timeout;

use crate::{
    answer,
    decorate::{Decorating, ResponseDecorator, Stores},
    error,
    operation::{AddedHeader, SentWith},
};

const SET_OTT: HeaderName = HeaderName::from_static("set-ott");

pub(crate) const HEADER: AddedHeader = AddedHeader {
    name: "set-ott",
    description: "A one-time token for the session, if the response sets the session cookie",
    sent_with: SentWith::Cookies,
};

impl ResponseDecorator for OneTimeTokens {
    /// If creating the token fails or takes too long, the response is sent without it.
    fn decorate<'a>(&'a self, at: Decorating<'a>, response: &'a mut HttpResponse) -> LocalBoxFuture<'a, ()> {
        let stored = response.extensions().get::<Stores>().cloned();
        async move {
            if let Some(stored) = stored.filter(|_| self.sets_header()) {
                // The rest of the time is left for the response itself, and for other decorators.
                let limit = at.options.limits.request / 4;
                let token = timeout(limit, self.create(&stored.active_session.session)).await;
                let elapsed = |_| Err(Failure::unavailable("creating the one-time token took too long"));
                set(response, token.unwrap_or_else(elapsed));
            }
        }
        .boxed_local()
    }
}

fn set(response: &mut HttpResponse, token: Result<Option<OneTimeToken>, Failure>) {
    match token {
        Ok(token) => {
            let value = token.and_then(|token| HeaderValue::from_str(token.expose()).ok());
            if let Some(value) = value {
                answer::set_exposed_header(response.headers_mut(), SET_OTT, value);
            }
        }
        Err(failure) => error::log(None, &failure, "stored a session without its one-time token"),
    }
}
