//! Ids in columns of the type `text` or `uuid`.

use diesel::{
    deserialize::{self, FromSql, FromSqlRow},
    pg::{Pg, PgValue},
    sql_types::Text,
};
use uuid::Uuid;

/// PostgreSQL's number of the type `uuid`.
const UUID: u32 = 2950;

/// The id of a row. Better Auth's schema has ids of the type `text`; in an adopted database they may be of the type
/// `uuid`, which PostgreSQL sends as 16 bytes.
#[derive(Debug, FromSqlRow)]
pub(crate) struct StoredId(pub(crate) String);

impl FromSql<Text, Pg> for StoredId {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        if value.get_oid().get() == UUID {
            return Ok(Self(Uuid::from_slice(value.as_bytes())?.to_string()));
        }
        <String as FromSql<Text, Pg>>::from_sql(value).map(Self)
    }
}
