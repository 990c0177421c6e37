//! Several sessions on one device: each has a cookie of its own, in addition to the cookie of the current session.

mod response_decorator;

use actix_web::HttpResponse;
use portcullis_application::{
    multi_session::{DeviceSessionError, MultiSession},
    session::StrictCaller,
};
use portcullis_domain::token::SessionToken;

use crate::{
    answer,
    call::Call,
    code::Code,
    endpoint::{ForCallers, Public},
    error::ApiError,
    extract::body::{Body, Text, body},
    operation::{Answer, Operation},
    route::Route,
    view::{ActiveSessionView, outcome::Status},
};

body! {
    Chosen {
        token: Text = "sessionToken",
    }
}

/// The part of the name of the cookie of a device's session between the name of the session cookie and the token.
pub(crate) const MARK: &str = "_multi-";

const INVALID_SESSION_TOKEN: Code = Code::new(401, "INVALID_SESSION_TOKEN", "Invalid session token");

pub(crate) const CODES: &[&Code] = &[&INVALID_SESSION_TOKEN];

impl From<DeviceSessionError> for ApiError {
    fn from(error: DeviceSessionError) -> Self {
        match error {
            DeviceSessionError::InvalidToken => (&INVALID_SESSION_TOKEN).into(),
            DeviceSessionError::Failure(failure) => failure.into(),
        }
    }
}

pub(crate) static ROUTES: &[Route] = &[
    Route::get(
        "/multi-session/list-device-sessions",
        &Public(|call, ()| Box::pin(list(call))),
    )
    .documented(&Operation {
        summary: "List the live sessions of the device, one for each user",
        query: &[],
        answers: &[Answer::json::<Vec<ActiveSessionView<'_>>>(
            "The sessions and their users",
        )],
        codes: &[],
    }),
    Route::post(
        "/multi-session/set-active",
        &ForCallers(|call, by, body| Box::pin(activate(call, by, body))),
    )
    .documented(&Operation {
        summary: "Make another session of the device its current one",
        query: &[],
        answers: &[Answer::json::<ActiveSessionView<'_>>("The session and its user").with_cookies()],
        codes: CODES,
    })
    .refuses_keys(),
    Route::post(
        "/multi-session/revoke",
        &ForCallers(|call, by, body| Box::pin(revoke(call, by, body))),
    )
    .documented(&Operation {
        summary: "End a session of the device; if it is the current one, another one becomes the current one",
        query: &[],
        answers: &[Answer::json::<Status>("The session has ended").with_cookies()],
        codes: CODES,
    })
    .refuses_keys(),
];

async fn list(call: Call<'_, MultiSession>) -> Result<HttpResponse, ApiError> {
    let held = call.cookies().further_sessions(MARK);
    let sessions = call.feature.list(&held).await?;
    let present = call.presenter();
    let view: Vec<_> = sessions
        .iter()
        .map(|found| present.active_session(found))
        .collect();
    Ok(answer::json(&view))
}

/// The cookies of the device decide, not the caller: a caller is required as in Better Auth.
async fn activate(
    call: Call<'_, MultiSession>,
    _by: StrictCaller,
    Body(body): Body<Chosen>,
) -> Result<HttpResponse, ApiError> {
    let cookies = call.cookies();
    let (held, token) = (cookies.further_sessions(MARK), SessionToken::new(body.token));
    let is_remembered = !cookies.has_dont_remember();
    let activated = call.feature.activate(&held, &token, is_remembered).await?;
    let (active_session, effects) = activated;
    let view = call.presenter().active_session(&active_session);
    Ok(answer::with_effects(&view, &effects, &cookies))
}

async fn revoke(
    call: Call<'_, MultiSession>,
    by: StrictCaller,
    Body(body): Body<Chosen>,
) -> Result<HttpResponse, ApiError> {
    let cookies = call.cookies();
    let (held, token) = (cookies.further_sessions(MARK), SessionToken::new(body.token));
    let is_remembered = !cookies.has_dont_remember();
    let effects = call.feature.revoke(&by, &held, (&token, is_remembered)).await?;
    let mut response = answer::json(&Status::DONE);
    // wire: the cookie of the session is cleared before the next session is stored.
    cookies.forget_session((MARK, &token), &mut response);
    cookies.apply(&effects, &mut response);
    Ok(response)
}
