//! Where people are sent when something is done, and what is told there: in the reference's two manners.

use url::Url;

use crate::options::Options;

/// The callback as it was sent, with a parameter at its very end.
pub(crate) fn appended(callback: &str, name: &str, value: &str) -> String {
    let mark = if callback.contains('?') { '&' } else { '?' };
    format!("{callback}{mark}{name}={value}")
}

/// The callback as a whole URL, with a parameter among those that it has: one of the same name gives way. None where
/// the callback is no URL, which no trusted one is.
pub(crate) fn resolved(options: &Options, callback: &str, name: &str, value: &str) -> Option<String> {
    let mut url = options.base_url.join(callback).ok()?;
    set(&mut url, name, value);
    Some(url.into())
}

/// The page where people are told what went wrong who have no callback to go to.
pub(crate) fn error_page(options: &Options, error: &str) -> String {
    let mut url = options.base_url.clone();
    url.set_path(&format!("{}/error", options.base_path.trim_end_matches('/')));
    set(&mut url, "error", error);
    url.into()
}

/// As JavaScript's `searchParams.set` does it: the first of the name gets the value, and later ones go.
fn set(url: &mut Url, name: &str, value: &str) {
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
    fn a_parameter_is_appended_to_the_letter() {
        assert_eq!(appended("/x", "error", "e"), "/x?error=e");
        assert_eq!(appended("/x?a=b#c", "error", "e"), "/x?a=b#c&error=e");
    }

    #[test]
    fn a_parameter_takes_its_place_in_a_whole_url() {
        let told = |callback: &str| resolved(&options(), callback, "error", "INVALID_TOKEN").unwrap();
        for (callback, url) in [
            ("/x?a=b%20c", "http://localhost:3000/x?a=b+c&error=INVALID_TOKEN"),
            (
                "http://localhost:5173/x?error=1&b=~%2A&error=2#frag",
                "http://localhost:5173/x?error=INVALID_TOKEN&b=%7E*#frag",
            ),
            ("/", "http://localhost:3000/?error=INVALID_TOKEN"),
        ] {
            assert_eq!(told(callback), url);
        }
        assert_eq!(resolved(&options(), "https://[", "error", "x"), None);
    }

    #[test]
    fn without_a_callback_there_is_the_error_page() {
        assert_eq!(
            error_page(&options(), "INVALID_TOKEN"),
            "http://localhost:3000/api/auth/error?error=INVALID_TOKEN"
        );
    }
}
