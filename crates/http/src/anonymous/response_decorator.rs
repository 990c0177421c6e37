//! The end of a guest who signs in as another user.

use actix_web::HttpResponse;
use futures_util::{FutureExt as _, future::LocalBoxFuture};
use portcullis_application::anonymous::{AnonymousLink, GUEST, guest_session};
use portcullis_domain::token::SessionToken;

use crate::decorate::{Decorating, ResponseDecorator, Stores};

/// How the paths begin at which guests sign in as other users, as in Better Auth's plugin.
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
/// How the paths of second steps begin.
const SECOND_STEPS: &str = "/two-factor/verify-";

impl ResponseDecorator for AnonymousLink {
    /// Adds no header. A switch between sessions of one client, such as the end of an impersonation, is no sign-in.
    fn decorate<'a>(&'a self, at: Decorating<'a>, response: &'a mut HttpResponse) -> LocalBoxFuture<'a, ()> {
        let stores = response.extensions().get::<Stores>().cloned();
        async move {
            let Some(Stores { active_session, .. }) = stores else {
                return;
            };
            if let Err(failure) = self.follow(&guests(at), &active_session.user).await {
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
fn guests(at: Decorating<'_>) -> Vec<SessionToken> {
    let path = at.route.path;
    if SIGN_INS.iter().any(|start| path.starts_with(start)) {
        return at.session_tokens();
    }
    if !path.starts_with(SECOND_STEPS) {
        return Vec::new();
    }
    let presented = at.cookies().tokens().into_iter();
    let kept = presented.filter(|token| token.kind == GUEST);
    kept.filter_map(|token| guest_session(token.value.expose()))
        .collect()
}
