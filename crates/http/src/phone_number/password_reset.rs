//! Reset of a forgotten password by a code that is sent to a phone.

use actix_web::HttpResponse;
use portcullis_application::phone_number::PhoneNumbers;
use portcullis_domain::destination::PhoneNumber;

use super::{LIMIT, code};
use crate::{
    answer,
    call::Call,
    code::{PASSWORD_COMPROMISED, PASSWORD_TOO_LONG, PASSWORD_TOO_SHORT, TOO_MANY_REQUESTS},
    endpoint::Public,
    error::ApiError,
    extract::body::{Body, Secret, Text, body},
    operation::{Answer, Operation},
    route::Route,
    view::outcome::Status,
};

body! {
    Request {
        phone_number: Text = "phoneNumber",
    }
}

body! {
    Reset {
        otp: Text = "otp",
        phone_number: Text = "phoneNumber",
        new_password: Secret = "newPassword",
    }
}

pub(crate) static ROUTES: &[Route] = &[
    Route::post(
        "/phone-number/request-password-reset",
        &Public(|call, body| Box::pin(request(call, body))),
    )
    .documented(&Operation {
        summary: "Send a one-time code that sets a new password to a phone number",
        query: &[],
        answers: &[Answer::json::<Status>(
            "The same whether or not a user has the number",
        )],
        codes: &[],
    })
    .rejects_foreign_sites()
    .limited(LIMIT),
    Route::post(
        "/phone-number/reset-password",
        &Public(|call, body| Box::pin(reset(call, body))),
    )
    .documented(&Operation {
        summary: "Set a new password with a code that was sent to a phone number",
        query: &[],
        answers: &[Answer::json::<Status>("It is done")],
        codes: &[
            &TOO_MANY_REQUESTS,
            &code::CODE_NOT_FOUND,
            &code::CODE_EXPIRED,
            &code::INVALID_CODE,
            &code::TOO_MANY_ATTEMPTS,
            &code::UNEXPECTED,
            &PASSWORD_TOO_SHORT,
            &PASSWORD_TOO_LONG,
            &PASSWORD_COMPROMISED,
        ],
    })
    .sets_passwords()
    .rejects_foreign_sites()
    .limited(LIMIT),
];

async fn request(call: Call<'_, PhoneNumbers>, Body(body): Body<Request>) -> Result<HttpResponse, ApiError> {
    let number = PhoneNumber::new(body.phone_number);
    call.feature
        .request_password_reset(&number, &call.context())
        .await?;
    Ok(answer::json(&Status::DONE))
}

async fn reset(call: Call<'_, PhoneNumbers>, Body(body): Body<Reset>) -> Result<HttpResponse, ApiError> {
    let number = PhoneNumber::new(body.phone_number);
    call.feature
        .reset_password(&number, &body.otp, &body.new_password, &call.context())
        .await?;
    Ok(answer::json(&Status::DONE))
}
