//! The caller's API keys.

use actix_web::HttpResponse;
use portcullis_application::{api_key::ApiKeys, session::StrictCaller};
use portcullis_domain::api_key::ApiKeyId;

use super::{code, view::ApiKeyView};
use crate::{
    answer,
    call::Call,
    endpoint::ForCallers,
    error::ApiError,
    extract::body::{Body, Query, Text, body},
    operation::{Answer, Operation},
    route::Route,
    view::outcome::Success,
};

body! {
    Wanted {
        id: Text = "id",
    }
}

body! {
    Unwanted {
        id: Text = "keyId",
    }
}

pub(super) const GET: Route = Route::get(
    "/api-key/get",
    &ForCallers(|call, by, query| Box::pin(get(call, by, query))),
)
.documented(&Operation {
    summary: "Return an API key of the caller",
    query: &[],
    answers: &[Answer::json::<ApiKeyView<'_>>(
        "What is known of the key, without the key itself",
    )],
    codes: &[&code::NOT_FOUND],
});

pub(super) const LIST: Route = Route::get(
    "/api-key/list",
    &ForCallers(|call, by, ()| Box::pin(list(call, by))),
)
.documented(&Operation {
    summary: "List the caller's API keys",
    query: &[],
    answers: &[Answer::json::<Vec<ApiKeyView<'_>>>(
        "All keys, the oldest first, without the keys themselves",
    )],
    codes: &[],
});

pub(super) const DELETE: Route = Route::post(
    "/api-key/delete",
    &ForCallers(|call, by, body| Box::pin(delete(call, by, body))),
)
.documented(&Operation {
    summary: "Delete an API key of the caller",
    query: &[],
    answers: &[Answer::json::<Success>("It is done")],
    codes: &[&code::NOT_FOUND],
})
.only_in_person();

async fn get(
    call: Call<'_, ApiKeys>,
    by: StrictCaller,
    Query(query): Query<Wanted>,
) -> Result<HttpResponse, ApiError> {
    let key = call.feature.find(&by, &ApiKeyId::new(query.id)).await?;
    Ok(answer::json(&ApiKeyView::new(&key)))
}

async fn list(call: Call<'_, ApiKeys>, by: StrictCaller) -> Result<HttpResponse, ApiError> {
    let keys = call.feature.list(&by).await?;
    let views: Vec<_> = keys.iter().map(ApiKeyView::new).collect();
    Ok(answer::json(&views))
}

async fn delete(
    call: Call<'_, ApiKeys>,
    by: StrictCaller,
    Body(body): Body<Unwanted>,
) -> Result<HttpResponse, ApiError> {
    call.feature.delete(&by, &ApiKeyId::new(body.id)).await?;
    Ok(answer::json(&Success::DONE))
}
