//! One-time tokens by which a user takes a session to another client.

mod response_decorator;

pub(crate) use self::response_decorator::HEADER;

use actix_web::HttpResponse;
use portcullis_application::{
    one_time_token::{HandOverError, OneTimeTokens},
    session::StrictCaller,
};
use portcullis_domain::token::OneTimeToken;
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    answer,
    call::Call,
    code::{self, Code},
    endpoint::{ForCallers, Public},
    error::ApiError,
    extract::body::{Body, Text, body},
    operation::{Answer, Operation},
    route::Route,
    view::ActiveSessionView,
};

body! {
    Presented {
        token: Text = "token",
    }
}

#[derive(JsonSchema, Serialize)]
#[schemars(inline)]
struct Created<'a> {
    token: &'a str,
}

const CLIENT_REQUESTS_ARE_DISABLED: Code = Code::new(
    400,
    "CLIENT_REQUESTS_ARE_DISABLED",
    "Client requests are disabled",
);
const INVALID_TOKEN: Code = Code::new(400, "INVALID_TOKEN", "Invalid token");
const TOKEN_EXPIRED: Code = Code::new(400, "TOKEN_EXPIRED", "Token expired");
const SESSION_NOT_FOUND: Code = Code::new(400, "SESSION_NOT_FOUND", "Session not found");
const SESSION_EXPIRED: Code = Code::new(400, "SESSION_EXPIRED", "Session expired");

pub(crate) const CODES: &[&Code] = &[
    &CLIENT_REQUESTS_ARE_DISABLED,
    &INVALID_TOKEN,
    &TOKEN_EXPIRED,
    &SESSION_NOT_FOUND,
    &SESSION_EXPIRED,
];

impl From<HandOverError> for ApiError {
    fn from(error: HandOverError) -> Self {
        match error {
            HandOverError::InvalidToken => (&INVALID_TOKEN).into(),
            HandOverError::TokenExpired => (&TOKEN_EXPIRED).into(),
            HandOverError::SessionNotFound => (&SESSION_NOT_FOUND).into(),
            HandOverError::SessionExpired => (&SESSION_EXPIRED).into(),
            HandOverError::Failure(failure) => failure.into(),
        }
    }
}

pub(crate) static ROUTES: &[Route] = &[
    Route::get(
        "/one-time-token/generate",
        &ForCallers(|call, by, ()| Box::pin(generate(call, by))),
    )
    .documented(&Operation {
        summary: "Create a one-time token for the caller's session",
        query: &[],
        answers: &[Answer::json::<Created<'_>>("The token")],
        codes: &[&CLIENT_REQUESTS_ARE_DISABLED],
    })
    .only_in_person(),
    Route::post(
        "/one-time-token/verify",
        &Public(|call, body| Box::pin(verify(call, body))),
    )
    .documented(&Operation {
        summary: "Take over the session of a one-time token",
        query: &[],
        answers: &[Answer::json::<ActiveSessionView<'_>>("The session and its user").with_cookies()],
        codes: &[
            &INVALID_TOKEN,
            &TOKEN_EXPIRED,
            &SESSION_NOT_FOUND,
            &SESSION_EXPIRED,
        ],
    })
    .rejects_foreign_sites(),
];

async fn generate(call: Call<'_, OneTimeTokens>, by: StrictCaller) -> Result<HttpResponse, ApiError> {
    if !call.feature.may_be_requested() {
        return Err((&CLIENT_REQUESTS_ARE_DISABLED).into());
    }
    let token = call.feature.create(by.session()).await?;
    let token = token.ok_or(&code::NOT_ALLOWED_WHILE_IMPERSONATING)?;
    Ok(answer::json(&Created {
        token: token.expose(),
    }))
}

async fn verify(
    call: Call<'_, OneTimeTokens>,
    Body(body): Body<Presented>,
) -> Result<HttpResponse, ApiError> {
    let cookies = call.cookies();
    let token = OneTimeToken::new(body.token);
    let is_remembered = !cookies.has_dont_remember();
    let (active_session, effects) = call.feature.redeem(&token, is_remembered).await?;
    let view = call.presenter().active_session(&active_session);
    Ok(answer::with_effects(&view, &effects, &cookies))
}
