//! Requests of the caller to delete the caller's user.

use actix_web::HttpResponse;
use portcullis_application::{
    delete_user::{Deletion, DeletionRequest},
    session::StrictCaller,
};
use portcullis_domain::token::OneTimeToken;

use super::{INVALID_TOKEN, NO_SESSION, NOT_FRESH, REFERENCED, deleted, is_offered};
use crate::{
    answer,
    call::Call,
    code,
    endpoint::ForCallers,
    error::ApiError,
    extract::body::{Body, RedirectUrl, Secret, Text, body},
    operation::{Answer, Operation},
    password,
    route::Route,
    view::outcome::SuccessMessage,
};

body! {
    Delete {
        callback: Option<RedirectUrl> = "callbackURL",
        password: Option<Secret> = "password",
        token: Option<Text> = "token",
    }
}

pub(crate) static ROUTES: &[Route] = &[Route::post(
    "/delete-user",
    &ForCallers(|call, by, body| Box::pin(delete(call, by, body))),
)
.documented(&Operation {
    summary: "Delete the caller's user, or send a mail that confirms the deletion",
    query: &[],
    answers: &[Answer::json::<SuccessMessage>("The user was deleted, or the mail was sent").with_cookies()],
    codes: &[
        &code::PASSWORD_TOO_LONG,
        &code::TOO_MANY_REQUESTS,
        &password::NO_CREDENTIAL,
        &password::WRONG,
        &INVALID_TOKEN,
        &NOT_FRESH,
        &NO_SESSION,
        &REFERENCED,
    ],
})
.only_in_person()
.offered_if(is_offered)
.deletes_users()];

async fn delete(
    call: Call<'_>,
    by: StrictCaller,
    Body(body): Body<Delete>,
) -> Result<HttpResponse, ApiError> {
    // wire: an empty string counts as absent.
    let filled = |text: &String| !text.is_empty();
    let request = DeletionRequest {
        password: body.password.filter(|password| !password.is_empty()),
        secret: body.token.filter(filled).map(OneTimeToken::new),
        callback: body.callback.filter(filled),
    };
    let deletion = call
        .app
        .delete_user
        .delete(&by, &request, &call.context())
        .await?;
    Ok(match deletion {
        Deletion::Deleted(effects) => deleted(&call, &effects),
        Deletion::ConfirmationSent => answer::json(&SuccessMessage::new("Verification email sent")),
    })
}
