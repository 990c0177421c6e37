//! The lock on an id at a provider.

use diesel::{prelude::*, sql_query, sql_types::BigInt};
use sha2::{Digest, Sha256};

/// Waits for the lock. It is held until the transaction ends, so it also works behind a pooler.
pub(super) fn lock(connection: &mut PgConnection, key: i64) -> QueryResult<usize> {
    sql_query("SELECT pg_advisory_xact_lock($1)")
        .bind::<BigInt, _>(key)
        .execute(connection)
}

/// Returns the key of the lock on an id. Two ids with the same key only wait for each other.
pub(super) fn key(provider_id: &str, account_id: &str) -> i64 {
    // The length separates the two texts.
    let identity = format!("{}:{provider_id}{account_id}", provider_id.len());
    let hash: [u8; 32] = Sha256::digest(identity).into();
    let first = hash.first_chunk().copied().unwrap_or_default();
    i64::from_be_bytes(first)
}

#[cfg(test)]
mod tests {
    use super::key;

    #[test]
    fn each_id_at_each_provider_has_its_own_lock() {
        let keys = [
            key("github", "1"),
            key("github1", ""),
            key("", "github1"),
            key("google", "1"),
        ];
        for (index, one) in keys.iter().enumerate() {
            assert_eq!(keys.iter().position(|other| other == one), Some(index));
        }
        assert_eq!(key("github", "1"), keys[0]);
    }
}
