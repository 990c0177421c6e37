//! Deletion of a guest who signs in as another user.

use actix_web::HttpResponse;
use futures_util::{FutureExt as _, future::LocalBoxFuture};
use portcullis_application::{
    anonymous::{AnonymousLink, GUEST, guest_session},
    client_token::{ClientEffects, SessionEffect, TokenEffect},
};
use portcullis_domain::{id::UserId, token::SessionToken};

use crate::decorate::{Decorating, ResponseDecorator, Stores};

/// Prefixes of the paths at which guests sign in as other users, as in Better Auth's plugin.
const SIGN_INS: &[&str] = &[
    "/sign-in",
    "/sign-up",
    "/callback",
    "/oauth2/callback",
    "/magic-link/verify",
    "/email-otp/verify-email",
    "/one-tap/callback",
    "/passkey/verify-authentication",
    "/phone-number/verify",
];
/// Prefix of the paths of second steps.
const SECOND_STEPS: &str = "/two-factor/verify-";
const SIGN_OUT: &str = "/sign-out";

impl ResponseDecorator for AnonymousLink {
    /// A switch between sessions of one client, such as the end of an impersonation, is no sign-in. A sign-out clears
    /// the cookie of a guest who waits for a second step: the next user of the client may be another person.
    fn decorate<'a>(&'a self, at: Decorating<'a>, response: &'a mut HttpResponse) -> LocalBoxFuture<'a, ()> {
        let stores = response.extensions().get::<Stores>().cloned();
        if at.route.path == SIGN_OUT {
            forget_guest(at, response);
        }
        async move {
            let Some(Stores { active_session, .. }) = stores else {
                return;
            };
            if let Err(failure) = self
                .follow(&guests(at, &active_session.user.id), &active_session.user)
                .await
            {
                let cause = failure.causes();
                tracing::warn!(
                    cause,
                    "could not delete a guest who signed in as another user; the guest stays"
                );
            }
        }
        .boxed_local()
    }
}

/// Returns the session tokens that may be those of a guest who signs in with this request.
fn guests(at: Decorating<'_>, signed_in: &UserId) -> Vec<SessionToken> {
    let path = at.route.path;
    if SIGN_INS.iter().any(|start| path.starts_with(start)) {
        return at.session_tokens();
    }
    if !path.starts_with(SECOND_STEPS) {
        return Vec::new();
    }
    let presented = at.cookies().tokens().into_iter();
    let kept = presented.filter(|token| token.kind == GUEST);
    kept.filter_map(|token| guest_session(token.value.expose(), signed_in))
        .collect()
}

fn forget_guest(at: Decorating<'_>, response: &mut HttpResponse) {
    let cookies = at.cookies();
    if cookies.tokens().iter().any(|token| token.kind == GUEST) {
        let effects = ClientEffects {
            session: SessionEffect::Unchanged,
            tokens: vec![TokenEffect::Clear { kind: GUEST }],
        };
        cookies.apply(&effects, response);
    }
}
