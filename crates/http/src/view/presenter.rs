//! The JSON of users and sessions, with the additional fields that clients may see.

use portcullis_application::client_token::ActiveSession;
use portcullis_domain::{additional::FieldSchema, session::Session, user::User};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

use super::{Shown, session::SessionView, user::UserView};

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

/// Serialises a view, which cannot fail because its keys are strings.
fn value(view: &impl Serialize) -> Value {
    serde_json::to_value(view).unwrap_or_default()
}
