//! Sign-out.

use actix_web::HttpResponse;
use serde_json::json;

use crate::{answer, call::Call, endpoint::Public, error::ApiError, route::Route};

pub(crate) static ROUTES: &[Route] =
    &[Route::post("/sign-out", &Public(|call, ()| Box::pin(sign_out(call)))).reads_sessions()];

async fn sign_out(call: Call<'_>) -> Result<HttpResponse, ApiError> {
    let cookies = call.cookies();
    let tokens = call.all_presented().tokens;
    let effects = call.app.sign_out.end(&tokens).await?;
    call.app.sessions.note_ended(&tokens);
    Ok(answer::with_effects(
        &json!({ "success": true }),
        &effects,
        &cookies,
    ))
}
