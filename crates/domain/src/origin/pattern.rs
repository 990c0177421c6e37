//! One entry of the list of trusted origins.

use url::{Position, Url};

use super::wildcard::Wildcards;
use crate::glob;

/// The origin of pages that have none, as browsers send it.
const NULL: &str = "null";

/// One entry of the list of trusted origins, split into the parts of a URL.
#[derive(Clone, Debug)]
pub(super) struct Pattern {
    text: String,
    form: Form,
}

#[derive(Clone, Debug)]
enum Form {
    /// The text must be equal: an HTTP or HTTPS origin, or [`NULL`].
    Origin,
    /// An entry that is not in the form of browsers' origins, so it matches nothing.
    Invalid,
    /// The host and port of any HTTP or HTTPS origin, with wildcards.
    Host(Wildcards),
    /// A custom scheme without wildcards.
    Custom(Parts),
    /// An entry with wildcards and a scheme.
    Wildcards(Parts, Wildcards),
}

#[derive(Clone, Debug)]
struct Parts {
    scheme: String,
    authority: String,
    path: String,
}

impl Pattern {
    pub(super) fn parse(text: String) -> Self {
        let has_wildcards = text.contains(['*', '?']);
        let form = match text.split_once("://") {
            Some(("http" | "https", _)) | None if !has_wildcards => {
                if text == NULL
                    || Url::parse(&text).is_ok_and(|url| url.origin().ascii_serialization() == text)
                {
                    Form::Origin
                } else {
                    Form::Invalid
                }
            }
            None => Form::Host(Wildcards::parse(&text)),
            Some((scheme, rest)) => {
                let parts = Parts::new(scheme, rest);
                if has_wildcards {
                    Form::Wildcards(parts, Wildcards::parse(&text))
                } else {
                    Form::Custom(parts)
                }
            }
        };
        Self { text, form }
    }

    /// Returns the pattern as it was given.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Whether the pattern is exactly this origin.
    pub(super) fn is(&self, origin: &str) -> bool {
        matches!(self.form, Form::Origin) && self.text == origin
    }

    /// Whether the pattern contains a whole scheme, without wildcards.
    pub(super) fn names_scheme(&self) -> bool {
        matches!(&self.form, Form::Custom(parts) | Form::Wildcards(parts, _) if !parts.scheme.contains(['*', '?']))
    }

    pub(super) fn matches(&self, url: &Url) -> bool {
        let is_web = matches!(url.scheme(), "http" | "https");
        match &self.form {
            Form::Invalid => false,
            Form::Origin => is_web && url.origin().ascii_serialization() == self.text,
            Form::Host(wildcards) => is_web && wildcards.matches(authority(url)),
            Form::Custom(parts) => parts.include(url),
            Form::Wildcards(parts, wildcards) => {
                parts.surround(url) && sample(url).iter().all(|text| wildcards.matches(text))
            }
        }
    }
}

impl Parts {
    fn new(scheme: &str, rest: &str) -> Self {
        let slash = rest.find('/').unwrap_or(rest.len());
        let (authority, path) = rest.split_at(slash);
        Self {
            scheme: scheme.to_owned(),
            authority: authority.to_owned(),
            path: path.to_owned(),
        }
    }

    /// Whether a URL is below these parts. If authority and path are empty, only the scheme decides.
    fn include(&self, url: &Url) -> bool {
        if self.scheme != url.scheme() || !has_authority(url) {
            return false;
        }
        let is_scheme_only = self.authority.is_empty() && self.path.is_empty();
        is_scheme_only
            || self.authority == authority(url) && !has_credentials(url) && is_below(&self.path, url.path())
    }

    /// Whether the wildcards of each part match the part of the URL: the whole text could match across parts.
    fn surround(&self, url: &Url) -> bool {
        // A wildcard is not meant for the files of the local machine.
        let is_scheme =
            glob::matches(&self.scheme, url.scheme()) && (url.scheme() != "file" || self.scheme == "file");
        let is_plain = url.origin().is_tuple() || has_authority(url) && !has_credentials(url);
        is_scheme && is_plain && glob::matches(&self.authority, authority(url))
    }
}

/// Returns the texts that a pattern with wildcards must match: the origin, or the whole URL if the scheme is a custom
/// one. Without its query and fragment it must match, too, since a wildcard of the path must not match them.
fn sample(url: &Url) -> Vec<String> {
    if url.origin().is_tuple() {
        vec![url.origin().ascii_serialization()]
    } else {
        vec![url.as_str().to_owned(), url[..Position::AfterPath].to_owned()]
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
fn authority(url: &Url) -> &str {
    &url[Position::BeforeHost..Position::AfterPort]
}
