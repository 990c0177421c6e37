//! Authorization URLs that Better Auth does not write in the common form.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use url::{Url, form_urlencoded::Serializer};

/// The characters that JavaScript's `encodeURIComponent` encodes.
const COMPONENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'!')
    .remove(b'~')
    .remove(b'*')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')');

/// Returns the URL with the parameters of these names first, in this order. The others follow, in their order.
pub(super) fn ordered(url: String, names: &[&str]) -> String {
    let Ok(mut parsed) = Url::parse(&url) else {
        return url;
    };
    let mut pairs: Vec<(String, String)> = parsed.query_pairs().into_owned().collect();
    let place = |name: &str| names.iter().position(|listed| *listed == name);
    pairs.sort_by_key(|(name, _)| place(name).unwrap_or(names.len()));
    let query = Serializer::new(String::new()).extend_pairs(pairs).finish();
    parsed.set_query(Some(&query));
    parsed.into()
}

/// Returns the endpoint with these parameters at the end of its query. The values are encoded already.
pub(super) fn with_encoded(endpoint: &str, parameters: &[(&str, String)]) -> String {
    let parameters: Vec<String> = parameters
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let separator = if endpoint.contains('?') { '&' } else { '?' };
    format!("{endpoint}{separator}{}", parameters.join("&"))
}

/// Returns a value as JavaScript's `encodeURIComponent` encodes it.
pub(super) fn encoded(value: &str) -> String {
    utf8_percent_encode(value, COMPONENT).to_string()
}

/// Returns scopes with a separator between them that is not encoded. Each scope is: otherwise a client could add
/// parameters to the URL with the scopes that it requests, as in Better Auth.
pub(super) fn encoded_scopes(scopes: &[String], separator: &str) -> String {
    let scopes: Vec<String> = scopes.iter().map(|scope| encoded(scope)).collect();
    scopes.join(separator)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_ordered_by_name() {
        let url = "https://op.example/auth?a=1&b=2+3&c=4".to_owned();
        assert_eq!(ordered(url, &["c", "b"]), "https://op.example/auth?c=4&b=2+3&a=1");
    }

    #[test]
    fn the_query_of_an_endpoint_stays() {
        let parameters = [("b", encoded("2 3/~"))];
        assert_eq!(
            with_encoded("https://op.example/", &parameters),
            "https://op.example/?b=2%203%2F~"
        );
        assert_eq!(
            with_encoded("https://op.example/?a=1", &parameters),
            "https://op.example/?a=1&b=2%203%2F~"
        );
    }

    #[test]
    fn a_client_adds_no_parameter_with_a_scope() {
        let scopes = ["openid", "x&prompt=none#"].map(str::to_owned);
        assert_eq!(encoded_scopes(&scopes, "+"), "openid+x%26prompt%3Dnone%23");
    }
}
