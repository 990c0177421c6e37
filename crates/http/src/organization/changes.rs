//! Creation, change and deletion of organizations.

use actix_web::HttpResponse;
use portcullis_application::{
    organization::{CreateOrganization, Organizations},
    session::StrictCaller,
};
use portcullis_domain::organization::{NewOrganization, OrganizationId, OrganizationPatch};
use schemars::JsonSchema;
use serde::Serialize;

use super::{
    code::of_organization as code,
    id,
    input::{Create, Delete, Update},
    presenter,
    view::{CreatedOrganizationView, OrganizationView},
};
use crate::{
    answer,
    call::Call,
    endpoint::{ForAnyone, ForCallers},
    error::ApiError,
    extract::{additional, body::Body},
    operation::{Answer, Operation},
    route::Route,
};

/// wire: the body of the only 401 that is neither empty nor has a code.
#[derive(JsonSchema, Serialize)]
#[schemars(inline)]
struct SignedOut {
    #[schemars(extend("const" = 401))]
    status: u16,
}

pub(crate) static ROUTES: &[Route] = &[
    Route::post(
        "/organization/create",
        &ForCallers(|call, by, body| Box::pin(create(call, by, body))),
    )
    .documented(&Operation {
        summary: "Create an organization, and work in it",
        query: &[],
        answers: &[Answer::json::<CreatedOrganizationView<'_>>(
            "The organization, with the caller as its only member",
        )],
        codes: &[
            &code::MAY_NOT_CREATE,
            &code::TOO_MANY_ORGANIZATIONS,
            &code::ORGANIZATION_EXISTS,
            &code::FIELD_TAKEN,
        ],
    }),
    Route::post(
        "/organization/update",
        &ForAnyone(|call, by, body| Box::pin(update(call, by, body))),
    )
    .documented(&Operation {
        summary: "Change an organization",
        query: &[],
        answers: &[Answer::json::<OrganizationView<'_>>("The changed organization")],
        codes: &[
            &crate::code::UNAUTHORIZED,
            &code::SIGNED_OUT,
            &code::ORGANIZATION_NOT_FOUND,
            &code::NOT_A_MEMBER_OF_THE_ORGANIZATION,
            &code::MAY_NOT_UPDATE,
            &code::SLUG_TAKEN,
            &code::FIELD_TAKEN,
        ],
    }),
    Route::post(
        "/organization/delete",
        &ForAnyone(|call, by, body| Box::pin(delete(call, by, body))),
    )
    .documented(&Operation {
        summary: "Delete an organization with its members, invitations, teams and roles",
        query: &[],
        answers: &[
            Answer::json::<Option<OrganizationView<'_>>>("The deleted organization; `null` for an empty id"),
            Answer::json::<SignedOut>("The caller has no session").with_status(401),
        ],
        codes: &[
            &crate::code::UNAUTHORIZED,
            &code::DELETION_DISABLED,
            &code::NOT_A_MEMBER_OF_THE_ORGANIZATION,
            &code::MAY_NOT_DELETE,
        ],
    }),
];

async fn create(
    call: Call<'_, Organizations>,
    by: StrictCaller,
    Body(body): Body<Create>,
) -> Result<HttpResponse, ApiError> {
    let schema = &call.feature.options().fields.organization;
    let additional = additional::create_within("body", schema, &body.undeclared, &call.options.limits)?;
    let command = CreateOrganization {
        new: NewOrganization {
            name: body.name,
            slug: body.slug,
            logo: body.logo,
            metadata: body.metadata,
            additional,
        },
        keeps_active: body.keep_active.unwrap_or_default(),
    };
    let created = call.feature.create(&by, command).await?;
    let presenter = presenter(&call.feature);
    let view = presenter.created_organization(&created.organization, &created.member);
    Ok(answer::json(&view))
}

async fn update(
    call: Call<'_, Organizations>,
    by: Option<StrictCaller>,
    Body(body): Body<Update>,
) -> Result<HttpResponse, ApiError> {
    let by = by.ok_or(&code::SIGNED_OUT)?;
    let schema = &call.feature.options().fields.organization;
    let (data, limits) = (body.data, &call.options.limits);
    let patch = OrganizationPatch {
        additional: additional::update_within("body.data", schema, &data.undeclared, limits)?,
        name: data.name,
        slug: data.slug,
        logo: data.logo,
        metadata: data.metadata,
    };
    let updated = call.feature.update(&by, id(body.organization), patch).await?;
    let presenter = presenter(&call.feature);
    Ok(answer::json(&presenter.changed_organization(&updated)))
}

async fn delete(
    call: Call<'_, Organizations>,
    by: Option<StrictCaller>,
    Body(body): Body<Delete>,
) -> Result<HttpResponse, ApiError> {
    if !call.feature.allows_deletion() {
        return Err((&code::DELETION_DISABLED).into());
    }
    let Some(by) = by else {
        return Ok(HttpResponse::Unauthorized().json(SignedOut { status: 401 }));
    };
    if body.organization.is_empty() {
        // wire: Better Auth answers `null`.
        return Ok(answer::json(&None::<OrganizationView<'_>>));
    }
    let organization = OrganizationId::new(body.organization);
    let deleted = call.feature.delete(&by, &organization).await?;
    Ok(answer::json(&presenter(&call.feature).organization(&deleted)))
}
