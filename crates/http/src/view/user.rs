//! The JSON of a user.

use portcullis_domain::user::User;
use schemars::JsonSchema;
use serde::Serialize;

use super::{Shown, date::Date};

/// The JSON of a user.
#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "User", description = "A user")]
pub(crate) struct UserView<'a> {
    name: &'a str,
    email: &'a str,
    email_verified: bool,
    image: Option<&'a str>,
    created_at: Date,
    updated_at: Date,
    #[serde(flatten)]
    additional: Shown<'a>,
    id: &'a str,
}

impl<'a> UserView<'a> {
    pub(super) fn new(user: &'a User, additional: Shown<'a>) -> Self {
        Self {
            name: &user.name,
            email: user.email.as_str(),
            email_verified: user.email_verified,
            image: user.image.as_deref(),
            created_at: user.created_at.into(),
            updated_at: user.updated_at.into(),
            additional,
            id: user.id.as_str(),
        }
    }
}
