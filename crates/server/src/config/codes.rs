//! What the keys of all features with one-time codes have in common.

use portcullis_application::code::CodeStorage;

/// The values of keys that choose how codes are stored.
pub(super) const CODE_STORAGES: &[&str] = &["plain", "encrypted", "hashed"];

/// Returns the storage that one of [`CODE_STORAGES`] names.
pub(super) fn code_storage(name: &str) -> CodeStorage {
    match name {
        "encrypted" => CodeStorage::Encrypted,
        "hashed" => CodeStorage::Hashed,
        _ => CodeStorage::Plain,
    }
}
