//! Members of organizations.

use std::num::NonZeroU32;

use actix_web::HttpResponse;
use portcullis_application::{
    organization::{ListMembers, Organizations, RawFilter, RemoveMember, UpdateMemberRole},
    session::StrictCaller,
};
use portcullis_domain::{
    access::RoleList,
    organization::{Comparison, MemberId, OrganizationId},
};
use schemars::JsonSchema;
use serde::Serialize;

use super::{
    code::{member as code, of_organization, role},
    id, input, presenter,
    view::{MemberView, MemberWithUserView, RemovedMemberView},
};
use crate::{
    answer,
    call::Call,
    endpoint::ForCallers,
    error::ApiError,
    extract::{
        body::{Body, Query},
        number,
    },
    operation::{Answer, Operation},
    route::Route,
};

#[derive(JsonSchema, Serialize)]
#[schemars(inline)]
struct MemberPageView<'a> {
    members: Vec<MemberWithUserView<'a>>,
    total: u64,
}

#[derive(JsonSchema, Serialize)]
#[schemars(inline)]
struct Removed<'a> {
    member: RemovedMemberView<'a>,
}

pub(crate) static ROUTES: &[Route] = &[
    Route::get(
        "/organization/list-members",
        &ForCallers(|call, by, query| Box::pin(list(call, by, query))),
    )
    .documented(&Operation {
        summary: "List the members of an organization",
        query: &[],
        answers: &[Answer::json::<MemberPageView<'_>>(
            "A part of the list, and the number of members in the whole list",
        )],
        codes: &[
            &of_organization::ORGANIZATION_NOT_FOUND,
            &of_organization::NO_ACTIVE_ORGANIZATION,
            &of_organization::NOT_A_MEMBER,
            &of_organization::INVALID_FIELD,
        ],
    }),
    Route::post(
        "/organization/remove-member",
        &ForCallers(|call, by, body| Box::pin(remove(call, by, body))),
    )
    .documented(&Operation {
        summary: "Remove a member from an organization and from its teams",
        query: &[],
        answers: &[Answer::json::<Option<Removed<'_>>>(
            "The removed member, or `null` if no organization is named and the caller works in none",
        )],
        codes: &[
            &code::MEMBER_NOT_FOUND,
            &code::ONLY_OWNER,
            &code::MAY_NOT_DELETE_MEMBER,
        ],
    }),
    Route::post(
        "/organization/update-member-role",
        &ForCallers(|call, by, body| Box::pin(update_role(call, by, body))),
    )
    .documented(&Operation {
        summary: "Change the roles of a member",
        query: &[],
        answers: &[Answer::json::<MemberView<'_>>("The changed member")],
        codes: &[
            &code::NO_ROLE,
            &of_organization::NO_ACTIVE_ORGANIZATION,
            &code::MEMBER_NOT_FOUND,
            &code::MAY_NOT_UPDATE_MEMBER,
            &role::ROLES_NOT_FOUND,
            &code::WITHOUT_OWNER,
        ],
    }),
    Route::post(
        "/organization/leave",
        &ForCallers(|call, by, body| Box::pin(leave(call, by, body))),
    )
    .documented(&Operation {
        summary: "Leave an organization",
        query: &[],
        answers: &[Answer::json::<MemberWithUserView<'_>>(
            "The caller's former membership",
        )],
        codes: &[&code::MEMBER_NOT_FOUND, &code::ONLY_OWNER],
    }),
];

async fn list(
    call: Call<'_, Organizations>,
    by: StrictCaller,
    Query(query): Query<input::ListMembers>,
) -> Result<HttpResponse, ApiError> {
    let page = call.feature.list_members(&by, command(query)).await?;
    let presenter = presenter(&call.feature);
    let members = page.members.iter().map(|it| presenter.member_with_user(it));
    Ok(answer::json(&MemberPageView {
        members: members.collect(),
        total: page.total,
    }))
}

fn command(query: input::ListMembers) -> ListMembers {
    let number = |text: Option<String>| text.as_deref().and_then(number::parse_number);
    let comparison = query.filter_operator.map(Comparison::from);
    let value = query.filter_value;
    let filter = query.filter_field.map(|field| RawFilter {
        field,
        comparison: comparison.unwrap_or_default(),
        value,
    });
    ListMembers {
        organization: id(query.organization),
        slug: query.slug,
        limit: number(query.limit).and_then(NonZeroU32::new),
        offset: number(query.offset).unwrap_or_default(),
        sort_by: query.sort_by,
        direction: query.sort_direction.unwrap_or_default(),
        filter,
    }
}

async fn remove(
    call: Call<'_, Organizations>,
    by: StrictCaller,
    Body(body): Body<input::RemoveMember>,
) -> Result<HttpResponse, ApiError> {
    let command = RemoveMember {
        member: body.member,
        organization: id(body.organization),
    };
    let removed = call.feature.remove_member(&by, command).await?;
    let presenter = presenter(&call.feature);
    let view = removed.as_ref().map(|removed| Removed {
        member: presenter.removed_member(&removed.member, removed.user.as_ref()),
    });
    Ok(answer::json(&view))
}

async fn update_role(
    call: Call<'_, Organizations>,
    by: StrictCaller,
    Body(body): Body<input::UpdateMemberRole>,
) -> Result<HttpResponse, ApiError> {
    if body.roles == [""] {
        return Err((&code::NO_ROLE).into());
    }
    let command = UpdateMemberRole {
        member: MemberId::new(body.member),
        role: RoleList::of_names(body.roles.iter().map(String::as_str)),
        organization: id(body.organization),
    };
    let member = call.feature.update_member_role(&by, command).await?;
    Ok(answer::json(&presenter(&call.feature).member(&member)))
}

async fn leave(
    call: Call<'_, Organizations>,
    by: StrictCaller,
    Body(body): Body<input::Leave>,
) -> Result<HttpResponse, ApiError> {
    let organization = OrganizationId::new(body.organization);
    let left = call.feature.leave(&by, &organization).await?;
    Ok(answer::json(&presenter(&call.feature).member_with_user(&left)))
}
