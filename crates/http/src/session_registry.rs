//! List and revocation of the caller's sessions.

use actix_web::HttpResponse;
use portcullis_application::session::StrictCaller;
use portcullis_domain::token::SessionToken;

use crate::{
    answer,
    call::Call,
    endpoint::ForCallers,
    error::ApiError,
    extract::body::{Body, Text, body},
    operation::{Answer, Operation},
    route::Route,
    view::{outcome::Status, session::SessionView},
};

body! {
    Revoked {
        token: Text = "token",
    }
}

pub(crate) static ROUTES: &[Route] = &[
    Route::get(
        "/list-sessions",
        &ForCallers(|call, by, ()| Box::pin(list(call, by))),
    )
    .documented(&Operation {
        summary: "List the caller's sessions",
        query: &[],
        answers: &[Answer::json::<Vec<SessionView<'_>>>("The live sessions")],
        codes: &[],
    })
    .only_in_person(),
    Route::post(
        "/revoke-session",
        &ForCallers(|call, by, body| Box::pin(revoke(call, by, body))),
    )
    .documented(&Operation {
        summary: "End the session of the caller that has this token",
        query: &[],
        answers: &[Answer::json::<Status>("It is done")],
        codes: &[],
    })
    .only_in_person(),
    Route::post(
        "/revoke-sessions",
        &ForCallers(|call, by, ()| Box::pin(revoke_all(call, by))),
    )
    .documented(&Operation {
        summary: "End all sessions of the caller",
        query: &[],
        answers: &[Answer::json::<Status>("It is done")],
        codes: &[],
    })
    .only_in_person(),
    Route::post(
        "/revoke-other-sessions",
        &ForCallers(|call, by, ()| Box::pin(revoke_others(call, by))),
    )
    .documented(&Operation {
        summary: "End all sessions of the caller but the current one",
        query: &[],
        answers: &[Answer::json::<Status>("It is done")],
        codes: &[],
    })
    .only_in_person(),
];

async fn list(call: Call<'_>, by: StrictCaller) -> Result<HttpResponse, ApiError> {
    let sessions = call.app.session_registry.list(&by).await?;
    let present = call.presenter();
    let view: Vec<_> = sessions.iter().map(|session| present.session(session)).collect();
    Ok(answer::json(&view))
}

async fn revoke(
    call: Call<'_>,
    by: StrictCaller,
    Body(body): Body<Revoked>,
) -> Result<HttpResponse, ApiError> {
    let token = SessionToken::new(body.token);
    call.app.session_registry.revoke(&by, &token).await?;
    Ok(done())
}

async fn revoke_all(call: Call<'_>, by: StrictCaller) -> Result<HttpResponse, ApiError> {
    call.app.session_registry.revoke_all(&by, &call.context()).await?;
    Ok(done())
}

async fn revoke_others(call: Call<'_>, by: StrictCaller) -> Result<HttpResponse, ApiError> {
    call.app
        .session_registry
        .revoke_others(&by, &call.context())
        .await?;
    Ok(done())
}

/// wire: cookies are not cleared, even if the caller's own session was revoked.
fn done() -> HttpResponse {
    answer::json(&Status::DONE)
}
