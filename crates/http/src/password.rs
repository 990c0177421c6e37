//! Change and verification of the caller's password.

use actix_web::HttpResponse;
use portcullis_application::{credential::PasswordError, password::ChangePassword, session::StrictCaller};
use portcullis_domain::password::Password;
use serde::Serialize;
use serde_json::json;

use crate::{
    answer,
    call::Call,
    code::Code,
    error::ApiError,
    extract::schema::{Field, Kind, Schema},
    route::Route,
    view::user::UserView,
};

const PRESENTED: Schema = Schema {
    fields: &[Field::required("password", Kind::Secret)],
    known_as: &["object"],
};
const CHANGE: Schema = Schema {
    fields: &[
        Field::required("newPassword", Kind::Secret),
        Field::required("currentPassword", Kind::Secret),
        Field::optional("revokeOtherSessions", Kind::Boolean),
    ],
    known_as: &["object"],
};

#[derive(Serialize)]
struct Changed<'a> {
    token: Option<&'a str>,
    user: UserView<'a>,
}

const NO_CREDENTIAL: Code = Code::new(
    400,
    "CREDENTIAL_ACCOUNT_NOT_FOUND",
    "Credential account not found",
);
const WRONG: Code = Code::new(400, "INVALID_PASSWORD", "Invalid password");

pub(crate) const CODES: &[&Code] = &[&NO_CREDENTIAL, &WRONG];

impl From<PasswordError> for ApiError {
    fn from(error: PasswordError) -> Self {
        match error {
            PasswordError::Rejected(rejection) => rejection.into(),
            PasswordError::NoCredential => (&NO_CREDENTIAL).into(),
            PasswordError::Wrong => (&WRONG).into(),
            PasswordError::TooManyAttempts(refused) => Self::too_many_requests(refused),
            PasswordError::SessionRefused(refusal) => refusal.into(),
            PasswordError::Failure(failure) => failure.into(),
        }
    }
}

pub(crate) static ROUTES: &[Route] = &[
    Route::post("/change-password")
        .for_callers(|call, by| Box::pin(change(call, by)))
        .reads(&CHANGE),
    Route::post("/verify-password")
        .for_callers(|call, by| Box::pin(verify(call, by)))
        .reads(&PRESENTED),
];

async fn change(mut call: Call<'_>, by: StrictCaller) -> Result<HttpResponse, ApiError> {
    let remembered = call.is_remembered(Some(&by));
    let body = &mut call.body;
    let command = ChangePassword {
        new: Password::new(body.text("newPassword")),
        current: Password::new(body.text("currentPassword")),
        revoke_other_sessions: body.boolean("revokeOtherSessions").unwrap_or(false),
        remembered,
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

async fn verify(mut call: Call<'_>, by: StrictCaller) -> Result<HttpResponse, ApiError> {
    let password = Password::new(call.body.text("password"));
    call.app.passwords.verify(&by, &password, &call.context()).await?;
    Ok(answer::json(&json!({ "status": true })))
}
