//! Reading of the roles that organizations create.

use actix_web::HttpResponse;
use portcullis_application::{organization::roles::OrganizationRoles, session::StrictCaller};

use super::{
    code::{of_organization, role as code},
    error::of_reading,
    id, input, presenter,
    view::RoleView,
};
use crate::{
    answer,
    call::Call,
    endpoint::ForCallers,
    error::ApiError,
    extract::body::Query,
    operation::{Answer, Operation},
    route::Route,
};

pub(crate) static ROUTES: &[Route] = &[
    Route::get(
        "/organization/list-roles",
        &ForCallers(|call, by, query| Box::pin(list(call, by, query))),
    )
    .documented(&Operation {
        summary: "List the roles that an organization created",
        query: &[],
        answers: &[Answer::json::<Vec<RoleView<'_>>>("The roles")],
        codes: &[
            &of_organization::NO_ACTIVE_ORGANIZATION,
            &of_organization::NOT_A_MEMBER,
            &code::MAY_NOT_LIST_ROLES,
        ],
    }),
    Route::get(
        "/organization/get-role",
        &ForCallers(|call, by, query| Box::pin(get(call, by, query))),
    )
    .documented(&Operation {
        summary: "Return a role that an organization created",
        query: &[],
        answers: &[Answer::json::<RoleView<'_>>("The role")],
        codes: &[
            &of_organization::NO_ACTIVE_ORGANIZATION,
            &of_organization::NOT_A_MEMBER,
            &code::MAY_NOT_READ_ROLE,
            &code::ROLE_NOT_FOUND,
        ],
    }),
];

async fn list(
    call: Call<'_, OrganizationRoles>,
    by: StrictCaller,
    Query(query): Query<input::ListRoles>,
) -> Result<HttpResponse, ApiError> {
    let listed = call.feature.list(&by, id(query.organization)).await;
    let roles = listed.map_err(|error| of_reading(error, &code::MAY_NOT_LIST_ROLES))?;
    let presenter = presenter(call.feature.organizations());
    let views = roles.iter().map(|role| presenter.role(role));
    Ok(answer::json(&views.collect::<Vec<_>>()))
}

async fn get(
    call: Call<'_, OrganizationRoles>,
    by: StrictCaller,
    Query(query): Query<input::OneRole>,
) -> Result<HttpResponse, ApiError> {
    let (organization, key) = (id(query.organization), query.role.into());
    let found = call.feature.get(&by, organization, &key).await;
    let role = found.map_err(|error| of_reading(error, &code::MAY_NOT_READ_ROLE))?;
    Ok(answer::json(&presenter(call.feature.organizations()).role(&role)))
}
