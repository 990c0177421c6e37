//! Change of the caller's password.

use actix_web::HttpResponse;
use portcullis_application::{password::ChangePassword, session::StrictCaller};
use schemars::JsonSchema;
use serde::Serialize;

use super::{NO_CREDENTIAL, WRONG};
use crate::{
    answer,
    call::Call,
    code,
    endpoint::ForCallers,
    error::ApiError,
    extract::body::{Body, Secret, body},
    limit,
    operation::{Answer, Operation},
    route::Route,
    view::user::UserView,
};

body! {
    Change {
        new: Secret = "newPassword",
        current: Secret = "currentPassword",
        revoke_other_sessions: Option<bool> = "revokeOtherSessions",
    }
}

#[derive(JsonSchema, Serialize)]
#[schemars(inline)]
struct Changed<'a> {
    token: Option<&'a str>,
    user: UserView<'a>,
}

pub(crate) static ROUTES: &[Route] = &[Route::post(
    "/change-password",
    &ForCallers(|call, by, body| Box::pin(change(call, by, body))),
)
.documented(&Operation {
    summary: "Change the caller's password",
    query: &[],
    answers: &[Answer::json::<Changed<'_>>(
        "The password was changed. `token` is that of the new session if the others were revoked",
    )
    .with_cookies()],
    codes: &[
        &code::TOO_MANY_REQUESTS,
        &NO_CREDENTIAL,
        &WRONG,
        &code::PASSWORD_TOO_SHORT,
        &code::PASSWORD_TOO_LONG,
        &code::PASSWORD_COMPROMISED,
    ],
})
.completes_sign_ins()
.sets_passwords()
.only_in_person()
.limited(limit::SIGN_IN)];

async fn change(
    call: Call<'_>,
    by: StrictCaller,
    Body(body): Body<Change>,
) -> Result<HttpResponse, ApiError> {
    let command = ChangePassword {
        new: body.new,
        current: body.current,
        revoke_other_sessions: body.revoke_other_sessions.unwrap_or(false),
        remembered: call.is_remembered(Some(&by)),
    };
    let changed = call.app.passwords.change(&by, command, &call.context()).await?;
    let view = Changed {
        token: changed
            .effects
            .session
            .stored_session()
            .map(|session| session.token.expose().as_str()),
        user: call.presenter().user(&changed.user),
    };
    Ok(answer::with_effects(&view, &changed.effects, &call.cookies()))
}
