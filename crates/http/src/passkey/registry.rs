//! The caller's passkeys.

use actix_web::HttpResponse;
use portcullis_application::{passkey::Passkeys, session::StrictCaller};
use portcullis_domain::passkey::PasskeyId;
use schemars::JsonSchema;
use serde::Serialize;

use super::{code, view::PasskeyView};
use crate::{
    answer,
    call::Call,
    endpoint::ForCallers,
    error::ApiError,
    extract::body::{Body, Text, body},
    operation::{Answer, Operation},
    route::Route,
    view::outcome::Status,
};

body! {
    Unwanted {
        id: Text = "id",
    }
}

body! {
    Named {
        id: Text = "id",
        name: Text = "name",
    }
}

#[derive(JsonSchema, Serialize)]
#[schemars(inline)]
struct Updated<'a> {
    passkey: PasskeyView<'a>,
}

pub(super) const LIST: Route = Route::get(
    "/passkey/list-user-passkeys",
    &ForCallers(|call, by, ()| Box::pin(list(call, by))),
)
.documented(&Operation {
    summary: "List the caller's passkeys",
    query: &[],
    answers: &[Answer::json::<Vec<PasskeyView<'_>>>(
        "All passkeys, the oldest first",
    )],
    codes: &[],
});

pub(super) const DELETE: Route = Route::post(
    "/passkey/delete-passkey",
    &ForCallers(|call, by, body| Box::pin(delete(call, by, body))),
)
.documented(&Operation {
    summary: "Delete a passkey of the caller",
    query: &[],
    answers: &[Answer::json::<Status>("It is done")],
    codes: &[&code::NOT_FOUND, &code::UNAUTHORIZED],
})
.only_in_person();

pub(super) const UPDATE: Route = Route::post(
    "/passkey/update-passkey",
    &ForCallers(|call, by, body| Box::pin(update(call, by, body))),
)
.documented(&Operation {
    summary: "Name a passkey of the caller",
    query: &[],
    answers: &[Answer::json::<Updated<'_>>("The passkey")],
    codes: &[&code::NOT_FOUND, &code::NOT_ALLOWED],
})
.only_in_person();

async fn list(call: Call<'_, Passkeys>, by: StrictCaller) -> Result<HttpResponse, ApiError> {
    let passkeys = call.feature.list(&by).await?;
    let views: Vec<_> = passkeys.iter().map(PasskeyView::new).collect();
    Ok(answer::json(&views))
}

async fn delete(
    call: Call<'_, Passkeys>,
    by: StrictCaller,
    Body(body): Body<Unwanted>,
) -> Result<HttpResponse, ApiError> {
    let deleted = call.feature.delete(&by, &PasskeyId::new(body.id)).await;
    deleted.map_err(|error| code::of_change(error, &code::UNAUTHORIZED))?;
    Ok(answer::json(&Status::DONE))
}

async fn update(
    call: Call<'_, Passkeys>,
    by: StrictCaller,
    Body(body): Body<Named>,
) -> Result<HttpResponse, ApiError> {
    let renamed = call
        .feature
        .rename(&by, &PasskeyId::new(body.id), &body.name)
        .await;
    let passkey = renamed.map_err(|error| code::of_change(error, &code::NOT_ALLOWED))?;
    let view = Updated {
        passkey: PasskeyView::new(&passkey),
    };
    Ok(answer::json(&view))
}
