//! Password reset.

use actix_web::HttpResponse;
use portcullis_application::password_reset::PasswordResetError;
use portcullis_domain::token::OneTimeToken;

use crate::{
    answer,
    call::Call,
    callback,
    code::{self, Code},
    endpoint::Public,
    error::ApiError,
    extract::body::{Body, Email, Query, RedirectUrl, Secret, Text, body},
    limit,
    operation::{Answer, Operation},
    route::Route,
    view::{
        outcome::{Status, StatusMessage},
        password_page::{PasswordPage, PasswordSetPage},
    },
};

body! {
    Request {
        email: Email = "email",
        redirect_to: Option<RedirectUrl> = "redirectTo",
    }
}
body! {
    Follow {
        callback: RedirectUrl = "callbackURL",
    }
}
body! {
    Form {
        new_password: Secret = "newPassword",
    }
}
body! {
    Reset {
        new_password: Secret = "newPassword",
        token: Option<Text> = "token",
    }
}
body! {
    ResetQuery {
        token: Option<Text> = "token",
    }
}
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
            PasswordResetError::PasswordRefused(refusal) => refusal.into(),
            PasswordResetError::Failure(failure) => failure.into(),
        }
    }
}

pub(crate) static ROUTES: &[Route] = &[
    Route::post(
        "/request-password-reset",
        &Public(|call, body| Box::pin(request(call, body))),
    )
    .documented(&Operation {
        summary: "Send a mail with a link that sets a new password",
        query: &[],
        answers: &[Answer::json::<StatusMessage>(
            "The same whether or not a user has the address",
        )],
        codes: &[&DISABLED],
    })
    .limited(limit::MESSAGE),
    Route::get(
        "/reset-password/:token",
        &Public(|call, query| Box::pin(follow(call, query))),
    )
    .documented(&Operation {
        summary: "Follow the link that sets a new password",
        query: &[],
        answers: &[
            Answer::html("A form for the new password, if the link names no page"),
            Answer::redirect("To the page that the link names, with the parameter `token` or `error`"),
        ],
        codes: &[&DISABLED],
    })
    .with_secret_url(),
    Route::post(
        "/reset-password/:token",
        &Public(|call, body| Box::pin(set(call, body))),
    )
    .documented(&Operation {
        summary: "Set the new password that was typed in the form of this server",
        query: &[],
        answers: &[
            Answer::html("The password was set, or the form with what is wrong"),
            Answer::redirect("To the page that shows that the link is invalid").with_status(303),
        ],
        codes: &[&DISABLED],
    })
    .sets_passwords()
    // A page of another origin must not set the password, with or without cookies.
    .accepts_forms()
    .rejects_foreign_sites()
    .with_secret_url(),
    Route::post(
        "/reset-password",
        &Public(|call, input| Box::pin(reset(call, input))),
    )
    .documented(&Operation {
        summary: "Set a new password with the token of a link",
        query: &[],
        answers: &[Answer::json::<Status>("It is done")],
        codes: &[
            &DISABLED,
            &INVALID_TOKEN,
            &code::PASSWORD_TOO_SHORT,
            &code::PASSWORD_TOO_LONG,
            &code::PASSWORD_COMPROMISED,
        ],
    })
    .sets_passwords()
    .with_secret_url(),
];

async fn request(call: Call<'_>, Body(body): Body<Request>) -> Result<HttpResponse, ApiError> {
    call.app
        .password_reset
        .request(&body.email, body.redirect_to.as_deref(), &call.context())
        .await?;
    Ok(answer::json(&StatusMessage::new(SENT)))
}

/// Redirects a user who follows the link to the page on which the new password is typed, with the token if it is valid.
/// If the link names no page, this server shows its own.
async fn follow(call: Call<'_>, Query(asked): Query<Follow>) -> Result<HttpResponse, ApiError> {
    let url = asked.callback;
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
async fn set(call: Call<'_>, Body(body): Body<Form>) -> Result<HttpResponse, ApiError> {
    let token = OneTimeToken::new(call.segment);
    match call
        .app
        .password_reset
        .reset(&token, &body.new_password, &call.context())
        .await
    {
        Ok(()) => {
            let front_end = call.options.pages.default_redirect_url.as_deref();
            Ok(answer::form_page(&PasswordSetPage { front_end }.page()))
        }
        Err(PasswordResetError::Password(rejection)) => {
            Ok(form(Some(ApiError::from(rejection).code.message)))
        }
        Err(PasswordResetError::PasswordRefused(refusal)) => {
            Ok(form(Some(ApiError::from(refusal).message())))
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

async fn reset(
    call: Call<'_>,
    (Body(body), Query(query)): (Body<Reset>, Query<ResetQuery>),
) -> Result<HttpResponse, ApiError> {
    let filled = |token: &String| !token.is_empty();
    let token = body.token.filter(filled).or(query.token.filter(filled));
    let token = OneTimeToken::new(token.ok_or(&INVALID_TOKEN)?);
    call.app
        .password_reset
        .reset(&token, &body.new_password, &call.context())
        .await?;
    Ok(answer::json(&Status::DONE))
}
