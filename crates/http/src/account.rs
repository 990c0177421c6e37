//! List and removal of the caller's sign-in methods (accounts).

use actix_web::HttpResponse;
use portcullis_application::{
    account::{Unlink, UnlinkError},
    session::{FreshCaller, StrictCaller},
};
use serde_json::json;

use crate::{
    answer,
    call::Call,
    code::Code,
    error::ApiError,
    extract::schema::{Field, Kind, Schema},
    route::Route,
    view::account::AccountView,
};

const UNLINK: Schema = Schema {
    fields: &[
        Field::required("providerId", Kind::Text),
        Field::optional("accountId", Kind::Text),
    ],
    known_as: &["object"],
};

const LAST: Code = Code::new(
    400,
    "YOU_CANT_UNLINK_YOUR_LAST_ACCOUNT",
    "You can't unlink your last account",
);
const NOT_FOUND: Code = Code::new(400, "ACCOUNT_NOT_FOUND", "Account not found");

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
    Route::get("/list-accounts").for_callers(|call, by| Box::pin(list(call, by))),
    Route::post("/unlink-account")
        .for_fresh_callers(|call, by| Box::pin(unlink(call, by)))
        .reads(&UNLINK),
];

async fn list(call: Call<'_>, by: StrictCaller) -> Result<HttpResponse, ApiError> {
    let accounts = call.app.accounts.list(&by).await?;
    let views: Vec<_> = accounts.iter().map(AccountView::from).collect();
    Ok(answer::json(&views))
}

async fn unlink(mut call: Call<'_>, by: FreshCaller) -> Result<HttpResponse, ApiError> {
    let command = Unlink {
        provider_id: call.body.text("providerId"),
        account_id: call.body.filled_text("accountId"),
    };
    call.app.accounts.unlink(&by, &command).await?;
    Ok(answer::json(&json!({ "status": true })))
}
