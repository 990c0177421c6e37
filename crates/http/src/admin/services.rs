//! Administration of users by services, which need no session and no permission.

use std::collections::BTreeSet;

use actix_web::HttpResponse;
use portcullis_application::admin::{Actor, Admin, UserKey};
use portcullis_domain::{admin::BanState, id::UserId};
use schemars::JsonSchema;
use serde::Serialize;

use super::{
    Wrapped,
    changes::{Ban, Named, SetPassword, SetRole},
    code, data,
    users::{NOT_CREATED, NewUser, create_by},
};
use crate::{
    answer,
    call::Call,
    client_authentication::AdministratorService,
    error::ApiError,
    extract::body::{Body, Query, Text, body},
    operation::{Answer, Operation},
    route::Route,
    service_endpoint::ForAdministrators,
    view::{
        outcome::{Status, Success},
        user::UserView,
    },
};

body! {
    Wanted {
        id: Option<Text> = "id",
        email: Option<Text> = "email",
    }
}

#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
#[schemars(inline)]
struct State<'a> {
    user: UserView<'a>,
    /// The providers of the user's accounts; `credential` stands for a password.
    providers: &'a BTreeSet<String>,
    /// The number of sessions that have not expired.
    sessions: usize,
    /// Whether the user is banned now.
    is_banned: bool,
}

pub(crate) static ROUTES: &[Route] = &[
    Route::post(
        "/portcullis/admin/create-user",
        &ForAdministrators(|call, by, body| Box::pin(create(call, by, body))),
    )
    .documented(&Operation {
        summary: "Create a user, without signing the user in",
        query: &[],
        answers: &[Answer::json::<Wrapped<'_>>("The user")],
        codes: &[
            &code::INVALID_EMAIL,
            &code::EMAIL_TAKEN,
            &code::INVALID_ROLE,
            &code::UNKNOWN_ROLE,
            &code::PASSWORD_TOO_SHORT,
            &code::PASSWORD_TOO_LONG,
            &code::PASSWORD_COMPROMISED,
            &NOT_CREATED,
        ],
    })
    .sets_passwords()
    .sets_data_of_users()
    .for_services_in_json(),
    Route::get(
        "/portcullis/admin/get-user",
        &ForAdministrators(|call, by, query| Box::pin(get(call, by, query))),
    )
    .documented(&Operation {
        summary: "Return a user by id or by e-mail address, with what belongs to the user",
        query: &[],
        answers: &[Answer::json::<State<'_>>(
            "The user, the accounts and the sessions",
        )],
        codes: &[
            &code::INVALID_EMAIL,
            &code::USER_NOT_FOUND,
            &code::VALIDATION_ERROR,
        ],
    })
    .for_services_in_json(),
    Route::post(
        "/portcullis/admin/set-user-password",
        &ForAdministrators(|call, by, body| Box::pin(set_password(call, by, body))),
    )
    .documented(&Operation {
        summary: "Set the password of a user",
        query: &[],
        answers: &[Answer::json::<Status>("It is done")],
        codes: &[
            &code::PASSWORD_TOO_SHORT,
            &code::PASSWORD_TOO_LONG,
            &code::PASSWORD_COMPROMISED,
            &code::USER_NOT_FOUND,
        ],
    })
    .sets_passwords()
    .for_services_in_json(),
    Route::post(
        "/portcullis/admin/set-role",
        &ForAdministrators(|call, by, body| Box::pin(set_role(call, by, body))),
    )
    .documented(&Operation {
        summary: "Set the roles of a user",
        query: &[],
        answers: &[Answer::json::<Wrapped<'_>>("The changed user")],
        codes: &[
            &code::UNKNOWN_ROLE,
            &code::LAST_ADMINISTRATOR,
            &code::USER_NOT_FOUND,
        ],
    })
    .for_services_in_json(),
    Route::post(
        "/portcullis/admin/ban-user",
        &ForAdministrators(|call, by, body| Box::pin(ban(call, by, body))),
    )
    .documented(&Operation {
        summary: "Ban a user, and end the user's sessions",
        query: &[],
        answers: &[Answer::json::<Wrapped<'_>>("The banned user")],
        codes: &[&code::USER_NOT_FOUND, &code::LAST_ADMINISTRATOR],
    })
    .for_services_in_json(),
    Route::post(
        "/portcullis/admin/unban-user",
        &ForAdministrators(|call, by, body| Box::pin(unban(call, by, body))),
    )
    .documented(&Operation {
        summary: "Lift the ban of a user",
        query: &[],
        answers: &[Answer::json::<Wrapped<'_>>("The user")],
        codes: &[&code::USER_NOT_FOUND],
    })
    .for_services_in_json(),
    Route::post(
        "/portcullis/admin/revoke-user-sessions",
        &ForAdministrators(|call, by, body| Box::pin(revoke_sessions(call, by, body))),
    )
    .documented(&Operation {
        summary: "End all sessions of a user",
        query: &[],
        answers: &[Answer::json::<Success>("It is done")],
        codes: &[&code::USER_NOT_FOUND],
    })
    .for_services_in_json(),
    Route::post(
        "/portcullis/admin/remove-user",
        &ForAdministrators(|call, by, body| Box::pin(remove(call, by, body))),
    )
    .documented(&Operation {
        summary: "Delete a user and all rows that belong to the user",
        query: &[],
        answers: &[Answer::json::<Success>("It is done")],
        codes: &[&code::USER_NOT_FOUND],
    })
    .deletes_users()
    .for_services_in_json(),
];

impl AdministratorService {
    fn actor(&self) -> Actor<'_> {
        Actor::Service(self.client.as_str())
    }
}

async fn create(
    call: Call<'_, Admin>,
    by: AdministratorService,
    Body(body): Body<NewUser>,
) -> Result<HttpResponse, ApiError> {
    create_by(&call, by.actor(), body).await
}

async fn get(
    call: Call<'_, Admin>,
    by: AdministratorService,
    Query(query): Query<Wanted>,
) -> Result<HttpResponse, ApiError> {
    let state = call.feature.users.state(by.actor(), &query.key()?).await?;
    Ok(answer::json(&State {
        user: call.presenter().user(&state.user),
        providers: &state.providers,
        sessions: state.sessions.len(),
        is_banned: BanState::of(&state.user, call.app.clock.now()).is_banned(),
    }))
}

impl Wanted {
    fn key(self) -> Result<UserKey, ApiError> {
        match (self.id, self.email) {
            (Some(id), None) => Ok(UserKey::Id(UserId::new(id))),
            (None, Some(email)) => data::email(&email).map(UserKey::Email),
            _ => {
                let issue = "[query] Invalid input: expected either id or email";
                Err(ApiError::with_message(&code::VALIDATION_ERROR, issue))
            }
        }
    }
}

async fn set_password(
    call: Call<'_, Admin>,
    by: AdministratorService,
    Body(body): Body<SetPassword>,
) -> Result<HttpResponse, ApiError> {
    let user = UserId::new(body.user);
    let passwords = &call.feature.passwords;
    passwords.set(by.actor(), &user, &body.password).await?;
    Ok(answer::json(&Status::DONE))
}

async fn set_role(
    call: Call<'_, Admin>,
    by: AdministratorService,
    Body(body): Body<SetRole>,
) -> Result<HttpResponse, ApiError> {
    let (user, roles) = (UserId::new(body.user), &call.feature.roles);
    let user = roles.set(by.actor(), &user, &body.role).await?;
    Ok(answer::json(&Wrapped::new(&call, &user)))
}

async fn ban(
    call: Call<'_, Admin>,
    by: AdministratorService,
    Body(body): Body<Ban>,
) -> Result<HttpResponse, ApiError> {
    let (user, command) = body.command();
    let user = call.feature.bans.ban(by.actor(), &user, command).await?;
    Ok(answer::json(&Wrapped::new(&call, &user)))
}

async fn unban(
    call: Call<'_, Admin>,
    by: AdministratorService,
    Body(body): Body<Named>,
) -> Result<HttpResponse, ApiError> {
    let user = UserId::new(body.user);
    let user = call.feature.bans.lift(by.actor(), &user).await?;
    Ok(answer::json(&Wrapped::new(&call, &user)))
}

async fn revoke_sessions(
    call: Call<'_, Admin>,
    by: AdministratorService,
    Body(body): Body<Named>,
) -> Result<HttpResponse, ApiError> {
    let user = UserId::new(body.user);
    call.feature.sessions.revoke_all(by.actor(), &user).await?;
    Ok(answer::json(&Success::DONE))
}

async fn remove(
    call: Call<'_, Admin>,
    by: AdministratorService,
    Body(body): Body<Named>,
) -> Result<HttpResponse, ApiError> {
    let user = UserId::new(body.user);
    call.feature.changes.remove(by.actor(), &user).await?;
    Ok(answer::json(&Success::DONE))
}
