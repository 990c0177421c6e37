//! The JSON of a session.

use portcullis_domain::session::Session;
use schemars::JsonSchema;
use serde::Serialize;

use super::{Shown, date::Date};

/// The JSON of a session.
#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "Session", description = "A session")]
pub(crate) struct SessionView<'a> {
    expires_at: Date,
    token: &'a str,
    created_at: Date,
    updated_at: Date,
    ip_address: Option<&'a str>,
    user_agent: Option<&'a str>,
    user_id: &'a str,
    #[serde(flatten)]
    additional: Shown<'a>,
    id: &'a str,
}

impl<'a> SessionView<'a> {
    pub(super) fn new(session: &'a Session, additional: Shown<'a>) -> Self {
        Self {
            expires_at: session.expires_at.into(),
            token: session.token.expose(),
            created_at: session.created_at.into(),
            updated_at: session.updated_at.into(),
            ip_address: session.ip_address.as_deref(),
            user_agent: session.user_agent.as_deref(),
            user_id: session.user_id.as_str(),
            additional,
            id: session.id.as_str(),
        }
    }
}
