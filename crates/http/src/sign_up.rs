//! Sign-up.

use actix_web::HttpResponse;
use portcullis_application::{
    ports::FailureKind,
    seams::UserOperation,
    sign_in::completion::Outcome,
    sign_up::{SignUpError, SignUpWithEmail, SignedUp},
};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    answer,
    call::Call,
    code::{self, Code},
    endpoint::Public,
    error::ApiError,
    extract::{
        additional,
        body::{Body, Email, Image, Name, NewSecret, RedirectUrl, body},
    },
    limit,
    operation::{Answer, Operation},
    options::Options,
    route::Route,
    view::user::UserView,
};

body! {
    SignUp as ["object", "record"] {
        name: Name = "name",
        email: Email = "email",
        password: NewSecret = "password",
        image: Option<Image> = "image",
        callback_url: Option<RedirectUrl> = "callbackURL",
        remember_me: Option<bool> = "rememberMe",
        ..undeclared
    }
}

#[derive(JsonSchema, Serialize)]
#[schemars(inline)]
struct SignedUpView<'a> {
    token: Option<&'a str>,
    user: UserView<'a>,
}

const DISABLED: Code = Code::new(
    400,
    "EMAIL_AND_PASSWORD_SIGN_UP_IS_NOT_ENABLED",
    "Email and password sign up is not enabled",
);
const EMAIL_TAKEN: Code = Code::new(
    422,
    "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL",
    "User already exists. Use another email.",
);
/// Another user has the value of a unique field, or a rule of the database rejects the user.
pub(crate) const NOT_CREATED: Code = Code::new(422, "FAILED_TO_CREATE_USER", "Failed to create user");

pub(crate) const CODES: &[&Code] = &[&DISABLED, &EMAIL_TAKEN, &NOT_CREATED];

impl From<SignUpError> for ApiError {
    fn from(error: SignUpError) -> Self {
        match error {
            SignUpError::Disabled => (&DISABLED).into(),
            SignUpError::Password(rejection) => rejection.into(),
            SignUpError::PasswordRefused(refusal) => refusal.into(),
            SignUpError::EmailTaken => (&EMAIL_TAKEN).into(),
            SignUpError::FieldTaken => (&NOT_CREATED).into(),
            SignUpError::Failure(failure) => Self::of_failure(failure, FailureKind::Rejected, &NOT_CREATED),
        }
    }
}

pub(crate) static ROUTES: &[Route] = &[Route::post(
    "/sign-up/email",
    &Public(|call, body| Box::pin(email(call, body))),
)
.documented(&Operation {
    summary: "Create a user with an e-mail address and a password",
    query: &[],
    answers: &[
        Answer::json::<SignedUpView<'_>>("The user. `token` is `null` if the user is not signed in")
            .with_cookies(),
        Answer::CHALLENGE,
    ],
    codes: &[
        &DISABLED,
        &code::PASSWORD_TOO_SHORT,
        &code::PASSWORD_TOO_LONG,
        &code::PASSWORD_COMPROMISED,
        &EMAIL_TAKEN,
        &NOT_CREATED,
    ],
})
.completes_sign_ins()
.sets_passwords()
.limited(limit::SIGN_IN)
.sets_user_fields(UserOperation::Create)
.accepts_forms()
.rejects_foreign_sites()];

async fn email(call: Call<'_>, Body(body): Body<SignUp>) -> Result<HttpResponse, ApiError> {
    let Options {
        user_fields, limits, ..
    } = call.options;
    let command = SignUpWithEmail {
        additional: additional::create(user_fields, &body.undeclared, limits)?,
        name: body.name,
        email: body.email,
        password: body.password,
        image: body.image,
        remember_me: body.remember_me.unwrap_or(true),
        callback_url: body.callback_url,
    };
    let signed_up = call.app.sign_up.with_email(command, &call.context()).await?;
    show(&call, signed_up)
}

fn show(call: &Call<'_>, signed_up: SignedUp) -> Result<HttpResponse, ApiError> {
    let cookies = call.cookies();
    match signed_up {
        SignedUp::SignedIn(Outcome::Completed(signed_in)) => {
            let view = SignedUpView {
                token: Some(signed_in.session.token.expose()),
                user: call.presenter().user(&signed_in.user),
            };
            Ok(answer::with_effects(&view, &signed_in.effects, &cookies))
        }
        SignedUp::SignedIn(Outcome::Challenged(challenge)) => Ok(answer::challenge(&challenge, &cookies)),
        SignedUp::SignedIn(Outcome::Refused(refusal)) => Err(refusal.into()),
        SignedUp::Pending(user) => Ok(answer::json(&SignedUpView {
            token: None,
            user: call.presenter().user(&user),
        })),
    }
}
