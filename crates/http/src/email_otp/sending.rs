//! Sending and checking of one-time codes.

use actix_web::HttpResponse;
use portcullis_application::email_otp::EmailOtp;
use portcullis_domain::{code::AddressCode, email::EmailAddress};

use super::{CodeFor, LIMIT, code, typed};
use crate::{
    answer,
    call::Call,
    endpoint::Public,
    error::ApiError,
    extract::body::{Body, Text, body},
    operation::{Answer, Operation},
    route::Route,
    view::outcome::Success,
};

body! {
    Send {
        email: Text = "email",
        kind: CodeFor = "type",
    }
}

body! {
    Check {
        email: Text = "email",
        kind: CodeFor = "type",
        otp: Text = "otp",
    }
}

body! {
    RequestReset {
        email: Text = "email",
    }
}

const SENT: &[Answer] = &[Answer::json::<Success>(
    "It is done. The same whether or not a user has the address",
)];

pub(crate) static ROUTES: &[Route] = &[
    Route::post(
        "/email-otp/send-verification-otp",
        &Public(|call, body| Box::pin(send(call, body))),
    )
    .documented(&Operation {
        summary: "Send a one-time code by mail",
        query: &[],
        answers: SENT,
        codes: &[&code::MESSAGES_DISABLED, &code::INVALID_EMAIL],
    })
    .rejects_foreign_sites()
    .limited(LIMIT),
    Route::post(
        "/email-otp/check-verification-otp",
        &Public(|call, body| Box::pin(check(call, body))),
    )
    .documented(&Operation {
        summary: "Check a one-time code of a mail, which stays valid",
        query: &[],
        answers: &[Answer::json::<Success>("The code is right")],
        codes: &[
            &code::TOO_MANY_REQUESTS,
            &code::INVALID_EMAIL,
            &code::INVALID_OTP,
            &code::OTP_EXPIRED,
            &code::TOO_MANY_ATTEMPTS,
        ],
    })
    .rejects_foreign_sites()
    .limited(LIMIT),
    Route::post(
        "/email-otp/request-password-reset",
        &Public(|call, body| Box::pin(request_reset(call, body))),
    )
    .documented(&Operation {
        summary: "Send a one-time code that sets a new password",
        query: &[],
        answers: SENT,
        codes: &[&code::MESSAGES_DISABLED],
    })
    .rejects_foreign_sites()
    .limited(LIMIT),
    Route::post(
        "/forget-password/email-otp",
        &Public(|call, body| Box::pin(request_reset(call, body))),
    )
    .documented(&Operation {
        summary: "The same as `/email-otp/request-password-reset`, for older clients",
        query: &[],
        answers: SENT,
        codes: &[&code::MESSAGES_DISABLED],
    })
    .rejects_foreign_sites()
    .limited(LIMIT),
];

async fn send(call: Call<'_, EmailOtp>, Body(body): Body<Send>) -> Result<HttpResponse, ApiError> {
    let email = EmailAddress::parse(&body.email).map_err(|_invalid| &code::INVALID_EMAIL)?;
    call.feature
        .send(body.kind.into(), &email, &call.context())
        .await?;
    Ok(answer::json(&Success::DONE))
}

async fn check(call: Call<'_, EmailOtp>, Body(body): Body<Check>) -> Result<HttpResponse, ApiError> {
    let typed = typed(&body.email, body.otp).ok_or(&code::INVALID_EMAIL)?;
    call.feature
        .check(body.kind.into(), &typed, &call.context())
        .await?;
    Ok(answer::json(&Success::DONE))
}

async fn request_reset(
    call: Call<'_, EmailOtp>,
    Body(body): Body<RequestReset>,
) -> Result<HttpResponse, ApiError> {
    // wire: a text that is no address gets the same response as an address that no user has.
    if let Ok(email) = EmailAddress::parse(&body.email) {
        let kind = AddressCode::PasswordReset;
        call.feature.send(kind, &email, &call.context()).await?;
    }
    Ok(answer::json(&Success::DONE))
}
