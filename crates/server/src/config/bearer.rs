//! Session tokens in the header `Authorization`.

use portcullis_http::BearerOptions;

use super::settings::Settings;

const SECTION: &str = "plugins.bearer";

/// Returns the options of bearer tokens, or `None` if they are disabled.
pub(super) fn read(settings: &Settings) -> Option<BearerOptions> {
    let is_on = settings
        .boolean("plugins.bearer.enabled")
        .unwrap_or_else(|| settings.has_section(SECTION));
    let require_signature = settings
        .boolean("plugins.bearer.require_signature")
        .unwrap_or_default();
    is_on.then_some(BearerOptions { require_signature })
}
