//! What the caller is and may do in an organization.

use actix_web::HttpResponse;
use portcullis_application::{
    organization::{MemberRoleQuery, Organizations},
    session::StrictCaller,
};
use portcullis_domain::access::PermissionRequest;
use schemars::JsonSchema;
use serde::Serialize;

use super::{
    code::of_organization as code,
    id,
    input::{ActiveMemberRole, HasPermission},
    presenter,
    view::MemberWithUserView,
};
use crate::{
    answer,
    call::Call,
    endpoint::ForCallers,
    error::ApiError,
    extract::body::{Body, Query},
    operation::{Answer, Operation},
    route::Route,
};

#[derive(JsonSchema, Serialize)]
#[schemars(inline)]
struct Role {
    role: String,
}

#[derive(JsonSchema, Serialize)]
#[schemars(inline)]
struct Permitted {
    #[schemars(extend("const" = null))]
    error: Option<()>,
    success: bool,
}

pub(crate) static ROUTES: &[Route] = &[
    Route::get(
        "/organization/get-active-member",
        &ForCallers(|call, by, ()| Box::pin(active_member(call, by))),
    )
    .documented(&Operation {
        summary: "Return the caller's membership of the organization in which the caller works",
        query: &[],
        answers: &[Answer::json::<Option<MemberWithUserView<'_>>>(
            "The membership, or `null` if there is none",
        )],
        codes: &[],
    }),
    Route::get(
        "/organization/get-active-member-role",
        &ForCallers(|call, by, query| Box::pin(role(call, by, query))),
    )
    .documented(&Operation {
        summary: "Return the roles of the caller or of another member",
        query: &[],
        answers: &[Answer::json::<Role>("The roles, separated by commas")],
        codes: &[
            &code::ORGANIZATION_NOT_FOUND,
            &code::NO_ACTIVE_ORGANIZATION,
            &code::NOT_A_MEMBER,
        ],
    }),
    Route::post(
        "/organization/has-permission",
        &ForCallers(|call, by, body| Box::pin(has_permission(call, by, body))),
    )
    .documented(&Operation {
        summary: "Check whether the caller's roles permit something",
        query: &[],
        answers: &[Answer::json::<Permitted>("Whether they permit it")],
        codes: &[&code::NO_ACTIVE_ORGANIZATION, &code::PERMISSIONS_OF_NO_MEMBER],
    }),
];

async fn active_member(call: Call<'_, Organizations>, by: StrictCaller) -> Result<HttpResponse, ApiError> {
    let member = call.feature.active_member(&by).await?;
    let presenter = presenter(&call.feature);
    let view = member.as_ref().map(|member| presenter.member_with_user(member));
    Ok(answer::json(&view))
}

async fn role(
    call: Call<'_, Organizations>,
    by: StrictCaller,
    Query(query): Query<ActiveMemberRole>,
) -> Result<HttpResponse, ApiError> {
    let query = MemberRoleQuery {
        user: id(query.user),
        organization: id(query.organization),
        slug: query.slug,
    };
    let role = call.feature.member_role(&by, query).await?;
    Ok(answer::json(&Role {
        role: role.to_string(),
    }))
}

async fn has_permission(
    call: Call<'_, Organizations>,
    by: StrictCaller,
    Body(body): Body<HasPermission>,
) -> Result<HttpResponse, ApiError> {
    let request = PermissionRequest::from(&body.permissions);
    let organization = id(body.organization);
    let success = call.feature.has_permission(&by, organization, &request).await?;
    Ok(answer::json(&Permitted { error: None, success }))
}
