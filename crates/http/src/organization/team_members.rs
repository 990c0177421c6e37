//! Members of teams.

use actix_web::HttpResponse;
use portcullis_application::{organization::teams::Teams, session::StrictCaller};
use portcullis_domain::{id::UserId, organization::TeamId};

use super::{
    code::{of_organization, team as code},
    error::of_team_member,
    id,
    input::{ListTeamMembers, TeamMembership},
    view::TeamMemberView,
};
use crate::{
    answer,
    call::Call,
    endpoint::ForCallers,
    error::ApiError,
    extract::body::{Body, Query},
    operation::{Answer, Operation},
    route::Route,
    view::outcome::Message,
};

pub(crate) static ROUTES: &[Route] = &[
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
