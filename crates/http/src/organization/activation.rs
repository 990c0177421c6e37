//! The organization in which the caller works, the caller's organizations, and the availability of slugs.

use std::num::NonZeroU32;

use actix_web::HttpResponse;
use portcullis_application::{
    organization::{FullQuery, Organizations, Selection},
    session::StrictCaller,
};

use super::{
    code::of_organization as code,
    id,
    input::{CheckSlug, FullOrganization, SetActive},
    presenter,
    view::{FullOrganizationView, OrganizationView, Presenter},
};
use crate::{
    answer,
    call::Call,
    endpoint::ForCallers,
    error::ApiError,
    extract::{
        body::{Body, Nullable, Query},
        number,
    },
    operation::{Answer, Operation},
    route::Route,
    view::outcome::Status,
};

pub(crate) static ROUTES: &[Route] = &[
    Route::post(
        "/organization/set-active",
        &ForCallers(|call, by, body| Box::pin(set_active(call, by, body))),
    )
    .documented(&Operation {
        summary: "Set the organization in which the caller works",
        query: &[],
        answers: &[Answer::json::<Option<OrganizationView<'_>>>(
            "The organization, or `null` if there is none",
        )
        .with_cookies()],
        codes: &[&code::ORGANIZATION_NOT_FOUND, &code::FOREIGN_ORGANIZATION],
    })
    .refuses_keys(),
    Route::get(
        "/organization/get-full-organization",
        &ForCallers(|call, by, query| Box::pin(full(call, by, query))),
    )
    .documented(&Operation {
        summary: "Return an organization with its invitations, members and teams",
        query: &[],
        answers: &[Answer::json::<Option<FullOrganizationView<'_>>>(
            "The organization, or `null` if there is none",
        )],
        codes: &[&code::ORGANIZATION_NOT_FOUND, &code::FOREIGN_ORGANIZATION],
    }),
    Route::get(
        "/organization/list",
        &ForCallers(|call, by, ()| Box::pin(list(call, by))),
    )
    .documented(&Operation {
        summary: "List the caller's organizations",
        query: &[],
        answers: &[Answer::json::<Vec<OrganizationView<'_>>>("The organizations")],
        codes: &[],
    }),
    Route::post(
        "/organization/check-slug",
        &ForCallers(|call, by, body| Box::pin(check_slug(call, by, body))),
    )
    .documented(&Operation {
        summary: "Check whether a slug is available",
        query: &[],
        answers: &[Answer::json::<Status>("No organization has it")],
        codes: &[&code::SLUG_IS_TAKEN],
    }),
];

async fn set_active(
    call: Call<'_, Organizations>,
    by: StrictCaller,
    Body(body): Body<SetActive>,
) -> Result<HttpResponse, ApiError> {
    let organization = body.organization.map(Nullable::into_option).map(id);
    let selection = Selection::of(organization, body.slug);
    let is_remembered = call.is_remembered(Some(&by));
    let activated = call.feature.set_active(&by, selection, is_remembered).await?;
    let presenter = presenter(&call.feature);
    let organization = activated.organization.as_ref();
    let view = organization.map(|organization| presenter.organization(organization));
    Ok(answer::with_effects(&view, &activated.effects, &call.cookies()))
}

async fn full(
    call: Call<'_, Organizations>,
    by: StrictCaller,
    Query(query): Query<FullOrganization>,
) -> Result<HttpResponse, ApiError> {
    let limit = query.members_limit.as_deref().and_then(number::parse_int);
    let query = FullQuery {
        organization: id(query.organization),
        slug: query.slug,
        members_limit: limit.and_then(NonZeroU32::new),
    };
    let full = call.feature.full(&by, query).await?;
    let presenter = presenter(&call.feature);
    Ok(answer::json(&full.as_ref().map(|full| view(presenter, full))))
}

fn view<'a>(
    presenter: Presenter<'a>,
    full: &'a portcullis_application::organization::FullOrganization,
) -> FullOrganizationView<'a> {
    let invitations = full.invitations.iter();
    let members = full.members.iter();
    let teams = full.teams.as_ref();
    FullOrganizationView {
        organization: presenter.organization(&full.organization),
        invitations: invitations.map(|it| presenter.invitation(it)).collect(),
        members: members.map(|it| presenter.member_with_user(it)).collect(),
        teams: teams.map(|teams| teams.iter().map(|it| presenter.team(it)).collect()),
    }
}

async fn list(call: Call<'_, Organizations>, by: StrictCaller) -> Result<HttpResponse, ApiError> {
    let organizations = call.feature.list(&by).await?;
    let presenter = presenter(&call.feature);
    let views = organizations.iter().map(|it| presenter.organization(it));
    Ok(answer::json(&views.collect::<Vec<_>>()))
}

async fn check_slug(
    call: Call<'_, Organizations>,
    _by: StrictCaller,
    Body(body): Body<CheckSlug>,
) -> Result<HttpResponse, ApiError> {
    if call.feature.is_slug_free(&body.slug).await? {
        Ok(answer::json(&Status::DONE))
    } else {
        Err((&code::SLUG_IS_TAKEN).into())
    }
}
