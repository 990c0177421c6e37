//! The availability of user names.

use actix_web::HttpResponse;
use portcullis_application::username::{AvailabilityError, Usernames};
use schemars::JsonSchema;
use serde::Serialize;

use super::code::{INVALID, TOO_LONG, TOO_SHORT};
use crate::{
    answer,
    call::Call,
    endpoint::Public,
    error::ApiError,
    extract::body::{Body, Text, body},
    operation::{Answer, Operation},
    route::Route,
};

body! {
    Availability {
        username: Text = "username",
    }
}

#[derive(JsonSchema, Serialize)]
#[schemars(inline)]
struct Available {
    available: bool,
}

impl From<AvailabilityError> for ApiError {
    fn from(error: AvailabilityError) -> Self {
        match error {
            AvailabilityError::Rejected(rejection) => rejection.into(),
            AvailabilityError::Failure(failure) => failure.into(),
        }
    }
}

pub(crate) static ROUTES: &[Route] = &[Route::post(
    "/is-username-available",
    &Public(|call, body| Box::pin(is_available(call, body))),
)
.documented(&Operation {
    summary: "Check whether a user name is available",
    query: &[],
    answers: &[Answer::json::<Available>("Whether it is available")],
    codes: &[&TOO_SHORT, &TOO_LONG, &INVALID],
})];

async fn is_available(
    call: Call<'_, Usernames>,
    Body(body): Body<Availability>,
) -> Result<HttpResponse, ApiError> {
    // wire: an empty name is invalid here, not too short.
    if body.username.is_empty() {
        return Err((&INVALID).into());
    }
    let available = call.feature.is_available(&body.username).await?;
    Ok(answer::json(&Available { available }))
}
