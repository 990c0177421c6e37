//! The end of a guest who signs in as another user.

use actix_web::HttpResponse;
use futures_util::{FutureExt as _, future::LocalBoxFuture};
use portcullis_application::anonymous::AnonymousLink;

use crate::decorate::{Decorating, ResponseDecorator, Stores};

/// How the paths begin at which guests sign in as other users: those of Better Auth's plugin, and those of second steps.
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
    "/two-factor/verify-",
];

impl ResponseDecorator for AnonymousLink {
    /// Adds no header. A switch between sessions of one client, such as the end of an impersonation, is no sign-in.
    fn decorate<'a>(&'a self, at: Decorating<'a>, response: &'a mut HttpResponse) -> LocalBoxFuture<'a, ()> {
        let is_sign_in = SIGN_INS.iter().any(|path| at.route.path.starts_with(path));
        let stores = response.extensions().get::<Stores>().cloned();
        async move {
            let Some(Stores(signed_in)) = stores.filter(|_| is_sign_in) else {
                return;
            };
            if let Err(failure) = self.follow(&at.session_tokens(), &signed_in.user).await {
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
