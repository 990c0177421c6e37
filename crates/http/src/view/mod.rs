//! The JSON of users, sessions and accounts, with Better Auth's keys in Better Auth's order; and the HTML pages.

pub(crate) mod account;
pub(crate) mod confirm_page;
pub(crate) mod date;
pub(crate) mod error_page;
pub(crate) mod error_words;
pub(crate) mod home_page;
pub(crate) mod html;
pub(crate) mod inbox_page;
pub(crate) mod outcome;
pub(crate) mod password_page;
pub(crate) mod session;
pub(crate) mod user;

use std::borrow::Cow;

use portcullis_application::client_token::ActiveSession;
use portcullis_domain::{
    additional::{AdditionalFields, FieldSchema},
    session::Session,
    user::User,
};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use self::{session::SessionView, user::UserView};

/// Creates the JSON of users and sessions, with the additional fields that clients may see.
#[derive(Clone, Copy)]
pub(crate) struct Presenter<'a> {
    user_fields: &'a FieldSchema,
    session_fields: &'a FieldSchema,
}

/// The JSON of a session and its user.
#[derive(JsonSchema, Serialize)]
#[schemars(inline, description = "A session and its user")]
pub(crate) struct ActiveSessionView<'a> {
    session: SessionView<'a>,
    user: UserView<'a>,
}

impl<'a> Presenter<'a> {
    /// Creates a presenter for these additional fields.
    pub(crate) const fn new(user_fields: &'a FieldSchema, session_fields: &'a FieldSchema) -> Self {
        Self {
            user_fields,
            session_fields,
        }
    }

    /// Returns the JSON of a user.
    pub(crate) fn user(self, user: &'a User) -> UserView<'a> {
        UserView::new(user, Shown::new(self.user_fields, &user.additional))
    }

    /// Returns the JSON of a session.
    pub(crate) fn session(self, session: &'a Session) -> SessionView<'a> {
        SessionView::new(session, Shown::new(self.session_fields, &session.additional))
    }

    /// Returns the JSON of a session and its user.
    pub(crate) fn active_session(self, active_session: &'a ActiveSession) -> ActiveSessionView<'a> {
        ActiveSessionView {
            session: self.session(&active_session.session),
            user: self.user(&active_session.user),
        }
    }

    /// Returns the JSON of a user as a value.
    pub(crate) fn user_value(self, user: &'a User) -> Value {
        value(&self.user(user))
    }

    /// Returns the members of the JSON of a user.
    pub(crate) fn user_members(self, user: &'a User) -> Map<String, Value> {
        match self.user_value(user) {
            Value::Object(members) => members,
            _ => Map::new(),
        }
    }

    /// Returns the JSON of a session as a value.
    pub(crate) fn session_value(self, session: &'a Session) -> Value {
        value(&self.session(session))
    }
}

/// The additional fields that clients may see, in the order of their declaration.
pub(crate) struct Shown<'a> {
    fields: &'a FieldSchema,
    values: &'a AdditionalFields,
}

impl<'a> Shown<'a> {
    pub(crate) const fn new(fields: &'a FieldSchema, values: &'a AdditionalFields) -> Self {
        Self { fields, values }
    }
}

impl Serialize for Shown<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.fields.shown(self.values))
    }
}

/// The fields are those of a deployment, which adds them to the schema of the view.
impl JsonSchema for Shown<'_> {
    fn schema_name() -> Cow<'static, str> {
        "Shown".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_generator: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "object" })
    }
}

/// Serialises a view, which cannot fail because its keys are strings.
fn value(view: &impl Serialize) -> Value {
    serde_json::to_value(view).unwrap_or_default()
}

#[cfg(test)]
mod tests;
