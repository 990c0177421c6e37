//! Who is there?

use actix_web::HttpResponse;
use portcullis_application::client_token::SessionEffect;
use serde_json::{Value, json};

use crate::{answer, call::Call, decorate, error::ApiError, route::Route};

pub(crate) static ROUTES: &[Route] = &[Route::get("/get-session").public(|call| Box::pin(current(call)))];

async fn current(call: Call<'_>) -> Result<HttpResponse, ApiError> {
    let cookies = call.cookies();
    let Some(presented) = cookies.presented() else {
        return Ok(answer::json(&Value::Null));
    };
    // The one place where a copy is believed. One that does not count is passed over, and another takes its place.
    if !call.query.is_truthy("disableCookieCache")
        && let Some(copy) = cookies.copy(&presented.token)
    {
        return Ok(answer::json(
            &json!({ "session": copy.session, "user": copy.user }),
        ));
    }

    let reading = call.reading(&cookies);
    let found = call.app.sessions.current(&presented.token, reading).await?;
    let view = found
        .presence
        .as_ref()
        .map(|presence| call.presenter().presence(presence));
    let effect = match found.effect {
        // Whoever keeps no cookie is not told to forget one.
        SessionEffect::Forget if presented.is_bearer => SessionEffect::None,
        effect => effect,
    };
    let mut response = answer::with_effect(&view, &effect, &cookies);
    if let Some(presence) = &found.presence {
        decorate::session(&call, &presence.user, response.headers_mut()).await;
    }
    Ok(response)
}
