//! Enabling, disabling and showing the caller's second factor.

use actix_web::HttpResponse;
use portcullis_application::{
    credential::PasswordError,
    session::StrictCaller,
    two_factor::{TwoFactor, TwoFactorError},
};
use portcullis_domain::password::Password;
use schemars::JsonSchema;
use serde::Serialize;

use super::code;
use crate::{
    answer,
    call::Call,
    endpoint::ForCallers,
    error::ApiError,
    extract::body::{Body, Secret, Text, body},
    limit,
    operation::{Answer, Operation},
    password,
    route::Route,
    view::outcome::Status,
};

body! {
    Enable {
        password: Secret = "password",
        issuer: Option<Text> = "issuer",
    }
}

body! {
    WithPassword {
        password: Secret = "password",
    }
}

#[derive(JsonSchema, Serialize)]
#[schemars(inline)]
struct Enrolled<'a> {
    #[serde(rename = "totpURI")]
    uri: &'a str,
    #[serde(rename = "backupCodes")]
    backup_codes: Vec<&'a str>,
}

#[derive(JsonSchema, Serialize)]
#[schemars(inline)]
struct Uri<'a> {
    #[serde(rename = "totpURI")]
    uri: &'a str,
}

#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
#[schemars(inline)]
struct Renewed<'a> {
    #[schemars(extend("const" = true))]
    status: bool,
    backup_codes: Vec<&'a str>,
}

pub(crate) static ROUTES: &[Route] = &[
    Route::post(
        "/two-factor/enable",
        &ForCallers(|call, by, body| Box::pin(enable(call, by, body))),
    )
    .documented(&Operation {
        summary: "Begin to enable the caller's second factor",
        query: &[],
        answers: &[
            Answer::json::<Enrolled<'_>>("The URI for the authenticator app, and the backup codes")
                .with_cookies(),
        ],
        codes: &[
            &code::PASSWORD_TOO_LONG,
            &code::TOO_MANY_REQUESTS,
            &password::WRONG,
            &code::TOTP_DISABLED,
        ],
    })
    .completes_sign_ins()
    .only_in_person()
    .limited(limit::SIGN_IN),
    Route::post(
        "/two-factor/disable",
        &ForCallers(|call, by, body| Box::pin(disable(call, by, body))),
    )
    .documented(&Operation {
        summary: "Disable the caller's second factor",
        query: &[],
        answers: &[Answer::json::<Status>("It is done").with_cookies()],
        codes: &[
            &code::PASSWORD_TOO_LONG,
            &code::TOO_MANY_REQUESTS,
            &password::WRONG,
        ],
    })
    .completes_sign_ins()
    .only_in_person()
    .limited(limit::SIGN_IN),
    Route::post(
        "/two-factor/get-totp-uri",
        &ForCallers(|call, by, body| Box::pin(uri(call, by, body))),
    )
    .documented(&Operation {
        summary: "Return the URI for the caller's authenticator app",
        query: &[],
        answers: &[Answer::json::<Uri<'_>>("The URI")],
        codes: &[
            &code::PASSWORD_TOO_LONG,
            &code::TOO_MANY_REQUESTS,
            &password::WRONG,
            &code::NO_PASSWORD,
            &code::TOTP_DISABLED,
            &code::TOTP_NOT_ENABLED,
        ],
    })
    .only_in_person()
    .limited(limit::SIGN_IN),
    Route::post(
        "/two-factor/generate-backup-codes",
        &ForCallers(|call, by, body| Box::pin(renew_backup_codes(call, by, body))),
    )
    .documented(&Operation {
        summary: "Replace the caller's backup codes",
        query: &[],
        answers: &[Answer::json::<Renewed<'_>>("The new backup codes")],
        codes: &[
            &code::PASSWORD_TOO_LONG,
            &code::TOO_MANY_REQUESTS,
            &password::WRONG,
            &code::NO_PASSWORD,
            &code::NOT_ENABLED,
        ],
    })
    .only_in_person()
    .limited(limit::SIGN_IN),
];

async fn enable(
    call: Call<'_, TwoFactor>,
    by: StrictCaller,
    Body(body): Body<Enable>,
) -> Result<HttpResponse, ApiError> {
    let (context, is_remembered) = (call.context(), call.is_remembered(Some(&by)));
    let enrolled = call
        .feature
        .enrolment
        .enable(
            &by,
            &body.password,
            body.issuer.as_deref(),
            (is_remembered, &context),
        )
        .await
        .map_err(without_password_is_wrong)?;
    let view = Enrolled {
        uri: enrolled.uri.expose(),
        backup_codes: enrolled.backup_codes.iter().collect(),
    };
    Ok(answer::with_effects(&view, &enrolled.effects, &call.cookies()))
}

async fn disable(
    call: Call<'_, TwoFactor>,
    by: StrictCaller,
    Body(body): Body<WithPassword>,
) -> Result<HttpResponse, ApiError> {
    let (context, is_remembered) = (call.context(), call.is_remembered(Some(&by)));
    let disabled = call
        .feature
        .enrolment
        .disable(&by, &body.password, (is_remembered, &context))
        .await
        .map_err(without_password_is_wrong)?;
    Ok(answer::with_effects(
        &Status::DONE,
        &disabled.effects,
        &call.cookies(),
    ))
}

async fn uri(
    call: Call<'_, TwoFactor>,
    by: StrictCaller,
    Body(body): Body<WithPassword>,
) -> Result<HttpResponse, ApiError> {
    let outcome = call.feature.totp.uri(&by, &body.password, &call.context()).await;
    let uri = outcome.map_err(|error| without_password_is_missing(error, &body.password))?;
    Ok(answer::json(&Uri { uri: uri.expose() }))
}

async fn renew_backup_codes(
    call: Call<'_, TwoFactor>,
    by: StrictCaller,
    Body(body): Body<WithPassword>,
) -> Result<HttpResponse, ApiError> {
    let codes = &call.feature.backup_codes;
    let outcome = codes.renew(&by, &body.password, &call.context()).await;
    let codes = outcome.map_err(|error| without_password_is_missing(error, &body.password))?;
    Ok(answer::json(&Renewed {
        status: true,
        backup_codes: codes.iter().collect(),
    }))
}

/// wire: a caller without a password gets the error of a wrong one.
fn without_password_is_wrong(error: TwoFactorError) -> ApiError {
    match error {
        TwoFactorError::Password(PasswordError::NoCredential) => PasswordError::Wrong.into(),
        error => error.into(),
    }
}

/// wire: a caller without a password and one who sends none get an error of their own.
fn without_password_is_missing(error: TwoFactorError, presented: &Password) -> ApiError {
    match error {
        TwoFactorError::Password(PasswordError::NoCredential) => (&code::NO_PASSWORD).into(),
        TwoFactorError::Password(PasswordError::Wrong) if presented.is_empty() => (&code::NO_PASSWORD).into(),
        error => error.into(),
    }
}
