//! The keys of accounts.

use super::{Key, Kind, Value, key};

pub(super) static KEYS: &[Key] = &[key(
    "account.account_linking.allow_unlinking_all",
    Kind::Boolean,
    Value("false"),
    "Whether users may give up their last account, after which they cannot sign in any more.",
)];
