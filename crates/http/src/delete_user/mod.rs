//! Deletion of the caller's user.

mod confirmation;
mod request;

use actix_web::HttpResponse;
use portcullis_application::{client_token::ClientEffects, delete_user::DeleteUserError, ports::FailureKind};

pub(crate) use self::{confirmation::ROUTES as CONFIRMATION, request::ROUTES as REQUEST};
use crate::{
    answer,
    app::App,
    call::Call,
    code::{self, Code},
    error::ApiError,
    view::outcome::SuccessMessage,
};

const NO_SESSION: Code = Code::new(404, "FAILED_TO_GET_USER_INFO", "Failed to get user info");
const INVALID_TOKEN: Code = Code::new(404, "INVALID_TOKEN", "Invalid token");
const NOT_FRESH: Code = Code::new(
    400,
    "SESSION_EXPIRED_REAUTHENTICATE_TO_PERFORM_THIS_ACTION",
    "Session expired. Re-authenticate to perform this action.",
);

/// Foreign keys of the application's tables forbid the deletion. Better Auth fails with 500.
const REFERENCED: Code = Code::new(
    409,
    "USER_IS_REFERENCED",
    "The user cannot be deleted because other records refer to the user",
);

pub(crate) const CODES: &[&Code] = &[&NO_SESSION, &INVALID_TOKEN, &NOT_FRESH, &REFERENCED];

impl From<DeleteUserError> for ApiError {
    fn from(error: DeleteUserError) -> Self {
        match error {
            DeleteUserError::Disabled => (&code::NOT_FOUND).into(),
            DeleteUserError::Password(error) => error.into(),
            DeleteUserError::InvalidToken => (&INVALID_TOKEN).into(),
            DeleteUserError::NotFresh => (&NOT_FRESH).into(),
            DeleteUserError::NotSignedIn => (&NO_SESSION).into(),
            DeleteUserError::SessionEnded => (&code::UNAUTHORIZED).into(),
            DeleteUserError::Refused(refusal) => refusal.into(),
            DeleteUserError::Failure(failure) => {
                Self::of_failure(failure, FailureKind::Referenced, &REFERENCED)
            }
        }
    }
}

fn is_offered(app: &App) -> bool {
    app.delete_user.is_enabled()
}

fn deleted(call: &Call<'_>, effects: &ClientEffects) -> HttpResponse {
    answer::with_effects(&SuccessMessage::new("User deleted"), effects, &call.cookies())
}
