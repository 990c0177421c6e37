//! Scheme, authority and path of a pattern.

use url::{Position, Url};

use crate::glob;

/// The parts of a pattern, and the URLs that they match.
#[derive(Clone, Debug)]
pub(super) struct Parts {
    pub(super) scheme: String,
    authority: String,
    path: String,
}

impl Parts {
    pub(super) fn new(scheme: &str, rest: &str) -> Self {
        let slash = rest.find('/').unwrap_or(rest.len());
        let (authority, path) = rest.split_at(slash);
        Self {
            scheme: scheme.to_owned(),
            authority: authority.to_owned(),
            path: path.to_owned(),
        }
    }

    /// Whether a URL is below these parts. If authority and path are empty, only the scheme decides.
    pub(super) fn include(&self, url: &Url) -> bool {
        if self.scheme != url.scheme() || !has_authority(url) {
            return false;
        }
        let is_scheme_only = self.authority.is_empty() && self.path.is_empty();
        is_scheme_only
            || self.authority == authority(url) && !has_credentials(url) && is_below(&self.path, url.path())
    }

    /// Whether the wildcards of each part match the part of the URL: the whole text could match across parts.
    pub(super) fn surround(&self, url: &Url) -> bool {
        // A wildcard is not meant for the files of the local machine.
        let is_scheme =
            glob::matches(&self.scheme, url.scheme()) && (url.scheme() != "file" || self.scheme == "file");
        let is_plain = url.origin().is_tuple() || has_authority(url) && !has_credentials(url);
        is_scheme && is_plain && glob::matches(&self.authority, authority(url))
    }
}

/// Whether a path is the other or below it.
fn is_below(folder: &str, path: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| {
        rest.is_empty() || folder.is_empty() || folder.ends_with('/') || rest.starts_with('/')
    })
}

fn has_authority(url: &Url) -> bool {
    url.as_str()
        .strip_prefix(url.scheme())
        .is_some_and(|rest| rest.starts_with("://"))
}

fn has_credentials(url: &Url) -> bool {
    !url.username().is_empty() || url.password().is_some()
}

/// Returns the host, and the port if it is not the scheme's default.
pub(super) fn authority(url: &Url) -> &str {
    &url[Position::BeforeHost..Position::AfterPort]
}
