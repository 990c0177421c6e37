//! Expo applications.

use portcullis_http::{Expo, OriginHeaders};

use super::{
    declare::boolean,
    key::{Declaration, Key},
    mode::Mode,
    settings::Settings,
};

const SECTION: &str = "plugins.expo";
/// The header in which Expo applications name their scheme: they cannot set `Origin`.
const ORIGIN_HEADER: &str = "expo-origin";
/// The scheme of applications that run in Expo Go.
const EXPO_GO: &str = "exp://";

const ENABLED: Key<Option<bool>> = boolean(
    "plugins.expo.enabled",
    "Let Expo applications use the server: read `expo-origin`, pass cookies to applications by deep link, and serve the authorization proxy. In development, also trust `exp://`.",
)
.otherwise("`true` if there is a section `[plugins.expo]`, even an empty one");
const DISABLE_ORIGIN_OVERRIDE: Key<bool> = boolean(
    "plugins.expo.disable_origin_override",
    "Ignore the header `expo-origin`.",
)
.or("false");

/// The keys, in the order of the documentation.
pub(super) const KEYS: &[&Declaration] = &[&ENABLED.declaration, &DISABLE_ORIGIN_OVERRIDE.declaration];

/// Returns the support of Expo applications, or `None` if it is disabled.
pub(super) fn read(settings: &Settings) -> Option<Expo> {
    let is_on = settings.enables(&ENABLED, SECTION);
    is_on.then_some(Expo)
}

/// Returns the origins that are trusted for Expo applications.
pub(super) fn trusted_origins(settings: &Settings, mode: Mode) -> Option<String> {
    let is_trusted = read(settings).is_some() && mode == Mode::Development;
    is_trusted.then(|| EXPO_GO.to_owned())
}

/// Adds the header in which Expo applications name their origin.
pub(super) fn origin_headers(settings: &Settings, names: OriginHeaders) -> OriginHeaders {
    let is_disabled = settings.get(&DISABLE_ORIGIN_OVERRIDE);
    if read(settings).is_some() && !is_disabled {
        names.or(ORIGIN_HEADER)
    } else {
        names
    }
}
