//! Rate limits: not built yet, and nobody may believe that they were.

use super::{mode::Mode, settings::Settings};

pub(super) fn read(settings: &mut Settings, mode: Mode) {
    match settings.boolean("rate_limit.enabled") {
        Some(true) => settings.refuse(
            "rate_limit.enabled",
            "`rate_limit.enabled`: rate limits are not built yet; set it to `false` and limit requests before the server",
        ),
        None if mode == Mode::Production && !settings.is_given("rate_limit.enabled") => settings.refuse(
            "rate_limit.enabled",
            "`rate_limit.enabled` must be `false` in production for now: rate limits are on there by default, but not \
             built yet; limit requests before the server (PORTCULLIS_RATE_LIMIT__ENABLED=false)",
        ),
        Some(false) | None => {}
    }
}
