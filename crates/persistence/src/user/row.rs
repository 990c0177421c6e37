//! The row of a user.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use portcullis_application::ports::Failure;
use portcullis_domain::{
    additional::AdditionalFields,
    email::EmailAddress,
    id::UserId,
    user::{User, UserPatch},
};
use serde_json::json;

use crate::{
    additional::{Change, Columns, Insert, time},
    schema::users,
    stored_id::StoredId,
    text::reject_nul,
    timestamp::Timestamp,
};

/// A row to read, without the declared columns.
#[derive(Queryable, Selectable)]
#[diesel(table_name = users)]
pub(crate) struct Row {
    id: StoredId,
    name: String,
    email: String,
    email_verified: bool,
    image: Option<String>,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl Row {
    /// Returns the user of this row, with the values of the declared columns.
    pub(crate) fn into_user(self, additional: AdditionalFields) -> User {
        User {
            id: UserId::new(self.id.0),
            name: self.name,
            email: EmailAddress::from_stored(self.email),
            email_verified: self.email_verified,
            image: self.image,
            created_at: self.created_at.into(),
            updated_at: self.updated_at.into(),
            additional,
        }
    }
}

/// Returns the insertion of a user.
pub(super) fn insertion(user: &User, columns: &Columns) -> Result<Insert, Failure> {
    Insert::new(
        columns,
        &user.additional,
        [
            ("id", json!(user.id.as_str())),
            ("name", json!(user.name)),
            ("email", json!(user.email.as_str())),
            ("emailVerified", json!(user.email_verified)),
            ("image", json!(user.image)),
            ("createdAt", time(user.created_at)),
            ("updatedAt", time(user.updated_at)),
        ],
    )
}

/// The changes of an update.
pub(super) struct Changes {
    pub(super) core: CoreChanges,
    pub(super) declared: Change<users::table>,
}

/// Changes of the core columns. `None` leaves a column unchanged.
#[derive(AsChangeset)]
#[diesel(table_name = users)]
#[expect(
    clippy::option_option,
    reason = "diesel distinguishes writing NULL from no change"
)]
pub(super) struct CoreChanges {
    name: Option<String>,
    image: Option<Option<String>>,
    updated_at: DateTime<Utc>,
}

impl Changes {
    /// Creates the changes of a patch.
    pub(super) fn new(patch: &UserPatch, columns: &Columns, now: DateTime<Utc>) -> Result<Self, Failure> {
        reject_nul([patch.name.as_ref(), patch.image.as_ref().and_then(Option::as_ref)])?;
        Ok(Self {
            core: CoreChanges {
                name: patch.name.clone(),
                image: patch.image.clone(),
                updated_at: now,
            },
            declared: Change::new(columns.clone(), &patch.additional)?,
        })
    }
}
