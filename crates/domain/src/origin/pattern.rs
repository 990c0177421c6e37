//! One entry of the list of trusted origins.

use url::Url;

use crate::glob;

/// One entry of the list of trusted origins, taken apart as a URL is.
#[derive(Clone, Debug)]
pub(super) struct Pattern {
    text: String,
    form: Form,
}

#[derive(Clone, Debug)]
enum Form {
    /// An origin of the web, to the letter.
    Origin,
    /// No origin as browsers write it, so it matches none.
    Nothing,
    /// The host and port of any origin of the web, with wildcards.
    Host,
    /// Anything with a scheme, perhaps with wildcards.
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
                    Form::Nothing
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

    /// Whether this is the very origin that the pattern is.
    pub(super) fn is(&self, origin: &str) -> bool {
        matches!(self.form, Form::Origin) && self.text == origin
    }

    pub(super) fn matches(&self, url: &Url) -> bool {
        let is_web = matches!(url.scheme(), "http" | "https");
        match &self.form {
            Form::Nothing => false,
            Form::Origin => is_web && url.origin().ascii_serialization() == self.text,
            Form::Host => is_web && glob::matches(&self.text, &authority(url)),
            Form::Parts {
                scheme,
                authority: place,
                path,
            } => {
                glob::matches(scheme, url.scheme())
                    && if is_web {
                        // An origin has no path, so a pattern that asks for one matches none.
                        matches!(path.as_str(), "" | "/**") && glob::matches(place, &authority(url))
                    } else {
                        is_custom(url, place, path)
                    }
            }
        }
    }
}

/// Whether a URL of a custom scheme leads to this place. Where none is named, the scheme alone decides.
fn is_custom(url: &Url, place: &str, path: &str) -> bool {
    if !url.as_str()[url.scheme().len()..].starts_with("://") {
        return false;
    }
    let is_place = place.is_empty() && path.is_empty() || glob::matches(place, &authority(url));
    // `/**` is every path, also none at all: `exp://host:8081` of a development server of Expo's.
    is_place && (matches!(path, "" | "/**") || glob::matches(path, url.path()))
}

/// Host and port; the port only where it is not the scheme's own.
fn authority(url: &Url) -> String {
    url[url::Position::BeforeHost..url::Position::AfterPort].to_owned()
}
