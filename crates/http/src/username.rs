//! Sign-in by user name, and the availability of user names.

use actix_web::HttpResponse;
use portcullis_application::{
    sign_in::{PasswordRequest, SignInError},
    username::{AvailabilityError, SignInWithUsername, UsernameSignInError, Usernames},
};
use portcullis_domain::username::{USERNAME, UsernameRejection};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    answer,
    call::Call,
    code::{self, Code},
    endpoint::Public,
    error::ApiError,
    extract::body::{Body, RedirectUrl, Secret, Text, body},
    limit,
    operation::{Answer, Operation},
    refusal::Refusals,
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

body! {
    Availability {
        username: Text = "username",
    }
}

#[derive(JsonSchema, Serialize)]
#[schemars(inline)]
struct Available {
    available: bool,
}

const INVALID_CREDENTIALS: Code = Code::new(
    401,
    "INVALID_USERNAME_OR_PASSWORD",
    "Invalid username or password",
);
/// The field of users by which they sign in.
pub(crate) const SIGN_IN_FIELDS: &[&str] = &[USERNAME];

const TOO_SHORT: Code = Code::new(422, "USERNAME_TOO_SHORT", "Username is too short");
const TOO_LONG: Code = Code::new(422, "USERNAME_IS_TOO_LONG", "Username is too long");
const INVALID: Code = Code::new(422, "USERNAME_IS_INVALID", "Username is invalid");
const INPUT_TOO_SHORT: Code = Code::new(400, "USERNAME_TOO_SHORT", "Username is too short");
const INPUT_TOO_LONG: Code = Code::new(400, "USERNAME_IS_TOO_LONG", "Username is too long");
const INPUT_INVALID: Code = Code::new(400, "USERNAME_IS_INVALID", "Username is invalid");
const TAKEN: Code = Code::new(
    400,
    "USERNAME_IS_ALREADY_TAKEN_PLEASE_TRY_ANOTHER",
    "Username is already taken. Please try another.",
);

pub(crate) const CODES: &[&Code] = &[
    &INVALID_CREDENTIALS,
    &TOO_SHORT,
    &TOO_LONG,
    &INVALID,
    &INPUT_TOO_SHORT,
    &INPUT_TOO_LONG,
    &INPUT_INVALID,
    &TAKEN,
];

/// The errors with which the feature refuses what clients set of users.
pub(crate) static REFUSALS: Refusals = Refusals {
    inputs: &[&INPUT_TOO_SHORT, &INPUT_TOO_LONG, &INPUT_INVALID, &TAKEN],
    ..Refusals::NONE
};

impl From<UsernameRejection> for ApiError {
    fn from(rejection: UsernameRejection) -> Self {
        match rejection {
            UsernameRejection::TooShort => (&TOO_SHORT).into(),
            UsernameRejection::TooLong => (&TOO_LONG).into(),
            UsernameRejection::Invalid => (&INVALID).into(),
        }
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

impl From<AvailabilityError> for ApiError {
    fn from(error: AvailabilityError) -> Self {
        match error {
            AvailabilityError::Rejected(rejection) => rejection.into(),
            AvailabilityError::Failure(failure) => failure.into(),
        }
    }
}

pub(crate) static ROUTES: &[Route] = &[
    Route::post(
        "/is-username-available",
        &Public(|call, body| Box::pin(is_available(call, body))),
    )
    .documented(&Operation {
        summary: "Check whether a user name is available",
        query: &[],
        answers: &[Answer::json::<Available>("Whether it is available")],
        codes: &[&TOO_SHORT, &TOO_LONG, &INVALID],
    }),
    Route::post(
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
    .rejects_foreign_sites(),
];

async fn is_available(
    call: Call<'_, Usernames>,
    Body(body): Body<Availability>,
) -> Result<HttpResponse, ApiError> {
    // wire: an empty name is invalid here, not too short.
    if body.username.is_empty() {
        return Err((&INVALID).into());
    }
    let available = call.feature.is_available(&body.username).await?;
    Ok(answer::json(&Available { available }))
}

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
