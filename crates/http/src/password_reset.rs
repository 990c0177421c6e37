//! Password reset.

use actix_web::HttpResponse;
use portcullis_application::password_reset::PasswordResetError;
use portcullis_domain::{password::Password, token::OneTimeToken};
use serde_json::json;

use crate::{
    answer,
    call::Call,
    callback,
    code::{self, Code},
    error::ApiError,
    extract::schema::{Field, Kind, Schema},
    route::Route,
    view::password_page::{PasswordPage, PasswordSetPage},
};

const REQUEST: Schema = Schema {
    fields: &[
        Field::required("email", Kind::Email),
        Field::optional("redirectTo", Kind::RedirectUrl),
    ],
    known_as: &["object"],
};
const FOLLOW: Schema = Schema {
    fields: &[Field::required("callbackURL", Kind::RedirectUrl)],
    known_as: &["object"],
};
const FORM: Schema = Schema {
    fields: &[Field::required("newPassword", Kind::Secret)],
    known_as: &["object"],
};
const RESET: Schema = Schema {
    fields: &[
        Field::required("newPassword", Kind::Secret),
        Field::optional("token", Kind::Text),
    ],
    known_as: &["object"],
};
const RESET_QUERY: Schema = Schema {
    fields: &[Field::optional("token", Kind::Text)],
    known_as: &["object"],
};
/// wire: the same whether or not a user has the address.
const SENT: &str = "If this email exists in our system, check your email for the reset link";

const DISABLED: Code = Code::new(400, "RESET_PASSWORD_ISNT_ENABLED", "Reset password isn't enabled");
const INVALID_TOKEN: Code = Code::new(400, "INVALID_TOKEN", "Invalid token");

pub(crate) const CODES: &[&Code] = &[&DISABLED, &INVALID_TOKEN];

impl From<PasswordResetError> for ApiError {
    fn from(error: PasswordResetError) -> Self {
        match error {
            PasswordResetError::Disabled => (&DISABLED).into(),
            PasswordResetError::InvalidToken => (&INVALID_TOKEN).into(),
            PasswordResetError::Password(rejection) => rejection.into(),
            PasswordResetError::Failure(failure) => failure.into(),
        }
    }
}

pub(crate) static ROUTES: &[Route] = &[
    Route::post("/request-password-reset")
        .public(|call| Box::pin(request(call)))
        .reads(&REQUEST),
    Route::get("/reset-password/:token")
        .public(|call| Box::pin(follow(call)))
        .asks(&FOLLOW)
        .with_secret_url(),
    Route::post("/reset-password/:token")
        .public(|call| Box::pin(set(call)))
        // A page of another origin must not set the password, with or without cookies.
        .signs_in()
        .reads(&FORM)
        .with_secret_url(),
    Route::post("/reset-password")
        .public(|call| Box::pin(reset(call)))
        .reads(&RESET)
        .asks(&RESET_QUERY)
        .with_secret_url(),
];

async fn request(mut call: Call<'_>) -> Result<HttpResponse, ApiError> {
    let email = call.body.email("email")?;
    let redirect_to = call.body.optional_text("redirectTo");
    call.app
        .password_reset
        .request(&email, redirect_to.as_deref(), &call.context())
        .await?;
    Ok(answer::json(&json!({ "status": true, "message": SENT })))
}

/// Redirects a user who follows the link to the page on which the new password is typed, with the token if it is valid.
/// If the link names no page, this server shows its own.
async fn follow(mut call: Call<'_>) -> Result<HttpResponse, ApiError> {
    let url = call.asked.text("callbackURL");
    let token = OneTimeToken::new(call.segment);
    let is_live = call.app.password_reset.is_live(&token).await?;
    if url.is_empty() {
        return if is_live {
            Ok(form(None))
        } else {
            answer::redirect(&callback::error_page(call.options, INVALID_TOKEN.name))
        };
    }
    let (name, value) = if is_live {
        ("token", call.segment)
    } else {
        ("error", INVALID_TOKEN.name)
    };
    let url = callback::resolved(call.options, &url, name, value).ok_or(&code::INVALID_CALLBACKURL)?;
    answer::redirect(&url)
}

/// Sets the password that the user typed on this server's page.
async fn set(mut call: Call<'_>) -> Result<HttpResponse, ApiError> {
    let password = Password::new(call.body.text("newPassword"));
    let token = OneTimeToken::new(call.segment);
    match call
        .app
        .password_reset
        .reset(&token, &password, &call.context())
        .await
    {
        Ok(()) => Ok(answer::form_page(&PasswordSetPage::page())),
        Err(PasswordResetError::Password(rejection)) => {
            Ok(form(Some(ApiError::from(rejection).code.message)))
        }
        Err(PasswordResetError::InvalidToken) => {
            answer::redirect_after_form(&callback::error_page(call.options, INVALID_TOKEN.name))
        }
        Err(error) => Err(error.into()),
    }
}

fn form(problem: Option<&str>) -> HttpResponse {
    answer::form_page(&PasswordPage { problem }.page())
}

async fn reset(mut call: Call<'_>) -> Result<HttpResponse, ApiError> {
    let password = Password::new(call.body.text("newPassword"));
    let token = call.body.filled_text("token");
    let token = token.or_else(|| call.asked.filled_text("token"));
    let secret = OneTimeToken::new(token.ok_or(&INVALID_TOKEN)?);
    call.app
        .password_reset
        .reset(&secret, &password, &call.context())
        .await?;
    Ok(answer::json(&json!({ "status": true })))
}
