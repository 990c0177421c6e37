//! Sign-up.

use actix_web::HttpResponse;
use portcullis_application::{
    sign_in::completion::Outcome,
    sign_up::{SignUpError, SignUpWithEmail, SignedUp},
};
use portcullis_domain::password::Password;
use serde::Serialize;

use crate::{
    answer,
    call::Call,
    code::Code,
    error::ApiError,
    extract::{
        additional,
        schema::{Field, Kind, Schema},
    },
    options::Options,
    route::Route,
    view::user::UserView,
};

const EMAIL: Schema = Schema {
    fields: &[
        Field::required("name", Kind::Name),
        Field::required("email", Kind::Email),
        Field::required("password", Kind::NewSecret),
        Field::optional("image", Kind::Image),
        Field::optional("callbackURL", Kind::RedirectUrl),
        Field::optional("rememberMe", Kind::Boolean),
    ],
    known_as: &["object", "record"],
};

#[derive(Serialize)]
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
const FIELD_TAKEN: Code = Code::new(422, "FAILED_TO_CREATE_USER", "Failed to create user");

pub(crate) const CODES: &[&Code] = &[&DISABLED, &EMAIL_TAKEN, &FIELD_TAKEN];

impl From<SignUpError> for ApiError {
    fn from(error: SignUpError) -> Self {
        match error {
            SignUpError::Disabled => (&DISABLED).into(),
            SignUpError::Password(rejection) => rejection.into(),
            SignUpError::EmailTaken => (&EMAIL_TAKEN).into(),
            SignUpError::FieldTaken => (&FIELD_TAKEN).into(),
            SignUpError::Failure(failure) => failure.into(),
        }
    }
}

pub(crate) static ROUTES: &[Route] = &[Route::post("/sign-up/email")
    .public(|call| Box::pin(email(call)))
    .reads(&EMAIL)
    .signs_in()];

async fn email(mut call: Call<'_>) -> Result<HttpResponse, ApiError> {
    let Options {
        user_fields, limits, ..
    } = call.options;
    let additional = additional::create(user_fields, &call.body, limits)?;
    let body = &mut call.body;
    let command = SignUpWithEmail {
        name: body.text("name"),
        email: body.email("email")?,
        password: Password::new(body.text("password")),
        image: body.optional_text("image"),
        remember_me: body.boolean("rememberMe").unwrap_or(true),
        callback_url: body.optional_text("callbackURL"),
        additional,
    };
    let signed_up = call.app.sign_up.with_email(command, &call.context()).await?;
    let view = |token, user| SignedUpView {
        token,
        user: call.presenter().user(user),
    };
    match &signed_up {
        SignedUp::SignedIn(Outcome::Completed(signed_in)) => {
            let view = view(Some(signed_in.session.token.expose().as_str()), &signed_in.user);
            Ok(answer::with_effects(&view, &signed_in.effects, &call.cookies()))
        }
        SignedUp::SignedIn(Outcome::Challenged(challenge)) => {
            Ok(answer::challenge(challenge, &call.cookies()))
        }
        SignedUp::SignedIn(Outcome::Refused(refusal)) => Err(refusal.clone().into()),
        SignedUp::Pending(user) => Ok(answer::json(&view(None, user))),
    }
}
