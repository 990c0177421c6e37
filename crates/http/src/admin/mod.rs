//! Administration of users.

mod changes;
mod code;
mod data;
mod members;
mod permission;
mod search;
mod services;
mod sessions;
mod users;

use portcullis_domain::user::User;
use schemars::JsonSchema;
use serde::Serialize;

pub(crate) use self::{
    changes::ROUTES as CHANGES,
    code::{CODES, REFUSALS},
    permission::ROUTES as PERMISSIONS,
    services::ROUTES as SERVICES,
    sessions::ROUTES as SESSIONS,
    users::ROUTES as USERS,
};
use crate::{call::Call, view::user::UserView};

/// The JSON of a user within an object.
#[derive(JsonSchema, Serialize)]
#[schemars(inline)]
struct Wrapped<'a> {
    user: UserView<'a>,
}

impl<'a> Wrapped<'a> {
    fn new<F>(call: &'a Call<'_, F>, user: &'a User) -> Self {
        Self {
            user: call.presenter().user(user),
        }
    }
}
