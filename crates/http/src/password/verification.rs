//! Verification of the caller's password.

use actix_web::HttpResponse;
use portcullis_application::session::StrictCaller;

use super::{NO_CREDENTIAL, WRONG};
use crate::{
    answer,
    call::Call,
    code,
    endpoint::ForCallers,
    error::ApiError,
    extract::body::{Body, Secret, body},
    operation::{Answer, Operation},
    route::Route,
    view::outcome::Status,
};

body! {
    Presented {
        password: Secret = "password",
    }
}

pub(crate) static ROUTES: &[Route] = &[Route::post(
    "/verify-password",
    &ForCallers(|call, by, body| Box::pin(verify(call, by, body))),
)
.documented(&Operation {
    summary: "Check the caller's password",
    query: &[],
    answers: &[Answer::json::<Status>("It is done")],
    codes: &[
        &code::TOO_MANY_REQUESTS,
        &NO_CREDENTIAL,
        &WRONG,
        &code::PASSWORD_TOO_LONG,
    ],
})
.only_in_person()];

async fn verify(
    call: Call<'_>,
    by: StrictCaller,
    Body(body): Body<Presented>,
) -> Result<HttpResponse, ApiError> {
    call.app
        .passwords
        .verify(&by, &body.password, &call.context())
        .await?;
    Ok(answer::json(&Status::DONE))
}
