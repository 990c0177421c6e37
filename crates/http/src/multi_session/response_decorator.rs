//! The cookie of the device's session, in responses that make the client store a session.

use actix_web::HttpResponse;
use chrono::TimeDelta;
use futures_util::{FutureExt as _, future::LocalBoxFuture};
use portcullis_application::{multi_session::MultiSession, ports::Failure};
use portcullis_domain::{multi_session::Arrival, token::SessionToken};
use tokio::time::timeout;

use super::MARK;
use crate::{
    cookie::Cookies,
    decorate::{Decorating, ResponseDecorator, Stores},
    error,
};

impl ResponseDecorator for MultiSession {
    /// If the older sessions cannot be read or take too long, the response is sent without the cookie, and the device
    /// does not keep the session when another one becomes its current one.
    fn decorate<'a>(&'a self, at: Decorating<'a>, response: &'a mut HttpResponse) -> LocalBoxFuture<'a, ()> {
        let stored = response.extensions().get::<Stores>().cloned();
        async move {
            let Some(stored) = stored else { return };
            let (cookies, token) = (at.cookies(), &stored.active_session.session.token);
            let held = cookies.further_sessions(MARK);
            // wire: a device that has the cookie keeps it for the time that it was given.
            if held.iter().any(|other| other.expose() == token.expose()) {
                return;
            }
            // The rest of the time is left for the response itself, and for other decorators.
            let limit = at.options.limits.request / 4;
            let arrival = timeout(limit, self.arrive(&held, &stored.active_session)).await;
            let elapsed = |_| Err(Failure::unavailable("reading a device's sessions took too long"));
            match arrival.unwrap_or_else(elapsed) {
                Ok(arrival) => {
                    let lifetime = stored.is_remembered.then(|| self.lifetime());
                    write(&arrival, &cookies, (token, lifetime), response);
                }
                Err(failure) => error::log(None, &failure, "stored a session that its device does not keep"),
            }
        }
        .boxed_local()
    }
}

/// Clears the cookies of sessions that the device loses, and sets that of the new one.
fn write(
    arrival: &Arrival,
    cookies: &Cookies<'_>,
    (token, lifetime): (&SessionToken, Option<TimeDelta>),
    response: &mut HttpResponse,
) {
    for lost in arrival.replaced.iter().chain(&arrival.forgotten) {
        cookies.forget_session((MARK, lost), response);
    }
    if arrival.is_kept {
        cookies.keep_session((MARK, token), lifetime, response);
    }
}
