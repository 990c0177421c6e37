//! Teams of organizations.

use actix_web::HttpResponse;
use portcullis_application::{
    organization::teams::{CreateTeam, Teams, UpdateTeam},
    session::StrictCaller,
};
use portcullis_domain::organization::{TeamId, TeamPatch};

use super::{
    code::{invitation, of_organization, team as code},
    id, input, presenter,
    view::TeamView,
};
use crate::{
    answer,
    call::Call,
    code::UNAUTHORIZED,
    endpoint::{ForAnyone, ForCallers},
    error::ApiError,
    extract::{
        additional,
        body::{Body, Query},
    },
    operation::{Answer, Operation},
    route::Route,
    view::outcome::Message,
};

pub(crate) static ROUTES: &[Route] = &[
    Route::post(
        "/organization/create-team",
        &ForCallers(|call, by, body| Box::pin(create(call, by, body))),
    )
    .documented(&Operation {
        summary: "Create a team",
        query: &[],
        answers: &[Answer::json::<TeamView<'_>>("The team")],
        codes: &[
            &of_organization::NO_ACTIVE_ORGANIZATION,
            &invitation::MAY_NOT_INVITE,
            &code::MAY_NOT_CREATE_TEAM,
            &code::TOO_MANY_TEAMS,
            &of_organization::FIELD_TAKEN,
        ],
    }),
    Route::post(
        "/organization/update-team",
        &ForCallers(|call, by, body| Box::pin(update(call, by, body))),
    )
    .documented(&Operation {
        summary: "Change a team",
        query: &[],
        answers: &[Answer::json::<Option<TeamView<'_>>>(
            "The changed team, or `null` if no organization is named and the caller works in none",
        )],
        codes: &[
            &code::MAY_NOT_UPDATE_TEAM,
            &code::TEAM_NOT_FOUND,
            &of_organization::FIELD_TAKEN,
        ],
    }),
    Route::post(
        "/organization/remove-team",
        &ForAnyone(|call, by, body| Box::pin(remove(call, by, body))),
    )
    .documented(&Operation {
        summary: "Remove a team",
        query: &[],
        answers: &[Answer::json::<Option<Message>>(
            "It is done, or `null` if no organization is named and the caller works in none",
        )],
        codes: &[
            &UNAUTHORIZED,
            &code::MAY_NOT_DELETE_TEAM,
            &code::MAY_NOT_DELETE_TEAMS,
            &code::TEAM_NOT_FOUND,
            &code::LAST_TEAM,
        ],
    }),
    Route::get(
        "/organization/list-teams",
        &ForCallers(|call, by, query| Box::pin(list(call, by, query))),
    )
    .documented(&Operation {
        summary: "List the teams of an organization",
        query: &[],
        answers: &[Answer::json::<Vec<TeamView<'_>>>("The teams")],
        codes: &[
            &of_organization::NO_ACTIVE_ORGANIZATION,
            &code::MAY_NOT_LIST_TEAMS,
        ],
    }),
];

async fn create(
    call: Call<'_, Teams>,
    by: StrictCaller,
    Body(body): Body<input::CreateTeam>,
) -> Result<HttpResponse, ApiError> {
    let organizations = call.feature.organizations();
    let schema = &organizations.options().fields.team;
    let additional = additional::create_within("body", schema, &body.undeclared, &call.options.limits)?;
    let new = CreateTeam {
        organization: id(body.organization),
        name: body.name,
        additional,
    };
    let team = call.feature.create(&by, new).await?;
    Ok(answer::json(&presenter(organizations).team(&team)))
}

async fn update(
    call: Call<'_, Teams>,
    by: StrictCaller,
    Body(body): Body<input::UpdateTeam>,
) -> Result<HttpResponse, ApiError> {
    let organizations = call.feature.organizations();
    let (data, schema) = (body.data, &organizations.options().fields.team);
    let limits = &call.options.limits;
    let change = UpdateTeam {
        organization: id(data.organization),
        team: TeamId::new(body.team),
        patch: TeamPatch {
            additional: additional::update_within("body.data", schema, &data.undeclared, limits)?,
            name: data.name,
        },
    };
    let team = call.feature.update(&by, change).await?;
    let presenter = presenter(organizations);
    Ok(answer::json(&team.as_ref().map(|team| presenter.team(team))))
}

async fn remove(
    call: Call<'_, Teams>,
    by: Option<StrictCaller>,
    Body(body): Body<input::RemoveTeam>,
) -> Result<HttpResponse, ApiError> {
    // wire: without an organization, a client without a session also gets `null`.
    let Some(organization) = Teams::organization_of(by.as_ref(), id(body.organization)) else {
        return Ok(answer::json(&None::<Message>));
    };
    let by = by.ok_or(&UNAUTHORIZED)?;
    let team = TeamId::new(body.team);
    call.feature.remove(&by, &organization, &team).await?;
    Ok(answer::json(&Message::new("Team removed successfully.")))
}

async fn list(
    call: Call<'_, Teams>,
    by: StrictCaller,
    Query(query): Query<input::ListTeams>,
) -> Result<HttpResponse, ApiError> {
    let teams = call.feature.list(&by, id(query.organization)).await?;
    let presenter = presenter(call.feature.organizations());
    let views = teams.iter().map(|team| presenter.team(team));
    Ok(answer::json(&views.collect::<Vec<_>>()))
}
