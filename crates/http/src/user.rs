//! Update of the caller's user.

use actix_web::HttpResponse;
use portcullis_application::{
    ports::FailureKind, seams::UserOperation, session::StrictCaller, user::UpdateUserError,
};
use portcullis_domain::{additional::is_truthy, user::UserPatch};

use crate::{
    answer,
    call::Call,
    code::{self, Code},
    endpoint::ForCallers,
    error::ApiError,
    extract::{
        additional,
        body::{Anything, Body, Image, Name, Nullable, body},
    },
    operation::{Answer, Operation},
    options::Options,
    roll_call,
    route::Route,
    view::outcome::Status,
};

// Other members of the body are ignored: only the name, the picture and declared fields that clients may set can be
// changed.
body! {
    Update as ["record"] {
        name: Option<Name> = "name",
        image: Option<Nullable<Image>> = "image",
        email: Anything = "email",
        ..undeclared
    }
}

const EMAIL_CAN_NOT_BE_UPDATED: Code = Code::new(400, "EMAIL_CAN_NOT_BE_UPDATED", "Email can not be updated");
const NO_FIELDS_TO_UPDATE: Code = Code::new(400, "NO_FIELDS_TO_UPDATE", "No fields to update");

/// Another user has the value of a unique field, or a rule of the database rejects the change. Better Auth fails with
/// 500.
const NOT_UPDATED: Code = Code::new(422, "FAILED_TO_UPDATE_USER", "Failed to update user");

pub(crate) const CODES: &[&Code] = &[&EMAIL_CAN_NOT_BE_UPDATED, &NO_FIELDS_TO_UPDATE, &NOT_UPDATED];

impl From<UpdateUserError> for ApiError {
    fn from(error: UpdateUserError) -> Self {
        match error {
            UpdateUserError::NothingToChange => (&NO_FIELDS_TO_UPDATE).into(),
            UpdateUserError::Taken => (&NOT_UPDATED).into(),
            UpdateUserError::Gone => (&code::UNAUTHORIZED).into(),
            UpdateUserError::Failure(failure) => {
                Self::of_failure(failure, FailureKind::Rejected, &NOT_UPDATED)
            }
        }
    }
}

pub(crate) static ROUTES: &[Route] = &[Route::post(
    "/update-user",
    &ForCallers(|call, by, body| Box::pin(update(call, by, body))),
)
.documented(&Operation {
    summary: "Change the caller's name, picture and declared fields",
    query: &[],
    answers: &[Answer::json::<Status>("It is done").with_cookies()],
    codes: &[
        &EMAIL_CAN_NOT_BE_UPDATED,
        &NO_FIELDS_TO_UPDATE,
        &NOT_UPDATED,
        &code::NOT_ALLOWED_WHILE_IMPERSONATING,
    ],
})
.sets_user_fields(UserOperation::Update)];

async fn update(
    call: Call<'_>,
    by: StrictCaller,
    Body(body): Body<Update>,
) -> Result<HttpResponse, ApiError> {
    check(&by, &body)?;
    let Options {
        user_fields, limits, ..
    } = call.options;
    let patch = UserPatch {
        additional: additional::update(user_fields, &body.undeclared, limits)?,
        name: body.name,
        image: body.image.map(Nullable::into_option),
    };
    let remembered = call.is_remembered(Some(&by));
    let updated = call.app.update_user.update(&by, &patch, remembered).await?;
    Ok(answer::with_effects(
        &Status::DONE,
        &updated.effects,
        &call.cookies(),
    ))
}

/// wire: an address that is falsy in JavaScript is ignored like any undeclared member.
fn check(by: &StrictCaller, body: &Update) -> Result<(), ApiError> {
    if body.email.as_ref().is_some_and(is_truthy) {
        return Err((&EMAIL_CAN_NOT_BE_UPDATED).into());
    }
    if by.is_delegated() && body.undeclared.keys().any(|name| roll_call::is_for_sign_in(name)) {
        return Err((&code::NOT_ALLOWED_WHILE_IMPERSONATING).into());
    }
    Ok(())
}
