//! Creation, look-up and search of users.

use actix_web::HttpResponse;
use portcullis_application::{
    admin::{Actor, Admin, AdminError, CreateUser},
    seams::UserOperation,
    session::StrictCaller,
};
use portcullis_domain::{admin::Permission, id::UserId, password::Password};
use schemars::JsonSchema;
use serde::Serialize;

use super::{Wrapped, code, data, members::RoleNames, search::Search};
use crate::{
    answer,
    call::Call,
    code::Code,
    endpoint::ForCallers,
    error::ApiError,
    extract::body::{Body, Name, Query, Record, Secret, Text, body},
    operation::{Answer, Operation},
    route::Route,
    view::user::UserView,
};

body! {
    NewUser {
        email: Text = "email",
        password: Option<Secret> = "password",
        name: Name = "name",
        role: Option<RoleNames> = "role",
        data: Option<Record> = "data",
    }
}

body! {
    Wanted {
        id: Text = "id",
    }
}

#[derive(JsonSchema, Serialize)]
#[schemars(inline)]
struct Page<'a> {
    users: Vec<UserView<'a>>,
    total: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    limit: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    offset: Option<i64>,
}

/// Another user has the value of a unique field. Better Auth fails with 500.
pub(super) const NOT_CREATED: Code = Code::new(422, "FAILED_TO_CREATE_USER", "Failed to create user");

pub(crate) static ROUTES: &[Route] = &[
    Route::post(
        "/admin/create-user",
        &ForCallers(|call, by, body| Box::pin(create(call, by, body))),
    )
    .documented(&Operation {
        summary: "Create a user, without signing the user in",
        query: &[],
        answers: &[Answer::json::<Wrapped<'_>>("The user")],
        codes: &[
            &code::MAY_NOT_CREATE,
            &code::MAY_NOT_SET_ROLE,
            &code::MAY_NOT_BAN,
            &code::INVALID_EMAIL,
            &code::EMAIL_TAKEN,
            &code::INVALID_ROLE,
            &code::UNKNOWN_ROLE,
            &code::PASSWORD_TOO_SHORT,
            &code::PASSWORD_TOO_LONG,
            &code::PASSWORD_COMPROMISED,
            &NOT_CREATED,
            &code::NOT_ALLOWED_WHILE_IMPERSONATING,
        ],
    })
    .sets_passwords()
    .sets_data_of_users()
    .refuses_keys(),
    Route::get(
        "/admin/get-user",
        &ForCallers(|call, by, query| Box::pin(get(call, by, query))),
    )
    .documented(&Operation {
        summary: "Return a user",
        query: &[],
        answers: &[Answer::json::<UserView<'_>>("The user")],
        codes: &[
            &code::MAY_NOT_GET,
            &code::USER_NOT_FOUND,
            &code::NOT_ALLOWED_WHILE_IMPERSONATING,
        ],
    })
    .refuses_keys(),
    Route::get(
        "/admin/list-users",
        &ForCallers(|call, by, query| Box::pin(list(call, by, query))),
    )
    .documented(&Operation {
        summary: "Search, filter, sort and list users",
        query: &[],
        answers: &[Answer::json::<Page<'_>>(
            "The users, and how many there are without a limit",
        )],
        codes: &[&code::MAY_NOT_LIST, &code::NOT_ALLOWED_WHILE_IMPERSONATING],
    })
    .refuses_keys(),
];

async fn create(
    call: Call<'_, Admin>,
    by: StrictCaller,
    Body(body): Body<NewUser>,
) -> Result<HttpResponse, ApiError> {
    call.feature.users.check(&by, Permission::CreateUsers)?;
    create_by(&call, Actor::User(&by), body).await
}

/// Creates a user for a caller or a service.
pub(super) async fn create_by(
    call: &Call<'_, Admin>,
    by: Actor<'_>,
    body: NewUser,
) -> Result<HttpResponse, ApiError> {
    let email = data::email(&body.email)?;
    let sent = body.data.unwrap_or_default();
    let data = data::read(call, sent, UserOperation::Create).await?;
    // wire: members of `data` replace those beside it, and an empty password is none.
    let command = CreateUser {
        email: data.email.unwrap_or(email),
        email_verified: data.email_verified.unwrap_or(false),
        name: data.name.unwrap_or(body.name),
        image: data.image.flatten(),
        password: body.password.filter(|password: &Password| !password.is_empty()),
        roles: data.roles.or(body.role),
        additional: data.additional,
    };
    let created = call.feature.creation.create(by, command).await;
    let user = created.map_err(|error| match error {
        AdminError::FieldTaken => (&NOT_CREATED).into(),
        error => ApiError::from(error),
    })?;
    Ok(answer::json(&Wrapped::new(call, &user)))
}

async fn get(
    call: Call<'_, Admin>,
    by: StrictCaller,
    Query(query): Query<Wanted>,
) -> Result<HttpResponse, ApiError> {
    let user = call.feature.users.get(&by, &UserId::new(query.id)).await?;
    Ok(answer::json(&call.presenter().user(&user)))
}

async fn list(
    call: Call<'_, Admin>,
    by: StrictCaller,
    Query(query): Query<Search>,
) -> Result<HttpResponse, ApiError> {
    let users = &call.feature.users;
    users.check(&by, Permission::ListUsers)?;
    let Some(search) = query.describe() else {
        return Ok(answer::json(&Page::EMPTY));
    };
    let (limit, offset) = (search.limit, search.offset);
    let Some(page) = users.list(&by, search).await? else {
        return Ok(answer::json(&Page::EMPTY));
    };
    let present = call.presenter();
    Ok(answer::json(&Page {
        users: page.users.iter().map(|user| present.user(user)).collect(),
        total: page.total,
        limit,
        offset: (offset > 0).then_some(offset),
    }))
}

impl Page<'_> {
    /// wire: Better Auth's answer to a search that PostgreSQL rejects.
    const EMPTY: Self = Self {
        users: Vec::new(),
        total: 0,
        limit: None,
        offset: None,
    };
}
