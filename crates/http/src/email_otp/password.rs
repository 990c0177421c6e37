//! Reset of passwords with codes.

use actix_web::HttpResponse;
use portcullis_application::email_otp::EmailOtp;

use super::{LIMIT, code, typed};
use crate::{
    answer,
    call::Call,
    endpoint::Public,
    error::ApiError,
    extract::body::{Body, Secret, Text, body},
    operation::{Answer, Operation},
    route::Route,
    view::outcome::Success,
};

body! {
    Reset {
        email: Text = "email",
        otp: Text = "otp",
        password: Secret = "password",
    }
}

pub(crate) static ROUTES: &[Route] = &[Route::post(
    "/email-otp/reset-password",
    &Public(|call, body| Box::pin(reset(call, body))),
)
.documented(&Operation {
    summary: "Set a new password with a one-time code",
    query: &[],
    answers: &[Answer::json::<Success>("It is done")],
    codes: &[
        &code::TOO_MANY_REQUESTS,
        &code::INVALID_OTP,
        &code::OTP_EXPIRED,
        &code::TOO_MANY_ATTEMPTS,
        &code::PASSWORD_TOO_SHORT,
        &code::PASSWORD_TOO_LONG,
        &code::PASSWORD_COMPROMISED,
    ],
})
.sets_passwords()
.limited(LIMIT)
.rejects_foreign_sites()];

async fn reset(call: Call<'_, EmailOtp>, Body(body): Body<Reset>) -> Result<HttpResponse, ApiError> {
    // wire: a text that is no address has no code.
    let typed = typed(&body.email, body.otp).ok_or(&code::INVALID_OTP)?;
    call.feature
        .reset(&typed, &body.password, &call.context())
        .await?;
    Ok(answer::json(&Success::DONE))
}
