//! Change of the caller's e-mail address.

use actix_web::HttpResponse;
use portcullis_application::{
    change_email::{ChangeEmailError, ChangeEmailRequest},
    session::StrictCaller,
};
use serde_json::json;

use crate::{
    answer,
    call::Call,
    code::{self, Code},
    error::ApiError,
    extract::schema::{Field, Kind, Schema},
    route::Route,
};

const CHANGE: Schema = Schema {
    fields: &[
        Field::required("newEmail", Kind::Email),
        Field::optional("callbackURL", Kind::RedirectUrl),
    ],
    known_as: &["object"],
};

const DISABLED: Code = Code::new(400, "CHANGE_EMAIL_IS_DISABLED", "Change email is disabled");
const SAME: Code = Code::new(400, "EMAIL_IS_THE_SAME", "Email is the same");

pub(crate) const CODES: &[&Code] = &[&DISABLED, &SAME];

impl From<ChangeEmailError> for ApiError {
    fn from(error: ChangeEmailError) -> Self {
        match error {
            ChangeEmailError::Disabled => (&DISABLED).into(),
            ChangeEmailError::Same => (&SAME).into(),
            ChangeEmailError::NothingSent => (&code::VERIFICATION_EMAIL_ISNT_ENABLED).into(),
            ChangeEmailError::SessionEnded => (&code::UNAUTHORIZED).into(),
            ChangeEmailError::Failure(failure) => failure.into(),
        }
    }
}

pub(crate) static ROUTES: &[Route] = &[Route::post("/change-email")
    .for_callers(|call, by| Box::pin(change(call, by)))
    .reads(&CHANGE)];

async fn change(mut call: Call<'_>, by: StrictCaller) -> Result<HttpResponse, ApiError> {
    let remembered = call.is_remembered(Some(&by));
    let new = ChangeEmailRequest {
        email: call.body.email("newEmail")?,
        callback: call.body.optional_text("callbackURL"),
        remembered,
    };
    let effects = call.app.change_email.change(&by, &new).await?;
    Ok(answer::with_effects(
        &json!({ "status": true }),
        &effects,
        &call.cookies(),
    ))
}
