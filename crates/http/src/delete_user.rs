//! Deletion of the caller's user.

use actix_web::HttpResponse;
use portcullis_application::{
    client_token::ClientEffects,
    delete_user::{DeleteUserError, Deletion, DeletionRequest},
    ports::FailureKind,
    session::StrictCaller,
};
use portcullis_domain::token::OneTimeToken;

use crate::{
    answer,
    app::App,
    call::Call,
    code::{self, Code},
    endpoint::{ForAnyone, ForCallers},
    error::ApiError,
    extract::body::{Body, Query, RedirectUrl, Secret, Text, body},
    link::Link,
    operation::{Answer, Operation},
    password,
    route::Route,
    view::outcome::SuccessMessage,
};

body! {
    Delete {
        callback: Option<RedirectUrl> = "callbackURL",
        password: Option<Secret> = "password",
        token: Option<Text> = "token",
    }
}

const NO_SESSION: Code = Code::new(404, "FAILED_TO_GET_USER_INFO", "Failed to get user info");
const INVALID_TOKEN: Code = Code::new(404, "INVALID_TOKEN", "Invalid token");
const NOT_FRESH: Code = Code::new(
    400,
    "SESSION_EXPIRED_REAUTHENTICATE_TO_PERFORM_THIS_ACTION",
    "Session expired. Re-authenticate to perform this action.",
);

/// Foreign keys of the application's tables forbid the deletion. Better Auth fails with 500.
const REFERENCED: Code = Code::new(
    409,
    "USER_IS_REFERENCED",
    "The user cannot be deleted because other records refer to the user",
);

pub(crate) const CODES: &[&Code] = &[&NO_SESSION, &INVALID_TOKEN, &NOT_FRESH, &REFERENCED];

impl From<DeleteUserError> for ApiError {
    fn from(error: DeleteUserError) -> Self {
        match error {
            DeleteUserError::Disabled => (&code::NOT_FOUND).into(),
            DeleteUserError::Password(error) => error.into(),
            DeleteUserError::InvalidToken => (&INVALID_TOKEN).into(),
            DeleteUserError::NotFresh => (&NOT_FRESH).into(),
            DeleteUserError::NotSignedIn => (&NO_SESSION).into(),
            DeleteUserError::SessionEnded => (&code::UNAUTHORIZED).into(),
            DeleteUserError::Refused(refusal) => refusal.into(),
            DeleteUserError::Failure(failure) => {
                Self::of_failure(failure, FailureKind::Referenced, &REFERENCED)
            }
        }
    }
}

fn is_offered(app: &App) -> bool {
    app.delete_user.is_enabled()
}

pub(crate) static ROUTES: &[Route] = &[
    Route::post(
        "/delete-user",
        &ForCallers(|call, by, body| Box::pin(delete(call, by, body))),
    )
    .documented(&Operation {
        summary: "Delete the caller's user, or send a mail that confirms the deletion",
        query: &[],
        answers: &[
            Answer::json::<SuccessMessage>("The user was deleted, or the mail was sent").with_cookies(),
        ],
        codes: &[
            &code::PASSWORD_TOO_LONG,
            &code::TOO_MANY_REQUESTS,
            &password::NO_CREDENTIAL,
            &password::WRONG,
            &INVALID_TOKEN,
            &NOT_FRESH,
            &NO_SESSION,
            &REFERENCED,
        ],
    })
    .only_in_person()
    .offered_if(is_offered)
    .deletes_users(),
    Route::get(
        "/delete-user/callback",
        &ForAnyone(|call, by, query| Box::pin(follow(call, by, query))),
    )
    .documented(&Operation {
        summary: "Follow the link that confirms the deletion of the caller's user",
        query: &[],
        answers: &[
            Answer::json::<SuccessMessage>("The user was deleted, and the link names no page").with_cookies(),
            Answer::redirect("The user was deleted; to the page that the link names").with_cookies(),
        ],
        codes: &[&code::UNAUTHORIZED, &INVALID_TOKEN, &NO_SESSION, &REFERENCED],
    })
    .only_in_person()
    .offered_if(is_offered)
    .deletes_users()
    .with_secret_url(),
];

async fn delete(
    call: Call<'_>,
    by: StrictCaller,
    Body(body): Body<Delete>,
) -> Result<HttpResponse, ApiError> {
    // wire: an empty string counts as absent.
    let filled = |text: &String| !text.is_empty();
    let request = DeletionRequest {
        password: body.password.filter(|password| !password.is_empty()),
        secret: body.token.filter(filled).map(OneTimeToken::new),
        callback: body.callback.filter(filled),
    };
    let deletion = call
        .app
        .delete_user
        .delete(&by, &request, &call.context())
        .await?;
    Ok(match deletion {
        Deletion::Deleted(effects) => deleted(&call, &effects),
        Deletion::ConfirmationSent => answer::json(&SuccessMessage::new("Verification email sent")),
    })
}

async fn follow(
    call: Call<'_>,
    by: Option<StrictCaller>,
    Query(link): Query<Link>,
) -> Result<HttpResponse, ApiError> {
    let callback = link.callback();
    let secret = OneTimeToken::new(link.token);
    let effects = call.app.delete_user.confirm(by.as_ref(), &secret).await?;
    match callback {
        Some(url) => answer::redirect_with_effects(&url, &effects, &call.cookies()),
        None => Ok(deleted(&call, &effects)),
    }
}

fn deleted(call: &Call<'_>, effects: &ClientEffects) -> HttpResponse {
    answer::with_effects(&SuccessMessage::new("User deleted"), effects, &call.cookies())
}
