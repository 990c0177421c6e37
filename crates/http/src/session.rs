//! The caller's current session.

use actix_web::HttpResponse;
use portcullis_application::client_token::SessionEffect;
use serde_json::{Value, json};

use crate::{answer, call::Call, decorate, endpoint::Public, error::ApiError, route::Route};

pub(crate) static ROUTES: &[Route] = &[Route::get(
    "/get-session",
    &Public(|call, ()| Box::pin(current(call))),
)];

async fn current(call: Call<'_>) -> Result<HttpResponse, ApiError> {
    let cookies = call.cookies();
    let presented = call.presented();
    let Some(first) = presented.tokens.first() else {
        return Ok(answer::json(&Value::Null));
    };
    // Only this route trusts the session cookie cache. An invalid one is ignored and replaced.
    if !call.query.is_truthy("disableCookieCache")
        && let Some(copy) = cookies.copy(first)
    {
        return Ok(answer::json(
            &json!({ "session": copy.session, "user": copy.user }),
        ));
    }

    let reading = call.reading(&cookies);
    let found = call.app.sessions.first_live(&presented.tokens, reading).await?;
    let view = found
        .active_session
        .as_ref()
        .map(|active_session| call.presenter().active_session(active_session));
    let effect = match found.effect {
        // Bearer clients have no cookie to clear.
        SessionEffect::Clear if !presented.is_in_cookie => SessionEffect::Unchanged,
        effect => effect,
    };
    let mut response = answer::with_effects(&view, &effect.into(), &cookies);
    if let Some(active_session) = found.active_session {
        decorate::contains(&mut response, active_session);
    }
    Ok(response)
}
