//! Organizations and members that services of the deployment create.

use actix_web::HttpResponse;
use portcullis_application::organization::{AddMember, Organizations};
use portcullis_domain::{
    access::RoleList,
    additional::FieldSchema,
    id::UserId,
    organization::{NewOrganization, OrganizationId, TeamId},
};

use super::{
    code::{member, of_organization as code, role, team},
    presenter,
    view::{CreatedOrganizationView, MemberView},
};
use crate::{
    answer,
    call::Call,
    client_authentication::AdministratorService,
    error::ApiError,
    extract::{
        additional,
        body::{Body, FilledText, OneOrMany, Record, Text, body},
    },
    operation::{Answer, Operation},
    route::Route,
    service_endpoint::ForAdministrators,
};

body! {
    CreateForUser {
        user: Text = "userId",
        name: FilledText = "name",
        slug: FilledText = "slug",
        logo: Option<Text> = "logo",
        metadata: Option<Record> = "metadata",
        ..undeclared
    }
}

body! {
    NewMember {
        user: Text = "userId",
        organization: Text = "organizationId",
        roles: OneOrMany = "role",
        team: Option<Text> = "teamId",
        ..undeclared
    }
}

pub(crate) static ROUTES: &[Route] = &[
    Route::post(
        "/portcullis/admin/organizations/create",
        &ForAdministrators(|call, by, body| Box::pin(create(call, by, body))),
    )
    .documented(&Operation {
        summary: "Create an organization for a user, who becomes its only member",
        query: &[],
        answers: &[Answer::json::<CreatedOrganizationView<'_>>(
            "The organization, with its only member",
        )],
        codes: &[
            &code::USER_NOT_FOUND,
            &code::TOO_MANY_ORGANIZATIONS,
            &code::ORGANIZATION_EXISTS,
            &code::FIELD_TAKEN,
        ],
    })
    .for_services_in_json(),
    Route::post(
        "/portcullis/admin/organizations/add-member",
        &ForAdministrators(|call, by, body| Box::pin(add_member(call, by, body))),
    )
    .documented(&Operation {
        summary: "Add a user to an organization without an invitation",
        query: &[],
        answers: &[Answer::json::<MemberView<'_>>("The member")],
        codes: &[
            &team::TEAMS_DISABLED,
            &code::USER_NOT_FOUND,
            &role::ROLE_NOT_FOUND,
            &role::ROLES_NOT_FOUND,
            &member::ALREADY_A_MEMBER,
            &team::TEAM_NOT_FOUND,
            &team::TEAM_MEMBER_LIMIT_REACHED,
            &member::MEMBERSHIP_LIMIT_REACHED,
            &code::ORGANIZATION_NOT_FOUND,
            &code::FIELD_TAKEN,
        ],
    })
    .for_services_in_json(),
];

async fn create(
    call: Call<'_, Organizations>,
    by: AdministratorService,
    Body(body): Body<CreateForUser>,
) -> Result<HttpResponse, ApiError> {
    let schema = &every_field(&call.feature.options().fields.organization);
    let new = NewOrganization {
        additional: additional::create_within("body", schema, &body.undeclared, &call.options.limits)?,
        name: body.name,
        slug: body.slug,
        logo: body.logo,
        metadata: body.metadata,
    };
    let user = UserId::new(body.user);
    let created = call.feature.create_for(&user, new).await?;
    let organization = created.organization.id.as_str();
    let (client, user) = (by.client.as_str(), user.as_str());
    tracing::info!(client, organization, user, "a service created an organization");
    let presenter = presenter(&call.feature);
    let view = presenter.created_organization(&created.organization, &created.member);
    Ok(answer::json(&view))
}

async fn add_member(
    call: Call<'_, Organizations>,
    by: AdministratorService,
    Body(body): Body<NewMember>,
) -> Result<HttpResponse, ApiError> {
    let schema = &every_field(&call.feature.options().fields.member);
    let command = AddMember {
        additional: additional::create_within("body", schema, &body.undeclared, &call.options.limits)?,
        user: UserId::new(body.user),
        role: RoleList::of_names(body.roles.iter().map(String::as_str)),
        organization: OrganizationId::new(body.organization),
        team: body.team.map(TeamId::new),
    };
    let member = call.feature.add_member(command).await?;
    let (client, organization) = (by.client.as_str(), member.organization_id.as_str());
    let user = member.user_id.as_str();
    tracing::info!(client, organization, user, "a service added a member");
    Ok(answer::json(&presenter(&call.feature).member(&member)))
}

/// Services also set the fields that clients may not set.
fn every_field(schema: &FieldSchema) -> FieldSchema {
    schema.writable(|_field| true)
}
