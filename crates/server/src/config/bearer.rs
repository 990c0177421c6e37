//! Session tokens in the header `Authorization`.

use portcullis_http::BearerOptions;

use super::{
    declare::boolean,
    key::{Declaration, Key},
    settings::Settings,
};

const SECTION: &str = "plugins.bearer";

const ENABLED: Key<Option<bool>> = boolean("plugins.bearer.enabled", "Accept session tokens in the `Authorization` header, and return new ones in the `set-auth-token` header.").otherwise("`true` if there is a section `[plugins.bearer]`, even an empty one");
const REQUIRE_SIGNATURE: Key<bool> = boolean(
    "plugins.bearer.require_signature",
    "Accept session tokens only with their signature, as in the session cookie.",
)
.or("false");

/// The keys, in the order of the documentation.
pub(super) const KEYS: &[&Declaration] = &[&ENABLED.declaration, &REQUIRE_SIGNATURE.declaration];

/// Returns the options of bearer tokens, or `None` if they are disabled.
pub(super) fn read(settings: &Settings) -> Option<BearerOptions> {
    let is_on = settings.enables(&ENABLED, SECTION);
    let require_signature = settings.get(&REQUIRE_SIGNATURE);
    is_on.then_some(BearerOptions { require_signature })
}

/// Whether callers may present session tokens without a signature.
pub(super) fn accepts_unsigned(options: Option<BearerOptions>) -> bool {
    options.is_some_and(|options| !options.require_signature)
}
