//! The row of a passkey.

use diesel::prelude::*;
use portcullis_application::ports::Failure;
use portcullis_domain::{
    id::UserId,
    passkey::{Passkey, PasskeyId},
};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::{
    additional::{Insert, time},
    schema::passkeys,
    stored_id::StoredId,
    timestamp::Timestamp,
};

/// A row to read.
#[derive(Queryable, Selectable)]
#[diesel(table_name = passkeys)]
pub(super) struct Row {
    id: StoredId,
    name: Option<String>,
    public_key: String,
    user_id: StoredId,
    credential_id: String,
    counter: i32,
    device_type: String,
    backed_up: bool,
    transports: Option<String>,
    created_at: Option<Timestamp>,
    aaguid: Option<String>,
}

impl From<Row> for Passkey {
    fn from(row: Row) -> Self {
        Self {
            id: PasskeyId::new(row.id.0),
            name: row.name,
            public_key: row.public_key,
            user_id: UserId::new(row.user_id.0),
            credential_id: row.credential_id,
            counter: row.counter,
            device_type: row.device_type,
            is_backed_up: row.backed_up,
            transports: row.transports,
            created_at: row.created_at.map(Into::into),
            aaguid: row.aaguid,
        }
    }
}

/// Returns the insertion of a passkey.
pub(super) fn insertion(passkey: &Passkey) -> Result<Insert, Failure> {
    Insert::into(
        "passkey",
        [
            ("id", json!(passkey.id.as_str())),
            ("name", json!(passkey.name)),
            ("publicKey", json!(passkey.public_key)),
            ("userId", json!(passkey.user_id.as_str())),
            ("credentialID", json!(passkey.credential_id)),
            ("counter", json!(passkey.counter)),
            ("deviceType", json!(passkey.device_type)),
            ("backedUp", json!(passkey.is_backed_up)),
            ("transports", json!(passkey.transports)),
            ("createdAt", json!(passkey.created_at.map(time))),
            ("aaguid", json!(passkey.aaguid)),
        ],
    )
}

/// Returns the key of the lock on a passkey's credential id. Two ids with the same key only wait for each other.
pub(super) fn lock_key(passkey: &Passkey) -> i64 {
    let hash: [u8; 32] = Sha256::digest(format!("passkey:{}", passkey.credential_id)).into();
    i64::from_be_bytes(hash.first_chunk().copied().unwrap_or_default())
}
