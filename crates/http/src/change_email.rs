//! Change of the caller's e-mail address.

use actix_web::HttpResponse;
use portcullis_application::{
    change_email::{ChangeEmailError, ChangeEmailRequest},
    session::StrictCaller,
};

use crate::{
    answer,
    call::Call,
    code::{self, Code},
    endpoint::ForCallers,
    error::ApiError,
    extract::body::{Body, Email, RedirectUrl, body},
    limit,
    operation::{Answer, Operation},
    route::Route,
    view::outcome::Status,
};

body! {
    Change {
        new_email: Email = "newEmail",
        callback: Option<RedirectUrl> = "callbackURL",
    }
}

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

pub(crate) static ROUTES: &[Route] = &[Route::post(
    "/change-email",
    &ForCallers(|call, by, body| Box::pin(change(call, by, body))),
)
.documented(&Operation {
    summary: "Change the caller's e-mail address, after confirmation by mail",
    query: &[],
    answers: &[Answer::json::<Status>("It is done").with_cookies()],
    codes: &[&DISABLED, &SAME, &code::VERIFICATION_EMAIL_ISNT_ENABLED],
})
.only_in_person()
.limited(limit::SIGN_IN)];

async fn change(
    call: Call<'_>,
    by: StrictCaller,
    Body(body): Body<Change>,
) -> Result<HttpResponse, ApiError> {
    let new = ChangeEmailRequest {
        email: body.new_email,
        callback: body.callback,
        remembered: call.is_remembered(Some(&by)),
    };
    let effects = call.app.change_email.change(&by, &new).await?;
    Ok(answer::with_effects(&Status::DONE, &effects, &call.cookies()))
}
