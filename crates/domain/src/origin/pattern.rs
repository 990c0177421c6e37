//! One entry of the list of trusted origins.

use url::Url;

use crate::glob;

/// One entry of the list of trusted origins, split into the parts of a URL.
#[derive(Clone, Debug)]
pub(super) struct Pattern {
    text: String,
    form: Form,
}

#[derive(Clone, Debug)]
enum Form {
    /// An HTTP or HTTPS origin that must be equal.
    Origin,
    /// An entry that is not in the form of browsers' origins, so it matches nothing.
    Invalid,
    /// The host and port of any HTTP or HTTPS origin, with wildcards.
    Host,
    /// An entry with wildcards or a custom scheme.
    Parts {
        scheme: String,
        authority: String,
        path: String,
    },
}

impl Pattern {
    pub(super) fn parse(text: String) -> Self {
        let has_wildcards = text.contains(['*', '?']);
        let form = match text.split_once("://") {
            Some(("http" | "https", _)) | None if !has_wildcards => {
                if Url::parse(&text).is_ok_and(|url| url.origin().ascii_serialization() == text) {
                    Form::Origin
                } else {
                    Form::Invalid
                }
            }
            None => Form::Host,
            Some((scheme, rest)) => {
                let slash = rest.find('/').unwrap_or(rest.len());
                let (authority, path) = rest.split_at(slash);
                Form::Parts {
                    scheme: scheme.to_owned(),
                    authority: authority.to_owned(),
                    path: path.to_owned(),
                }
            }
        };
        Self { text, form }
    }

    /// Whether the pattern is exactly this origin.
    pub(super) fn is(&self, origin: &str) -> bool {
        matches!(self.form, Form::Origin) && self.text == origin
    }

    pub(super) fn matches(&self, url: &Url) -> bool {
        let is_web = matches!(url.scheme(), "http" | "https");
        match &self.form {
            Form::Invalid => false,
            Form::Origin => is_web && url.origin().ascii_serialization() == self.text,
            Form::Host => is_web && glob::matches(&self.text, &authority(url)),
            Form::Parts {
                scheme,
                authority: place,
                path,
            } => {
                glob::matches(scheme, url.scheme())
                    && if is_web {
                        // An origin has no path, so a pattern with a path matches none.
                        matches!(path.as_str(), "" | "/**") && glob::matches(place, &authority(url))
                    } else {
                        is_custom(url, place, path)
                    }
            }
        }
    }
}

/// Whether a URL of a custom scheme matches the authority and path. If both are empty, only the scheme decides.
fn is_custom(url: &Url, place: &str, path: &str) -> bool {
    if !url.as_str()[url.scheme().len()..].starts_with("://") {
        return false;
    }
    let is_place = place.is_empty() && path.is_empty() || glob::matches(place, &authority(url));
    // `/**` matches every path, also an empty one: `exp://host:8081` of an Expo development server.
    is_place && (matches!(path, "" | "/**") || glob::matches(path, url.path()))
}

/// Returns the host, and the port if it is not the scheme's default.
fn authority(url: &Url) -> String {
    url[url::Position::BeforeHost..url::Position::AfterPort].to_owned()
}
