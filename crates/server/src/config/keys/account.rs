//! The keys of accounts.

use super::{Key, Kind, Value, key};

pub(super) static KEYS: &[Key] = &[key(
    "account.account_linking.allow_unlinking_all",
    Kind::Boolean,
    Value("false"),
    "Let users unlink their last account. They cannot sign in afterwards.",
)];
