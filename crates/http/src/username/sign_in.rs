//! Sign-in by user name and password.

use actix_web::HttpResponse;
use portcullis_application::{
    sign_in::{PasswordRequest, SignInError},
    username::{SignInWithUsername, UsernameSignInError, Usernames},
};

use super::code::{INVALID, INVALID_CREDENTIALS, TOO_LONG, TOO_SHORT};
use crate::{
    call::Call,
    code,
    endpoint::Public,
    error::ApiError,
    extract::body::{Body, RedirectUrl, Secret, Text, body},
    limit,
    operation::{Answer, Operation},
    route::Route,
    sign_in::{DISABLED, EMAIL_NOT_VERIFIED},
    signed_in::{self, SignedIn},
};

body! {
    SignIn {
        username: Text = "username",
        password: Secret = "password",
        remember_me: Option<bool> = "rememberMe",
        callback_url: Option<RedirectUrl> = "callbackURL",
    }
}

impl From<UsernameSignInError> for ApiError {
    fn from(error: UsernameSignInError) -> Self {
        match error {
            UsernameSignInError::Rejected(rejection) => rejection.into(),
            UsernameSignInError::SignIn(SignInError::InvalidCredentials) => (&INVALID_CREDENTIALS).into(),
            UsernameSignInError::SignIn(error) => error.into(),
            UsernameSignInError::Failure(failure) => failure.into(),
        }
    }
}

pub(crate) static ROUTES: &[Route] = &[Route::post(
    "/sign-in/username",
    &Public(|call, body| Box::pin(sign_in(call, body))),
)
.documented(&Operation {
    summary: "Sign in with a user name and a password",
    query: &[],
    answers: &[
        Answer::json::<SignedIn<'_>>("The user is signed in").with_cookies(),
        Answer::CHALLENGE,
    ],
    codes: &[
        &code::TOO_MANY_REQUESTS,
        &DISABLED,
        &code::PASSWORD_TOO_LONG,
        &INVALID_CREDENTIALS,
        &EMAIL_NOT_VERIFIED,
        &TOO_SHORT,
        &TOO_LONG,
        &INVALID,
    ],
})
.completes_sign_ins()
.limited(limit::SIGN_IN)
.rejects_foreign_sites()];

async fn sign_in(call: Call<'_, Usernames>, Body(body): Body<SignIn>) -> Result<HttpResponse, ApiError> {
    if body.username.is_empty() || body.password.is_empty() {
        return Err((&INVALID_CREDENTIALS).into());
    }
    let command = SignInWithUsername {
        username: body.username,
        request: PasswordRequest {
            password: body.password,
            remember_me: body.remember_me.unwrap_or(true),
            callback_url: body.callback_url,
        },
    };
    let outcome = call.feature.sign_in(command, &call.context()).await?;
    signed_in::answer(&call, outcome)
}
