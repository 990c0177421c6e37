//! What features contribute to the check of origins.

use portcullis_http::OriginHeaders;

use super::{expo, mode::Mode, settings::Settings};

/// The contributions of all features.
pub(super) struct FeatureOrigins {
    /// Trusted origins, in addition to those that the deployment lists.
    pub(super) trusted: Vec<String>,
    /// The headers in which requests name their origin.
    pub(super) headers: OriginHeaders,
}

/// Reads the contributions of the enabled features.
pub(super) fn read(settings: &Settings, mode: Mode) -> FeatureOrigins {
    FeatureOrigins {
        trusted: expo::trusted_origins(settings, mode).into_iter().collect(),
        headers: expo::origin_headers(settings, OriginHeaders::default()),
    }
}
