//! List and removal of the caller's sign-in methods (accounts).

use actix_web::HttpResponse;
use portcullis_application::{
    account::{Unlink, UnlinkError},
    session::{FreshCaller, StrictCaller},
};

use crate::{
    answer,
    call::Call,
    code::Code,
    endpoint::{ForCallers, ForFreshCallers},
    error::ApiError,
    extract::body::{Body, Text, body},
    operation::{Answer, Operation},
    route::Route,
    view::{account::AccountView, outcome::Status},
};

body! {
    UnlinkAccount {
        provider_id: Text = "providerId",
        account_id: Option<Text> = "accountId",
    }
}

const LAST: Code = Code::new(
    400,
    "YOU_CANT_UNLINK_YOUR_LAST_ACCOUNT",
    "You can't unlink your last account",
);
pub(crate) const NOT_FOUND: Code = Code::new(400, "ACCOUNT_NOT_FOUND", "Account not found");

pub(crate) const CODES: &[&Code] = &[&LAST, &NOT_FOUND];

impl From<UnlinkError> for ApiError {
    fn from(error: UnlinkError) -> Self {
        match error {
            UnlinkError::Last => (&LAST).into(),
            UnlinkError::NotFound => (&NOT_FOUND).into(),
            UnlinkError::Failure(failure) => failure.into(),
        }
    }
}

pub(crate) static ROUTES: &[Route] = &[
    Route::get(
        "/list-accounts",
        &ForCallers(|call, by, ()| Box::pin(list(call, by))),
    )
    .documented(&Operation {
        summary: "List the caller's sign-in methods",
        query: &[],
        answers: &[Answer::json::<Vec<AccountView<'_>>>("The sign-in methods")],
        codes: &[],
    }),
    Route::post(
        "/unlink-account",
        &ForFreshCallers(|call, by, body| Box::pin(unlink(call, by, body))),
    )
    .documented(&Operation {
        summary: "Remove a sign-in method of the caller",
        query: &[],
        answers: &[Answer::json::<Status>("It is done").with_cookies()],
        codes: &[&LAST, &NOT_FOUND],
    })
    .only_in_person(),
];

async fn list(call: Call<'_>, by: StrictCaller) -> Result<HttpResponse, ApiError> {
    let accounts = call.app.accounts.list(&by).await?;
    let views: Vec<_> = accounts.iter().map(AccountView::from).collect();
    Ok(answer::json(&views))
}

async fn unlink(
    call: Call<'_>,
    by: FreshCaller,
    Body(body): Body<UnlinkAccount>,
) -> Result<HttpResponse, ApiError> {
    let command = Unlink {
        provider_id: body.provider_id,
        account_id: body.account_id.filter(|id| !id.is_empty()),
    };
    let unlinked = call.app.accounts.unlink(&by, &command).await?;
    let cookie = call.app.social.account_cookie();
    let cleared = cookie.and_then(|cookie| cookie.cleared(&unlinked, &call.context()));
    Ok(match cleared {
        Some(effect) => answer::with_effects(&Status::DONE, &effect.into(), &call.cookies()),
        None => answer::json(&Status::DONE),
    })
}
