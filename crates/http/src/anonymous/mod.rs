//! Sign-in of guests, and their deletion.

mod response_decorator;

use actix_web::HttpResponse;
use portcullis_application::{
    anonymous::{AnonymousDeletionError, AnonymousSignInError, AnonymousUsers},
    session::StrictCaller,
};
use portcullis_domain::anonymous::IS_ANONYMOUS;

use crate::{
    answer,
    call::Call,
    caller,
    code::{self, Code},
    endpoint::{ForCallers, Public},
    error::ApiError,
    limit,
    operation::{Answer, Operation},
    route::Route,
    signed_in::{self, SignedIn},
    view::outcome::Success,
};

/// The field that states whether a user is a guest.
pub(crate) const OWN_FIELDS: &[&str] = &[IS_ANONYMOUS];

const ALREADY_ANONYMOUS: Code = Code::new(
    400,
    "ANONYMOUS_USERS_CANNOT_SIGN_IN_AGAIN_ANONYMOUSLY",
    "Anonymous users cannot sign in again anonymously",
);
const FAILED_TO_CREATE: Code = Code::new(500, "FAILED_TO_CREATE_USER", "Failed to create user");
const DELETION_DISABLED: Code = Code::new(
    400,
    "DELETING_ANONYMOUS_USERS_IS_DISABLED",
    "Deleting anonymous users is disabled",
);
const NOT_ANONYMOUS: Code = Code::new(403, "USER_IS_NOT_ANONYMOUS", "User is not anonymous");
const FAILED_TO_DELETE: Code = Code::new(
    500,
    "FAILED_TO_DELETE_ANONYMOUS_USER",
    "Failed to delete anonymous user",
);

pub(crate) const CODES: &[&Code] = &[
    &ALREADY_ANONYMOUS,
    &FAILED_TO_CREATE,
    &DELETION_DISABLED,
    &NOT_ANONYMOUS,
    &FAILED_TO_DELETE,
];

impl From<AnonymousSignInError> for ApiError {
    fn from(error: AnonymousSignInError) -> Self {
        match error {
            AnonymousSignInError::AlreadyAnonymous => (&ALREADY_ANONYMOUS).into(),
            AnonymousSignInError::UnableToCreateUser => (&FAILED_TO_CREATE).into(),
            AnonymousSignInError::Failure(failure) => failure.into(),
        }
    }
}

impl From<AnonymousDeletionError> for ApiError {
    fn from(error: AnonymousDeletionError) -> Self {
        match error {
            AnonymousDeletionError::Disabled => (&DELETION_DISABLED).into(),
            AnonymousDeletionError::NotAnonymous => (&NOT_ANONYMOUS).into(),
            AnonymousDeletionError::SessionEnded => (&code::UNAUTHORIZED).into(),
            AnonymousDeletionError::Referenced => (&FAILED_TO_DELETE).into(),
            AnonymousDeletionError::Refused(refusal) => refusal.into(),
            AnonymousDeletionError::Failure(failure) => failure.into(),
        }
    }
}

pub(crate) static ROUTES: &[Route] = &[
    Route::post("/sign-in/anonymous", &Public(|call, ()| Box::pin(sign_in(call))))
        .documented(&Operation {
            summary: "Sign in as a guest, for whom a user is created",
            query: &[],
            answers: &[
                Answer::json::<SignedIn<'_>>("The guest is signed in").with_cookies(),
                Answer::CHALLENGE,
            ],
            codes: &[&ALREADY_ANONYMOUS, &FAILED_TO_CREATE],
        })
        .completes_sign_ins()
        .reads_sessions()
        .limited(limit::SIGN_IN)
        .rejects_foreign_sites(),
    Route::post(
        "/delete-anonymous-user",
        &ForCallers(|call, by, ()| Box::pin(delete(call, by))),
    )
    .documented(&Operation {
        summary: "Delete the caller, who is a guest",
        query: &[],
        answers: &[Answer::json::<Success>("The guest was deleted").with_cookies()],
        codes: &[&DELETION_DISABLED, &NOT_ANONYMOUS, &FAILED_TO_DELETE],
    })
    .only_in_person()
    .deletes_users(),
];

async fn sign_in(call: Call<'_, AnonymousUsers>) -> Result<HttpResponse, ApiError> {
    // wire: the session is not renewed.
    let by = match &call.by_key {
        Some(by_key) => Some(by_key.clone()),
        None => caller::find_unrenewed(&call).await?,
    };
    let outcome = call.feature.sign_in(by.as_ref(), &call.context()).await?;
    signed_in::answer(&call, outcome)
}

async fn delete(call: Call<'_, AnonymousUsers>, by: StrictCaller) -> Result<HttpResponse, ApiError> {
    let effects = call.feature.delete(&by).await?;
    Ok(answer::with_effects(&Success::DONE, &effects, &call.cookies()))
}
