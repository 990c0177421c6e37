//! Members of teams, and the team in which the caller works.

use actix_web::HttpResponse;
use portcullis_application::{
    organization::teams::{TeamSelection, Teams},
    session::StrictCaller,
};
use portcullis_domain::{id::UserId, organization::TeamId};

use super::{
    code::{of_organization, team as code},
    error::of_team_member,
    id,
    input::{ListTeamMembers, SetActiveTeam, TeamMembership},
    presenter,
    view::{TeamMemberView, TeamView},
};
use crate::{
    answer,
    call::Call,
    endpoint::ForCallers,
    error::ApiError,
    extract::body::{Body, Nullable, Query},
    operation::{Answer, Operation},
    route::Route,
    view::outcome::Message,
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
    Route::get(
        "/organization/list-team-members",
        &ForCallers(|call, by, query| Box::pin(list(call, by, query))),
    )
    .documented(&Operation {
        summary: "List the members of a team",
        query: &[],
        answers: &[Answer::json::<Vec<TeamMemberView<'_>>>("The members")],
        codes: &[&code::NO_ACTIVE_TEAM, &code::USER_NOT_IN_TEAM],
    }),
    Route::post(
        "/organization/add-team-member",
        &ForCallers(|call, by, body| Box::pin(add(call, by, body))),
    )
    .documented(&Operation {
        summary: "Add a member of the organization to a team",
        query: &[],
        answers: &[Answer::json::<TeamMemberView<'_>>("The membership of the team")],
        codes: &[
            &of_organization::NO_ACTIVE_ORGANIZATION,
            &of_organization::NOT_A_MEMBER_OF_THE_ORGANIZATION,
            &code::MAY_NOT_ADD_TEAM_MEMBER,
            &code::TEAM_NOT_FOUND,
            &code::TEAM_MEMBER_LIMIT_REACHED,
        ],
    }),
    Route::post(
        "/organization/remove-team-member",
        &ForCallers(|call, by, body| Box::pin(remove(call, by, body))),
    )
    .documented(&Operation {
        summary: "Remove a member from a team",
        query: &[],
        answers: &[Answer::json::<Message>("It is done")],
        codes: &[
            &of_organization::NO_ACTIVE_ORGANIZATION,
            &of_organization::NOT_A_MEMBER_OF_THE_ORGANIZATION,
            &code::MAY_NOT_REMOVE_TEAM_MEMBER,
            &code::TEAM_NOT_FOUND,
            &code::USER_NOT_IN_TEAM,
        ],
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

async fn list(
    call: Call<'_, Teams>,
    by: StrictCaller,
    Query(query): Query<ListTeamMembers>,
) -> Result<HttpResponse, ApiError> {
    let members = call.feature.list_members(&by, id(query.team)).await?;
    let views: Vec<_> = members.iter().map(TeamMemberView::from).collect();
    Ok(answer::json(&views))
}

async fn add(
    call: Call<'_, Teams>,
    by: StrictCaller,
    Body(body): Body<TeamMembership>,
) -> Result<HttpResponse, ApiError> {
    let (team, user) = (TeamId::new(body.team), UserId::new(body.user));
    let added = call.feature.add_member(&by, &team, &user).await;
    let member = added.map_err(|error| of_team_member(error, &code::MAY_NOT_ADD_TEAM_MEMBER))?;
    Ok(answer::json(&TeamMemberView::from(&member)))
}

async fn remove(
    call: Call<'_, Teams>,
    by: StrictCaller,
    Body(body): Body<TeamMembership>,
) -> Result<HttpResponse, ApiError> {
    let (team, user) = (TeamId::new(body.team), UserId::new(body.user));
    let removed = call.feature.remove_member(&by, &team, &user).await;
    removed.map_err(|error| of_team_member(error, &code::MAY_NOT_REMOVE_TEAM_MEMBER))?;
    Ok(answer::json(&Message::new("Team member removed successfully.")))
}
