//! Is the server there, and can it serve?

use std::future;

use actix_web::HttpResponse;
use serde_json::json;

use crate::{call::Call, error::ApiError, route::Route};

pub(crate) static ROUTES: &[Route] = &[
    Route::get("/health/live", |_call| Box::pin(future::ready(Ok(live()))))
        .public()
        .outside_base_path(),
    Route::get("/health/ready", |call| Box::pin(ready(call)))
        .public()
        .outside_base_path(),
    Route::get("/ok", |_call| Box::pin(future::ready(Ok(live())))).public(),
];

fn live() -> HttpResponse {
    HttpResponse::Ok().json(json!({ "ok": true }))
}

async fn ready(call: Call<'_>) -> Result<HttpResponse, ApiError> {
    call.app.health.ready().await?;
    Ok(live())
}
