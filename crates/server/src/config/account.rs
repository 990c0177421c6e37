//! Accounts by which users authenticate.

use super::{
    declare::boolean,
    key::{Declaration, Key},
    settings::Settings,
};

const ALLOW_UNLINKING_ALL: Key<bool> = boolean(
    "account.account_linking.allow_unlinking_all",
    "Let users unlink their last account. They cannot sign in afterwards.",
)
.or("false");

/// The keys, in the order of the documentation.
pub(super) const KEYS: &[&Declaration] = &[&ALLOW_UNLINKING_ALL.declaration];

/// Returns whether users may unlink their last account.
pub(super) fn may_unlink_all(settings: &Settings) -> bool {
    settings.get(&ALLOW_UNLINKING_ALL)
}
