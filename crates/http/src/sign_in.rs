//! Sign-in.

use actix_web::{HttpResponse, http::header};
use portcullis_application::sign_in::{PasswordRequest, SignInError, SignInWithEmail, completion::Outcome};
use portcullis_domain::email::EmailAddress;
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
    route::Route,
    view::user::UserView,
};

body! {
    SignIn {
        // wire: only the handler checks that it is an address, with an error of its own.
        email: Text = "email",
        password: Secret = "password",
        callback_url: Option<RedirectUrl> = "callbackURL",
        remember_me: Option<bool> = "rememberMe",
    }
}

#[derive(JsonSchema, Serialize)]
#[schemars(inline)]
struct SignedIn<'a> {
    redirect: bool,
    token: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
    user: UserView<'a>,
}

pub(crate) const DISABLED: Code = Code::new(
    400,
    "EMAIL_AND_PASSWORD_IS_NOT_ENABLED",
    "Email and password is not enabled",
);
pub(crate) const INVALID_CREDENTIALS: Code =
    Code::new(401, "INVALID_EMAIL_OR_PASSWORD", "Invalid email or password");
pub(crate) const EMAIL_NOT_VERIFIED: Code = Code::new(403, "EMAIL_NOT_VERIFIED", "Email not verified");

pub(crate) const CODES: &[&Code] = &[&DISABLED, &INVALID_CREDENTIALS, &EMAIL_NOT_VERIFIED];

impl From<SignInError> for ApiError {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::Disabled => (&DISABLED).into(),
            SignInError::InvalidCredentials => (&INVALID_CREDENTIALS).into(),
            // Only sign-ins by a phone number report the second one, with an error of their own.
            SignInError::EmailNotVerified | SignInError::IdentifierNotVerified => {
                (&EMAIL_NOT_VERIFIED).into()
            }
            SignInError::PasswordTooLong => (&code::PASSWORD_TOO_LONG).into(),
            SignInError::TooManyAttempts(refused) => Self::too_many_requests(refused),
            SignInError::Failure(failure) => failure.into(),
        }
    }
}

pub(crate) static ROUTES: &[Route] = &[Route::post(
    "/sign-in/email",
    &Public(|call, body| Box::pin(email(call, body))),
)
.documented(&Operation {
    summary: "Sign in with an e-mail address and a password",
    query: &[],
    answers: &[
        Answer::json::<SignedIn<'_>>("The user is signed in")
            .with_cookies()
            .with_location(),
        Answer::CHALLENGE,
    ],
    codes: &[
        &code::TOO_MANY_REQUESTS,
        &DISABLED,
        &code::INVALID_EMAIL,
        &code::PASSWORD_TOO_LONG,
        &INVALID_CREDENTIALS,
        &EMAIL_NOT_VERIFIED,
    ],
})
.completes_sign_ins()
.limited(limit::SIGN_IN)
.accepts_forms()
.rejects_foreign_sites()];

async fn email(call: Call<'_>, Body(body): Body<SignIn>) -> Result<HttpResponse, ApiError> {
    let callback = body.callback_url;
    let command = SignInWithEmail {
        email: EmailAddress::parse(&body.email).map_err(|_invalid| &code::INVALID_EMAIL)?,
        request: PasswordRequest {
            password: body.password,
            remember_me: body.remember_me.unwrap_or(true),
            callback_url: callback.clone(),
        },
    };
    let outcome = call.app.sign_in.with_email(command, &call.context()).await?;
    let destination = callback.as_deref().filter(|url| !url.is_empty());
    let mut response = show(&call, outcome, callback.as_deref())?;
    if let Some(location) = destination.and_then(answer::location) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    Ok(response)
}

fn show(call: &Call<'_>, outcome: Outcome, callback: Option<&str>) -> Result<HttpResponse, ApiError> {
    match outcome {
        Outcome::Completed(signed_in) => {
            let view = SignedIn {
                redirect: callback.is_some_and(|url| !url.is_empty()),
                token: signed_in.session.token.expose(),
                url: callback,
                user: call.presenter().user(&signed_in.user),
            };
            Ok(answer::with_effects(&view, &signed_in.effects, &call.cookies()))
        }
        Outcome::Challenged(challenge) => Ok(answer::challenge(&challenge, &call.cookies())),
        Outcome::Refused(refusal) => Err(refusal.into()),
    }
}
