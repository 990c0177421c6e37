//! The answer to a sign-in: the token of the new session and its user, or a challenge.

use actix_web::HttpResponse;
use portcullis_application::sign_in::completion::{Completed, Outcome};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{answer, call::Call, error::ApiError, view::user::UserView};

/// `{"token": …, "user": …}`.
#[derive(JsonSchema, Serialize)]
#[schemars(inline)]
pub(crate) struct SignedIn<'a> {
    pub(crate) token: &'a str,
    pub(crate) user: UserView<'a>,
}

/// `{"status": true, "token": …, "user": …}`: the answer to the proof of an address or a number. The token is that of
/// the session, if there is one.
#[derive(JsonSchema, Serialize)]
#[schemars(inline)]
pub(crate) struct Verified<'a> {
    #[schemars(extend("const" = true))]
    pub(crate) status: bool,
    pub(crate) token: Option<&'a str>,
    pub(crate) user: UserView<'a>,
}

/// Returns the response to a sign-in, and sets the client's cookies.
///
/// # Errors
///
/// The error of the plugin that refuses the sign-in.
pub(crate) fn answer<F>(call: &Call<'_, F>, outcome: Outcome) -> Result<HttpResponse, ApiError> {
    match outcome {
        Outcome::Completed(signed_in) => Ok(completed(call, &signed_in)),
        Outcome::Challenged(challenge) => Ok(answer::challenge(&challenge, &call.cookies())),
        Outcome::Refused(refusal) => Err(refusal.into()),
    }
}

/// Returns the response to a completed sign-in, and sets the client's cookies.
pub(crate) fn completed<F>(call: &Call<'_, F>, signed_in: &Completed) -> HttpResponse {
    let view = SignedIn {
        token: signed_in.session.token.expose(),
        user: call.presenter().user(&signed_in.user),
    };
    answer::with_effects(&view, &signed_in.effects, &call.cookies())
}
