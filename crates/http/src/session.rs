//! The caller's current session.

use actix_web::HttpResponse;
use portcullis_application::{
    client_token::SessionEffect,
    session::{Found, StrictCaller},
};
use portcullis_domain::token::SessionToken;
use serde_json::{Value, json};

use crate::{
    answer,
    call::Call,
    cookie::Cookies,
    decorate,
    endpoint::Public,
    error::ApiError,
    extract::reader,
    operation::{Answer, Operation, Parameter},
    route::Route,
    view::ActiveSessionView,
};

pub(crate) static ROUTES: &[Route] =
    &[
        Route::get("/get-session", &Public(|call, ()| Box::pin(current(call))))
            .documented(&Operation {
                summary: "Return the caller's session, or `null`",
                query: &[Parameter {
                    name: "disableCookieCache",
                    description: "If it is not empty, the session cookie cache is not used",
                }],
                answers: &[Answer::json::<Option<ActiveSessionView<'_>>>(
                    "The session and its user; `null` if there is none",
                )
                .with_cookies()
                .with_session()],
                codes: &[],
            })
            .reads_sessions(),
    ];

async fn current(call: Call<'_>) -> Result<HttpResponse, ApiError> {
    if let Some(by) = &call.by_key {
        return Ok(of_key(&call, by));
    }
    let cookies = call.cookies();
    let presented = call.presented();
    let Some(first) = presented.tokens.first() else {
        return Ok(answer::json(&Value::Null));
    };
    if let Some(cached) = of_cookie_cache(&call, &cookies, first) {
        return Ok(cached);
    }

    let reading = call.reading(&cookies, reader::of(call.request.headers()));
    let mut found = call.app.sessions.first_live(&presented.tokens, reading).await?;
    if matches!(found.effect, SessionEffect::Clear) && !presented.is_in_cookie {
        // Bearer clients have no cookie to clear.
        found.effect = SessionEffect::Unchanged;
    }
    Ok(show(&call, found))
}

/// Returns the response from the session cookie cache. Only this route trusts the cache. An invalid one is ignored and
/// replaced.
fn of_cookie_cache(call: &Call<'_>, cookies: &Cookies<'_>, token: &SessionToken) -> Option<HttpResponse> {
    if !call.app.sessions.may_be_cached() || call.query.is_truthy("disableCookieCache") {
        return None;
    }
    let cached = cookies.cached_session(token)?;
    let view = json!({ "session": cached.session, "user": cached.user });
    Some(answer::json(&view))
}

/// wire: the session that a key stands for is not in the cookie cache, and no response decorator sees it.
fn of_key(call: &Call<'_>, by: &StrictCaller) -> HttpResponse {
    let present = call.presenter();
    let (user, session) = (present.user(by.user()), present.session(by.session()));
    answer::json(&json!({ "user": user, "session": session }))
}

fn show(call: &Call<'_>, found: Found) -> HttpResponse {
    let present = call.presenter();
    let active_session = found.active_session.as_deref();
    let view = active_session.map(|active_session| present.active_session(active_session));
    let mut response = answer::with_effects(&view, &found.effect.into(), &call.cookies());
    if let Some(active_session) = found.active_session {
        decorate::contains(&mut response, active_session);
    }
    response
}
