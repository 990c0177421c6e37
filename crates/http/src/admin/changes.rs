//! Changes of users: their data, roles, bans and passwords, and their removal.

use actix_web::HttpResponse;
use portcullis_application::{
    admin::{Admin, BanUser, ChangeUser},
    seams::UserOperation,
    session::StrictCaller,
};
use portcullis_domain::{admin::Permission, id::UserId, user::UserPatch};

use super::{
    Wrapped, code, data,
    members::{GivenPassword, GivenUser, RoleNames},
};
use crate::{
    answer,
    call::Call,
    endpoint::ForCallers,
    error::ApiError,
    extract::body::{Body, Coerced, Record, Text, body},
    operation::{Answer, Operation},
    route::Route,
    view::{
        outcome::{Status, Success},
        user::UserView,
    },
};

body! {
    SetRole {
        user: Coerced = "userId",
        role: RoleNames = "role",
    }
}

body! {
    Update {
        user: Coerced = "userId",
        data: Record = "data",
    }
}

body! {
    Ban {
        user: Coerced = "userId",
        reason: Option<Text> = "banReason",
        seconds: Option<f64> = "banExpiresIn",
    }
}

body! {
    Named {
        user: Coerced = "userId",
    }
}

body! {
    SetPassword {
        password: GivenPassword = "newPassword",
        user: GivenUser = "userId",
    }
}

pub(crate) static ROUTES: &[Route] = &[
    Route::post(
        "/admin/update-user",
        &ForCallers(|call, by, body| Box::pin(update(call, by, body))),
    )
    .documented(&Operation {
        summary: "Change a user",
        query: &[],
        answers: &[Answer::json::<UserView<'_>>("The changed user")],
        codes: &[
            &code::MAY_NOT_UPDATE,
            &code::MAY_NOT_SET_ROLE,
            &code::MAY_NOT_BAN,
            &code::NO_DATA,
            &code::INVALID_EMAIL,
            &code::EMAIL_TAKEN,
            &code::INVALID_ROLE,
            &code::UNKNOWN_ROLE,
            &code::BANS_ITSELF,
            &code::LAST_ADMINISTRATOR,
            &code::USER_NOT_FOUND,
            &code::NOT_STORED,
            &code::NOT_ALLOWED_WHILE_IMPERSONATING,
        ],
    })
    .sets_data_of_users()
    .refuses_keys(),
    Route::post(
        "/admin/set-role",
        &ForCallers(|call, by, body| Box::pin(set_role(call, by, body))),
    )
    .documented(&Operation {
        summary: "Set the roles of a user",
        query: &[],
        answers: &[Answer::json::<Wrapped<'_>>("The changed user")],
        codes: &[
            &code::MAY_NOT_SET_ROLE,
            &code::UNKNOWN_ROLE,
            &code::LAST_ADMINISTRATOR,
            &code::USER_NOT_FOUND,
            &code::NOT_ALLOWED_WHILE_IMPERSONATING,
        ],
    })
    .refuses_keys(),
    Route::post(
        "/admin/ban-user",
        &ForCallers(|call, by, body| Box::pin(ban(call, by, body))),
    )
    .documented(&Operation {
        summary: "Ban a user, and end the user's sessions",
        query: &[],
        answers: &[Answer::json::<Wrapped<'_>>("The banned user")],
        codes: &[
            &code::MAY_NOT_BAN,
            &code::USER_NOT_FOUND,
            &code::BANS_ITSELF,
            &code::LAST_ADMINISTRATOR,
            &code::NOT_ALLOWED_WHILE_IMPERSONATING,
        ],
    })
    .refuses_keys(),
    Route::post(
        "/admin/unban-user",
        &ForCallers(|call, by, body| Box::pin(unban(call, by, body))),
    )
    .documented(&Operation {
        summary: "Lift the ban of a user",
        query: &[],
        answers: &[Answer::json::<Wrapped<'_>>("The user")],
        codes: &[
            &code::MAY_NOT_BAN,
            &code::USER_NOT_FOUND,
            &code::NOT_ALLOWED_WHILE_IMPERSONATING,
        ],
    })
    .refuses_keys(),
    Route::post(
        "/admin/set-user-password",
        &ForCallers(|call, by, body| Box::pin(set_password(call, by, body))),
    )
    .documented(&Operation {
        summary: "Set the password of a user",
        query: &[],
        answers: &[Answer::json::<Status>("It is done")],
        codes: &[
            &code::MAY_NOT_SET_PASSWORD,
            &code::PASSWORD_TOO_SHORT,
            &code::PASSWORD_TOO_LONG,
            &code::PASSWORD_COMPROMISED,
            &code::USER_NOT_FOUND,
            &code::NOT_ALLOWED_WHILE_IMPERSONATING,
        ],
    })
    .sets_passwords()
    .refuses_keys(),
    Route::post(
        "/admin/remove-user",
        &ForCallers(|call, by, body| Box::pin(remove(call, by, body))),
    )
    .documented(&Operation {
        summary: "Delete a user and all rows that belong to the user",
        query: &[],
        answers: &[Answer::json::<Success>("It is done")],
        codes: &[
            &code::MAY_NOT_DELETE,
            &code::REMOVES_ITSELF,
            &code::LAST_ADMINISTRATOR,
            &code::USER_NOT_FOUND,
            &code::NOT_ALLOWED_WHILE_IMPERSONATING,
        ],
    })
    .deletes_users()
    .refuses_keys(),
];

async fn update(
    call: Call<'_, Admin>,
    by: StrictCaller,
    Body(body): Body<Update>,
) -> Result<HttpResponse, ApiError> {
    call.feature.users.check(&by, Permission::UpdateUsers)?;
    if body.data.is_empty() {
        return Err((&code::NO_DATA).into());
    }
    let data = data::read(&call, body.data, UserOperation::Update).await?;
    let command = ChangeUser {
        email: data.email,
        email_verified: data.email_verified,
        roles: data.roles,
        patch: UserPatch {
            name: data.name,
            image: data.image,
            additional: data.additional,
        },
    };
    let changes = &call.feature.changes;
    let user = changes.change(&by, &UserId::new(body.user), &command).await?;
    Ok(answer::json(&call.presenter().user(&user)))
}

async fn set_role(
    call: Call<'_, Admin>,
    by: StrictCaller,
    Body(body): Body<SetRole>,
) -> Result<HttpResponse, ApiError> {
    let roles = &call.feature.roles;
    let user = roles.set(&by, &UserId::new(body.user), &body.role).await?;
    Ok(answer::json(&Wrapped::new(&call, &user)))
}

async fn ban(
    call: Call<'_, Admin>,
    by: StrictCaller,
    Body(body): Body<Ban>,
) -> Result<HttpResponse, ApiError> {
    let (user, command) = body.command();
    let user = call.feature.bans.ban(&by, &user, command).await?;
    Ok(answer::json(&Wrapped::new(&call, &user)))
}

impl Ban {
    /// Returns the user to ban, and the ban.
    pub(super) fn command(self) -> (UserId, BanUser) {
        // wire: an empty reason and a length of zero are as if they were missing.
        let command = BanUser {
            reason: self.reason.filter(|reason| !reason.is_empty()),
            seconds: self.seconds.filter(|seconds| *seconds != 0.0),
        };
        (UserId::new(self.user), command)
    }
}

async fn unban(
    call: Call<'_, Admin>,
    by: StrictCaller,
    Body(body): Body<Named>,
) -> Result<HttpResponse, ApiError> {
    let user = call.feature.bans.lift(&by, &UserId::new(body.user)).await?;
    Ok(answer::json(&Wrapped::new(&call, &user)))
}

async fn set_password(
    call: Call<'_, Admin>,
    by: StrictCaller,
    Body(body): Body<SetPassword>,
) -> Result<HttpResponse, ApiError> {
    let user = UserId::new(body.user);
    call.feature.passwords.set(&by, &user, &body.password).await?;
    Ok(answer::json(&Status::DONE))
}

async fn remove(
    call: Call<'_, Admin>,
    by: StrictCaller,
    Body(body): Body<Named>,
) -> Result<HttpResponse, ApiError> {
    call.feature.changes.remove(&by, &UserId::new(body.user)).await?;
    Ok(answer::json(&Success::DONE))
}
