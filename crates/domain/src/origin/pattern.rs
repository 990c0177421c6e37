//! One entry of the list of trusted origins.

use url::{Position, Url};

use super::{
    parts::{Parts, authority},
    wildcard::Wildcards,
};

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

/// Returns the texts that a pattern with wildcards must match: the origin, or the whole URL if the scheme is a custom
/// one. Without its query and fragment it must match, too, since a wildcard of the path must not match them.
fn sample(url: &Url) -> Vec<String> {
    if url.origin().is_tuple() {
        vec![url.origin().ascii_serialization()]
    } else {
        vec![url.as_str().to_owned(), url[..Position::AfterPath].to_owned()]
    }
}
