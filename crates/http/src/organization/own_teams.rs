//! The caller's teams, and the team in which the caller works.

use actix_web::HttpResponse;
use portcullis_application::{
    organization::teams::{TeamSelection, Teams},
    session::StrictCaller,
};
use portcullis_domain::organization::TeamId;

use super::{code::team as code, input::SetActiveTeam, presenter, view::TeamView};
use crate::{
    answer,
    call::Call,
    endpoint::ForCallers,
    error::ApiError,
    extract::body::{Body, Nullable},
    operation::{Answer, Operation},
    route::Route,
};

pub(crate) static ROUTES: &[Route] = &[
    Route::post(
        "/organization/set-active-team",
        &ForCallers(|call, by, body| Box::pin(set_active(call, by, body))),
    )
    .documented(&Operation {
        summary: "Set the team in which the caller works",
        query: &[],
        answers: &[
            Answer::json::<Option<TeamView<'_>>>("The team, or `null` if there is none").with_cookies(),
        ],
        codes: &[&code::TEAM_NOT_FOUND, &code::NOT_IN_TEAM],
    })
    .refuses_keys(),
    Route::get(
        "/organization/list-user-teams",
        &ForCallers(|call, by, ()| Box::pin(list_of_caller(call, by))),
    )
    .documented(&Operation {
        summary: "List the caller's teams",
        query: &[],
        answers: &[Answer::json::<Vec<TeamView<'_>>>("The teams")],
        codes: &[],
    }),
];

async fn set_active(
    call: Call<'_, Teams>,
    by: StrictCaller,
    Body(body): Body<SetActiveTeam>,
) -> Result<HttpResponse, ApiError> {
    let selection = match body.team.map(Nullable::into_option) {
        Some(None) => TeamSelection::Clear,
        Some(Some(team)) if !team.is_empty() => TeamSelection::Id(TeamId::new(team)),
        Some(Some(_)) | None => TeamSelection::Current,
    };
    let is_remembered = call.is_remembered(Some(&by));
    let activated = call.feature.set_active(&by, selection, is_remembered).await?;
    let presenter = presenter(call.feature.organizations());
    let view = activated.team.as_ref().map(|team| presenter.team(team));
    Ok(answer::with_effects(&view, &activated.effects, &call.cookies()))
}

async fn list_of_caller(call: Call<'_, Teams>, by: StrictCaller) -> Result<HttpResponse, ApiError> {
    let teams = call.feature.list_of_caller(&by).await?;
    let presenter = presenter(call.feature.organizations());
    let views = teams.iter().map(|team| presenter.team(team));
    Ok(answer::json(&views.collect::<Vec<_>>()))
}
