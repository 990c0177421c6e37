//! Completion of the registration of a passkey.

use actix_web::HttpResponse;
use portcullis_application::{
    passkey::{Passkeys, Registration, RegistrationError},
    session::FreshCaller,
};

use super::{code, origin, response, view::PasskeyView};
use crate::{
    answer,
    call::Call,
    endpoint::ForFreshCallers,
    error::ApiError,
    extract::body::{Anything, Body, Text, body},
    operation::{Answer, Operation},
    route::Route,
};

body! {
    Verify {
        response: Anything = "response",
        name: Option<Text> = "name",
    }
}

pub(super) const ROUTE: Route = Route::post(
    "/passkey/verify-registration",
    &ForFreshCallers(|call, by, body| Box::pin(verify(call, by, body))),
)
.documented(&Operation {
    summary: "Register the passkey that a browser has made",
    query: &[],
    answers: &[Answer::json::<Option<PasskeyView<'_>>>(
        "The passkey; `null` if the request names no origin, or if the challenge was used or has expired",
    )],
    codes: &[
        &code::CHALLENGE_NOT_FOUND,
        &code::NOT_ALLOWED,
        &code::REGISTRATION_FAILED,
        &code::UNAUTHORIZED,
    ],
})
.only_in_person();

async fn verify(
    call: Call<'_, Passkeys>,
    by: FreshCaller,
    Body(body): Body<Verify>,
) -> Result<HttpResponse, ApiError> {
    let sent = Registration {
        origin: origin(&call),
        response: body.response.as_ref().and_then(response::registration),
        name: body.name,
    };
    let registered = call.feature.register(&by, sent, &call.context()).await;
    let passkey = match registered {
        Ok(passkey) => Some(passkey),
        Err(error) => nothing(error)?,
    };
    let view = passkey.as_ref().map(PasskeyView::new);
    Ok(answer::json(&view))
}

/// Returns the error, or `None` if the answer is `null`. wire: Better Auth intends the status 400 for it, but sends
/// 200.
fn nothing<T>(error: RegistrationError) -> Result<Option<T>, ApiError> {
    match error {
        RegistrationError::NoOrigin | RegistrationError::UnknownChallenge => Ok(None),
        RegistrationError::NoChallenge => Err((&code::CHALLENGE_NOT_FOUND).into()),
        RegistrationError::OtherUser => Err((&code::NOT_ALLOWED).into()),
        RegistrationError::Rejected(_) => Err((&code::REGISTRATION_FAILED).into()),
        RegistrationError::SessionEnded => Err((&code::UNAUTHORIZED).into()),
        RegistrationError::Failure(failure) => Err(failure.into()),
    }
}
