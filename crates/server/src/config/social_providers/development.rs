//! The provider of development mode, with which developers try social sign-in without an account elsewhere.

use crate::config::{
    declare::boolean,
    key::{Declaration, Key},
    mode::Mode,
    settings::Settings,
};

/// The id of the provider.
pub(in crate::config) const ID: &str = "dev-oidc";

const ENABLED: Key<Option<bool>> = boolean(
    "dev.oidc",
    "In development, let developers sign in as any user with the provider `dev-oidc`, which is a part of this server.",
)
.otherwise("`true` in development; `true` is rejected in production");

/// The keys, in the order of the documentation.
pub(in crate::config) const KEYS: &[&Declaration] = &[&ENABLED.declaration];

/// Returns whether the provider exists.
pub(super) fn read(settings: &mut Settings, mode: Mode) -> bool {
    let given = settings.get(&ENABLED);
    if mode == Mode::Production {
        if given == Some(true) {
            settings.refuse(
                &ENABLED,
                format!("`{ENABLED}` is `true`, but in production it would let any client sign in as any user: remove it"),
            );
        }
        return false;
    }
    given.unwrap_or(true)
}
