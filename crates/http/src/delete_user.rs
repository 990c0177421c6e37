//! Deletion of the caller's user.

use actix_web::HttpResponse;
use portcullis_application::{
    client_token::ClientEffects,
    delete_user::{DeleteUserError, Deletion, DeletionRequest},
    session::StrictCaller,
};
use portcullis_domain::{password::Password, token::OneTimeToken};
use serde_json::{Value, json};

use crate::{
    answer,
    call::Call,
    code::{self, Code},
    error::ApiError,
    extract::schema::{Field, Kind, LINK, Schema},
    route::Route,
};

const DELETE: Schema = Schema {
    fields: &[
        Field::optional("callbackURL", Kind::RedirectUrl),
        Field::optional("password", Kind::Secret),
        Field::optional("token", Kind::Text),
    ],
    known_as: &["object"],
};

const NO_SESSION: Code = Code::new(404, "FAILED_TO_GET_USER_INFO", "Failed to get user info");
const INVALID_TOKEN: Code = Code::new(404, "INVALID_TOKEN", "Invalid token");
const NOT_FRESH: Code = Code::new(
    400,
    "SESSION_EXPIRED_REAUTHENTICATE_TO_PERFORM_THIS_ACTION",
    "Session expired. Re-authenticate to perform this action.",
);

pub(crate) const CODES: &[&Code] = &[&NO_SESSION, &INVALID_TOKEN, &NOT_FRESH];

impl From<DeleteUserError> for ApiError {
    fn from(error: DeleteUserError) -> Self {
        match error {
            DeleteUserError::Disabled => (&code::NOT_FOUND).into(),
            DeleteUserError::Password(error) => error.into(),
            DeleteUserError::InvalidToken => (&INVALID_TOKEN).into(),
            DeleteUserError::NotFresh => (&NOT_FRESH).into(),
            DeleteUserError::NotSignedIn => (&NO_SESSION).into(),
            DeleteUserError::SessionEnded => (&code::UNAUTHORIZED).into(),
            DeleteUserError::Failure(failure) => failure.into(),
        }
    }
}

pub(crate) static ROUTES: &[Route] = &[
    Route::post("/delete-user")
        .for_callers(|call, by| Box::pin(delete(call, by)))
        .reads(&DELETE),
    Route::get("/delete-user/callback")
        .for_anyone(|call, by| Box::pin(follow(call, by)))
        .asks(&LINK)
        .with_secret_url(),
];

async fn delete(mut call: Call<'_>, by: StrictCaller) -> Result<HttpResponse, ApiError> {
    // wire: an empty string counts as absent.
    let mut text = |name| call.body.filled_text(name);
    let leaving = DeletionRequest {
        password: text("password").map(Password::new),
        secret: text("token").map(OneTimeToken::new),
        callback: text("callbackURL"),
    };
    let deletion = call
        .app
        .delete_user
        .delete(&by, &leaving, &call.context())
        .await?;
    Ok(match deletion {
        Deletion::Deleted(effects) => deleted(&call, &effects),
        Deletion::ConfirmationSent => answer::json(&success("Verification email sent")),
    })
}

async fn follow(mut call: Call<'_>, by: Option<StrictCaller>) -> Result<HttpResponse, ApiError> {
    let secret = OneTimeToken::new(call.asked.text("token"));
    let callback = call.asked.filled_text("callbackURL");
    let effects = call.app.delete_user.confirm(by.as_ref(), &secret).await?;
    match callback {
        Some(url) => answer::redirect_with_effects(&url, &effects, &call.cookies()),
        None => Ok(deleted(&call, &effects)),
    }
}

fn deleted(call: &Call<'_>, effects: &ClientEffects) -> HttpResponse {
    answer::with_effects(&success("User deleted"), effects, &call.cookies())
}

fn success(message: &str) -> Value {
    json!({ "success": true, "message": message })
}
