//! Invitations that an organization sends.

use actix_web::HttpResponse;
use portcullis_application::{
    organization::{InviteMember, Organizations},
    session::StrictCaller,
};
use portcullis_domain::{
    access::RoleList,
    organization::{InvitationId, TeamId},
};

use super::{
    code::{invitation as code, member, of_organization, role, team},
    id,
    input::{Invite, ListInvitations, OneInvitation},
    presenter,
    view::InvitationView,
};
use crate::{
    answer,
    call::Call,
    code::INVALID_EMAIL,
    endpoint::ForCallers,
    error::ApiError,
    extract::{
        additional,
        body::{Body, Query},
    },
    operation::{Answer, Operation},
    route::Route,
};

pub(crate) static ROUTES: &[Route] = &[
    Route::post(
        "/organization/invite-member",
        &ForCallers(|call, by, body| Box::pin(invite(call, by, body))),
    )
    .documented(&Operation {
        summary: "Invite an e-mail address to an organization",
        query: &[],
        answers: &[Answer::json::<InvitationView<'_>>("The invitation")],
        codes: &[
            &of_organization::ORGANIZATION_NOT_FOUND,
            &INVALID_EMAIL,
            &member::MEMBER_NOT_FOUND,
            &code::MAY_NOT_INVITE,
            &role::ROLES_NOT_FOUND,
            &code::MAY_NOT_INVITE_WITH_ROLE,
            &member::ALREADY_A_MEMBER,
            &code::ALREADY_INVITED,
            &code::INVITATION_LIMIT_REACHED,
            &team::TEAM_NOT_FOUND,
            &team::TEAM_MEMBER_LIMIT_REACHED,
            &of_organization::FIELD_TAKEN,
        ],
    }),
    Route::post(
        "/organization/cancel-invitation",
        &ForCallers(|call, by, body| Box::pin(cancel(call, by, body))),
    )
    .documented(&Operation {
        summary: "Withdraw an invitation",
        query: &[],
        answers: &[Answer::json::<InvitationView<'_>>("The invitation")],
        codes: &[
            &code::INVITATION_NOT_FOUND,
            &member::MEMBER_NOT_FOUND,
            &code::MAY_NOT_CANCEL,
        ],
    }),
    Route::get(
        "/organization/list-invitations",
        &ForCallers(|call, by, query| Box::pin(list(call, by, query))),
    )
    .documented(&Operation {
        summary: "List the invitations of an organization",
        query: &[],
        answers: &[Answer::json::<Vec<InvitationView<'_>>>(
            "The invitations, with any status",
        )],
        codes: &[
            &of_organization::ORGANIZATION_ID_IS_REQUIRED,
            &of_organization::NOT_A_MEMBER,
        ],
    }),
];

async fn invite(
    call: Call<'_, Organizations>,
    by: StrictCaller,
    Body(body): Body<Invite>,
) -> Result<HttpResponse, ApiError> {
    let schema = &call.feature.options().fields.invitation;
    let additional = additional::create_within("body", schema, &body.undeclared, &call.options.limits)?;
    let teams = body.teams.unwrap_or_default();
    let command = InviteMember {
        email: body.email,
        role: RoleList::of_names(body.roles.iter().map(String::as_str)),
        organization: id(body.organization),
        resends: body.resend.unwrap_or_default(),
        teams: teams
            .into_iter()
            .filter(|team| !team.is_empty())
            .map(TeamId::new)
            .collect(),
        additional,
    };
    let invitation = call.feature.invite(&by, command).await?;
    Ok(answer::json(&presenter(&call.feature).invitation(&invitation)))
}

async fn cancel(
    call: Call<'_, Organizations>,
    by: StrictCaller,
    Body(body): Body<OneInvitation>,
) -> Result<HttpResponse, ApiError> {
    let id = InvitationId::new(body.invitation);
    let canceled = call.feature.cancel(&by, &id).await?;
    Ok(answer::json(&presenter(&call.feature).invitation(&canceled)))
}

async fn list(
    call: Call<'_, Organizations>,
    by: StrictCaller,
    Query(query): Query<ListInvitations>,
) -> Result<HttpResponse, ApiError> {
    let invitations = call.feature.list_invitations(&by, id(query.organization)).await?;
    let presenter = presenter(&call.feature);
    let views = invitations.iter().map(|it| presenter.invitation(it));
    Ok(answer::json(&views.collect::<Vec<_>>()))
}
