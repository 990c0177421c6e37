//! Sessions of users, and sessions in which administrators act for users.

use actix_web::HttpResponse;
use portcullis_application::{
    admin::Admin,
    client_token::{ActiveSession, ClientEffects, SessionEffect},
    session::StrictCaller,
    sign_in::completion::Completed,
};
use portcullis_domain::{id::UserId, token::SessionToken};
use schemars::JsonSchema;
use serde::Serialize;

use super::code;
use crate::{
    answer,
    call::Call,
    endpoint::ForCallers,
    error::ApiError,
    extract::body::{Body, Coerced, Text, body},
    operation::{Answer, Operation},
    route::Route,
    view::{ActiveSessionView, outcome::Success, session::SessionView},
};

body! {
    Named {
        user: Coerced = "userId",
    }
}

body! {
    Revoked {
        token: Text = "sessionToken",
    }
}

#[derive(JsonSchema, Serialize)]
#[schemars(inline)]
struct Sessions<'a> {
    sessions: Vec<SessionView<'a>>,
}

pub(crate) static ROUTES: &[Route] = &[
    Route::post(
        "/admin/list-user-sessions",
        &ForCallers(|call, by, body| Box::pin(list(call, by, body))),
    )
    .documented(&Operation {
        summary: "List the sessions of a user, also those that have expired",
        query: &[],
        answers: &[Answer::json::<Sessions<'_>>("The sessions")],
        codes: &[
            &code::MAY_NOT_LIST_SESSIONS,
            &code::NOT_ALLOWED_WHILE_IMPERSONATING,
        ],
    })
    .refuses_keys(),
    Route::post(
        "/admin/revoke-user-session",
        &ForCallers(|call, by, body| Box::pin(revoke(call, by, body))),
    )
    .documented(&Operation {
        summary: "End the session that has this token",
        query: &[],
        answers: &[Answer::json::<Success>("It is done")],
        codes: &[
            &code::MAY_NOT_REVOKE_SESSIONS,
            &code::NOT_ALLOWED_WHILE_IMPERSONATING,
        ],
    })
    .refuses_keys(),
    Route::post(
        "/admin/revoke-user-sessions",
        &ForCallers(|call, by, body| Box::pin(revoke_all(call, by, body))),
    )
    .documented(&Operation {
        summary: "End all sessions of a user",
        query: &[],
        answers: &[Answer::json::<Success>("It is done")],
        codes: &[
            &code::MAY_NOT_REVOKE_SESSIONS,
            &code::NOT_ALLOWED_WHILE_IMPERSONATING,
        ],
    })
    .refuses_keys(),
    Route::post(
        "/admin/impersonate-user",
        &ForCallers(|call, by, body| Box::pin(impersonate(call, by, body))),
    )
    .documented(&Operation {
        summary: "Start a session in which the caller acts for a user",
        query: &[],
        answers: &[Answer::json::<ActiveSessionView<'_>>("The session and its user").with_cookies()],
        codes: &[
            &code::MAY_NOT_IMPERSONATE,
            &code::USER_NOT_FOUND,
            &code::IS_ADMINISTRATOR,
            &code::NOT_ALLOWED_WHILE_IMPERSONATING,
        ],
    })
    .completes_sign_ins()
    .refuses_keys(),
    Route::post(
        "/admin/stop-impersonating",
        &ForCallers(|call, by, ()| Box::pin(stop(call, by))),
    )
    .documented(&Operation {
        summary: "Return to the session of the administrator who acts in the caller's session",
        query: &[],
        answers: &[
            Answer::json::<ActiveSessionView<'_>>("The administrator's session and user").with_cookies(),
        ],
        codes: &[&code::NOT_IMPERSONATING, &code::ADMINISTRATOR_SESSION_NOT_FOUND],
    }),
];

async fn list(
    call: Call<'_, Admin>,
    by: StrictCaller,
    Body(body): Body<Named>,
) -> Result<HttpResponse, ApiError> {
    let user = UserId::new(body.user);
    let sessions = call.feature.sessions.list(&by, &user).await?;
    let present = call.presenter();
    let sessions = sessions.iter().map(|session| present.session(session));
    Ok(answer::json(&Sessions {
        sessions: sessions.collect(),
    }))
}

async fn revoke(
    call: Call<'_, Admin>,
    by: StrictCaller,
    Body(body): Body<Revoked>,
) -> Result<HttpResponse, ApiError> {
    let token = SessionToken::new(body.token);
    call.feature.sessions.revoke(&by, &token).await?;
    Ok(answer::json(&Success::DONE))
}

async fn revoke_all(
    call: Call<'_, Admin>,
    by: StrictCaller,
    Body(body): Body<Named>,
) -> Result<HttpResponse, ApiError> {
    let user = UserId::new(body.user);
    call.feature.sessions.revoke_all(&by, &user).await?;
    Ok(answer::json(&Success::DONE))
}

async fn impersonate(
    call: Call<'_, Admin>,
    by: StrictCaller,
    Body(body): Body<Named>,
) -> Result<HttpResponse, ApiError> {
    let user = UserId::new(body.user);
    // wire: only the cookie decides, not the session's row.
    let is_remembered = !call.cookies().has_dont_remember();
    let (impersonation, context) = (&call.feature.impersonation, call.context());
    let started = impersonation.start(&by, &user, (is_remembered, &context)).await?;
    Ok(take_over(&call, *started))
}

/// Answers with the session in which the caller acts for the user.
fn take_over(call: &Call<'_, Admin>, started: Completed) -> HttpResponse {
    let ClientEffects { session, tokens } = started.effects;
    let active_session = ActiveSession {
        session: started.session,
        user: started.user,
    };
    let view = call.presenter().active_session(&active_session);
    // wire: the cookies of the administrator's own session are cleared before those of the new one are set.
    let own = ClientEffects {
        session: SessionEffect::Clear,
        tokens,
    };
    let mut response = answer::with_effects(&view, &own, &call.cookies());
    call.cookies().apply(&session.into(), &mut response);
    response
}

async fn stop(call: Call<'_, Admin>, by: StrictCaller) -> Result<HttpResponse, ApiError> {
    let returned = call.feature.impersonation.stop(&by, &call.context()).await?;
    let view = call.presenter().active_session(&returned.active_session);
    Ok(answer::with_effects(&view, &returned.effects, &call.cookies()))
}
