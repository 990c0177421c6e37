//! Is the server there, and can it serve?

use std::future;

use actix_web::HttpResponse;
use serde_json::json;

use crate::{call::Call, error::ApiError, route::Route};

pub(crate) static ROUTES: &[Route] = &[
    Route::get("/health/live")
        .public(|_call| Box::pin(future::ready(Ok(live()))))
        .outside_base_path(),
    Route::get("/health/ready")
        .public(|call| Box::pin(ready(call)))
        .outside_base_path(),
    Route::get("/ok").public(|_call| Box::pin(future::ready(Ok(live())))),
];

fn live() -> HttpResponse {
    HttpResponse::Ok().json(json!({ "ok": true }))
}

async fn ready(call: Call<'_>) -> Result<HttpResponse, ApiError> {
    call.app.health.ready().await?;
    Ok(live())
}
