//! Sessions in the header `Authorization`.

use portcullis_http::BearerOptions;

use super::settings::Settings;

const SECTION: &str = "plugins.bearer";

/// How clients present their sessions without a cookie; none: they may not.
pub(super) fn read(settings: &Settings) -> Option<BearerOptions> {
    let is_on = settings
        .boolean("plugins.bearer.enabled")
        .unwrap_or_else(|| settings.has_section(SECTION));
    let require_signature = settings
        .boolean("plugins.bearer.require_signature")
        .unwrap_or_default();
    is_on.then_some(BearerOptions { require_signature })
}
