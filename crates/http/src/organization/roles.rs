//! Roles that organizations create.

use actix_web::HttpResponse;
use portcullis_application::{
    organization::roles::{CreateRole, OrganizationRoles, UpdateRole},
    session::StrictCaller,
};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::{
    code::{of_organization, role as code},
    id, input, presenter,
    view::{RoleView, statements},
};
use crate::{
    answer,
    call::Call,
    endpoint::ForCallers,
    error::ApiError,
    extract::{additional, body::Body},
    operation::{Answer, Operation},
    route::Route,
    view::outcome::Success,
};

#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
#[schemars(inline)]
struct Created<'a> {
    #[schemars(extend("const" = true))]
    success: bool,
    role_data: RoleView<'a>,
    statements: Value,
}

#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
#[schemars(inline)]
struct Updated<'a> {
    #[schemars(extend("const" = true))]
    success: bool,
    role_data: RoleView<'a>,
}

pub(crate) static ROUTES: &[Route] = &[
    Route::post(
        "/organization/create-role",
        &ForCallers(|call, by, body| Box::pin(create(call, by, body))),
    )
    .documented(&Operation {
        summary: "Create a role that permits no more than the caller's own roles",
        query: &[],
        answers: &[Answer::json::<Created<'_>>("The role, and what it permits")],
        codes: &[
            &code::NO_AC,
            &code::NOT_IN_AN_ORGANIZATION,
            &code::ROLE_NAME_TAKEN,
            &of_organization::NOT_A_MEMBER,
            &code::MAY_NOT_CREATE_ROLE,
            &code::TOO_MANY_ROLES,
            &code::INVALID_RESOURCE,
            &of_organization::FIELD_TAKEN,
        ],
    }),
    Route::post(
        "/organization/update-role",
        &ForCallers(|call, by, body| Box::pin(update(call, by, body))),
    )
    .documented(&Operation {
        summary: "Change a role, which then permits no more than the caller's own roles",
        query: &[],
        answers: &[Answer::json::<Updated<'_>>("The changed role")],
        codes: &[
            &code::NO_AC,
            &of_organization::NO_ACTIVE_ORGANIZATION,
            &of_organization::NOT_A_MEMBER,
            &code::MAY_NOT_UPDATE_ROLE,
            &code::ROLE_NOT_FOUND,
            &code::INVALID_RESOURCE,
            &code::ROLE_NAME_TAKEN,
            &of_organization::FIELD_TAKEN,
        ],
    }),
    Route::post(
        "/organization/delete-role",
        &ForCallers(|call, by, body| Box::pin(delete(call, by, body))),
    )
    .documented(&Operation {
        summary: "Delete a role that no member holds",
        query: &[],
        answers: &[Answer::json::<Success>("It is done")],
        codes: &[
            &of_organization::NO_ACTIVE_ORGANIZATION,
            &of_organization::NOT_A_MEMBER,
            &code::MAY_NOT_DELETE_ROLE,
            &code::PREDEFINED_ROLE,
            &code::ROLE_NOT_FOUND,
            &code::ROLE_IS_ASSIGNED,
        ],
    }),
];

async fn create(
    call: Call<'_, OrganizationRoles>,
    by: StrictCaller,
    Body(body): Body<input::CreateRole>,
) -> Result<HttpResponse, ApiError> {
    let organizations = call.feature.organizations();
    let sent = body.additional.unwrap_or_default();
    let (schema, limits) = (&organizations.options().fields.role, &call.options.limits);
    let new = CreateRole {
        additional: additional::create_within("body.additionalFields", schema, &sent, limits)?,
        organization: id(body.organization),
        name: body.name,
        permission: body.permission,
    };
    let created = call.feature.create(&by, new).await?;
    Ok(answer::json(&Created {
        success: true,
        role_data: presenter(organizations).role(&created.role),
        statements: statements(&created.statements),
    }))
}

async fn update(
    call: Call<'_, OrganizationRoles>,
    by: StrictCaller,
    Body(body): Body<input::UpdateRole>,
) -> Result<HttpResponse, ApiError> {
    let organizations = call.feature.organizations();
    let (data, schema) = (body.data, &organizations.options().fields.role);
    let limits = &call.options.limits;
    let change = UpdateRole {
        additional: additional::update_within("body.data", schema, &data.undeclared, limits)?,
        organization: id(body.organization),
        role: body.role.into(),
        permission: data.permission,
        name: data.name,
    };
    let mut updated = call.feature.update(&by, change).await?;
    // wire: the answer contains the time of the previous change.
    updated.after.updated_at = updated.before.updated_at;
    Ok(answer::json(&Updated {
        success: true,
        role_data: presenter(organizations).role(&updated.after),
    }))
}

async fn delete(
    call: Call<'_, OrganizationRoles>,
    by: StrictCaller,
    Body(body): Body<input::OneRole>,
) -> Result<HttpResponse, ApiError> {
    let organization = id(body.organization);
    call.feature.delete(&by, organization, &body.role.into()).await?;
    Ok(answer::json(&Success::DONE))
}
