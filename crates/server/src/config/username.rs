//! User names.

use portcullis_domain::{
    additional::FieldDefinition,
    username::{self, UsernamePolicy},
};

use super::{
    declare::{boolean, number},
    key::{Declaration, Key, Range},
    settings::Settings,
    tables::Schema,
};

const SECTION: &str = "plugins.username";
const UNITS: &str = "UTF-16 code units";
const LONGEST: u64 = 255;

const ENABLED: Key<Option<bool>> = boolean(
    "plugins.username.enabled",
    "Let users have a user name, and sign in with it.",
)
.otherwise("`true` if there is a section `[plugins.username]`, even an empty one, but not if it only contains `schema`");
const MIN_LENGTH: Key<usize> = number(
    "plugins.username.min_username_length",
    Range::new(1, LONGEST, UNITS),
    "Minimum length of a user name.",
)
.or("3");
const MAX_LENGTH: Key<usize> = number(
    "plugins.username.max_username_length",
    Range::new(1, LONGEST, UNITS),
    "Maximum length of a user name.",
)
.or("30");
const NORMALIZATION: Key<bool> = boolean(
    "plugins.username.username_normalization",
    "Store user names in lower case, so that `Alice` and `alice` are one name. If `false`, they are two. \
     If you change it to `true`, users whose stored names contain capitals can no longer sign in by name.",
)
.or("true");
pub(super) const SCHEMA: Schema = Schema::new("plugins.username.schema", &[], username::user_fields);

/// The keys, in the order of the documentation.
pub(super) const KEYS: &[&Declaration] = &[
    &ENABLED.declaration,
    &MIN_LENGTH.declaration,
    &MAX_LENGTH.declaration,
    &NORMALIZATION.declaration,
    &SCHEMA.key.declaration,
];

fn is_on(settings: &Settings) -> bool {
    settings.enables(&ENABLED, SECTION)
}

/// Returns the fields that the plugin adds to users, if it is enabled.
pub(super) fn user_fields(settings: &Settings) -> Vec<FieldDefinition> {
    if is_on(settings) {
        username::user_fields()
    } else {
        Vec::new()
    }
}

/// Returns the policy of user names, or `None` if users have no user names.
pub(super) fn read(settings: &mut Settings) -> Option<UsernamePolicy> {
    let policy = UsernamePolicy {
        min_length: settings.get(&MIN_LENGTH),
        max_length: settings.get(&MAX_LENGTH),
        ignores_case: settings.get(&NORMALIZATION),
    };
    if policy.min_length > policy.max_length {
        settings.refuse(
            &MIN_LENGTH,
            format!("`{MIN_LENGTH}` must not be greater than `{MAX_LENGTH}`"),
        );
    }
    is_on(settings).then_some(policy)
}
