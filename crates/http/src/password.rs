//! Change and verification of the caller's password.

use actix_web::HttpResponse;
use portcullis_application::{credential::PasswordError, password::ChangePassword, session::StrictCaller};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    answer,
    call::Call,
    code::{self, Code},
    endpoint::ForCallers,
    error::ApiError,
    extract::body::{Body, Secret, body},
    limit,
    operation::{Answer, Operation},
    route::Route,
    view::{outcome::Status, user::UserView},
};

body! {
    Presented {
        password: Secret = "password",
    }
}
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

pub(crate) const NO_CREDENTIAL: Code = Code::new(
    400,
    "CREDENTIAL_ACCOUNT_NOT_FOUND",
    "Credential account not found",
);
pub(crate) const WRONG: Code = Code::new(400, "INVALID_PASSWORD", "Invalid password");

pub(crate) const CODES: &[&Code] = &[&NO_CREDENTIAL, &WRONG];

impl From<PasswordError> for ApiError {
    fn from(error: PasswordError) -> Self {
        match error {
            PasswordError::Rejected(rejection) => rejection.into(),
            PasswordError::Refused(refusal) | PasswordError::SessionRefused(refusal) => refusal.into(),
            PasswordError::NoCredential => (&NO_CREDENTIAL).into(),
            PasswordError::Wrong => (&WRONG).into(),
            PasswordError::TooManyAttempts(refused) => Self::too_many_requests(refused),
            PasswordError::Failure(failure) => failure.into(),
        }
    }
}

pub(crate) static ROUTES: &[Route] = &[
    Route::post(
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
    .limited(limit::SIGN_IN),
    Route::post(
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
    .only_in_person(),
];

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
