//! Callback URLs with a parameter that reports the outcome, in Better Auth's two forms.

use url::Url;

use crate::options::Options;

/// Returns the callback as it was sent, with the parameter appended at its very end.
pub(crate) fn appended(callback: &str, name: &str, value: &str) -> String {
    let mark = if callback.contains('?') { '&' } else { '?' };
    format!("{callback}{mark}{name}={value}")
}

/// Returns the callback as an absolute URL with the parameter set; an existing parameter of this name is replaced.
/// `None` if the callback is not a URL, which cannot happen for a trusted one.
pub(crate) fn resolved(options: &Options, callback: &str, name: &str, value: &str) -> Option<String> {
    let mut url = options.base_url.join(callback).ok()?;
    set(&mut url, name, value);
    Some(url.into())
}

/// Returns the URL of the page that shows the error to users whose link has no callback.
pub(crate) fn error_page(options: &Options, error: &str) -> String {
    let mut url = options.base_url.clone();
    url.set_path(&format!("{}/error", options.base_path.trim_end_matches('/')));
    set(&mut url, "error", error);
    url.into()
}

/// Sets the parameter like JavaScript's `searchParams.set`: the first one of the name gets the value, and later ones
/// are removed.
pub(crate) fn set(url: &mut Url, name: &str, value: &str) {
    let mut pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    let place = pairs.iter().position(|(key, _value)| key == name);
    pairs.retain(|(key, _value)| key != name);
    let place = place.unwrap_or(pairs.len());
    pairs.insert(place, (name.to_owned(), value.to_owned()));
    url.query_pairs_mut().clear().extend_pairs(pairs);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::options;

    #[test]
    fn a_parameter_is_appended_without_changing_the_callback() {
        assert_eq!(appended("/x", "error", "e"), "/x?error=e");
        assert_eq!(appended("/x?a=b#c", "error", "e"), "/x?a=b#c&error=e");
    }

    #[test]
    fn a_parameter_replaces_those_of_the_same_name_in_an_absolute_url() {
        let with_error = |callback: &str| resolved(&options(), callback, "error", "INVALID_TOKEN").unwrap();
        for (callback, url) in [
            ("/x?a=b%20c", "http://localhost:3000/x?a=b+c&error=INVALID_TOKEN"),
            (
                "http://localhost:5173/x?error=1&b=~%2A&error=2#frag",
                "http://localhost:5173/x?error=INVALID_TOKEN&b=%7E*#frag",
            ),
            ("/", "http://localhost:3000/?error=INVALID_TOKEN"),
        ] {
            assert_eq!(with_error(callback), url);
        }
        assert_eq!(resolved(&options(), "https://[", "error", "x"), None);
    }

    #[test]
    fn the_error_page_is_below_the_base_path() {
        assert_eq!(
            error_page(&options(), "INVALID_TOKEN"),
            "http://localhost:3000/api/auth/error?error=INVALID_TOKEN"
        );
    }
}
