//! Which URLs are those of applications.

use url::Url;

use super::TrustedOrigins;

#[test]
fn an_application_is_trusted_only_by_a_pattern_that_names_its_scheme() {
    for (url, pattern, is_app) in [
        ("myapp://callback?a=b", "myapp://", true),
        ("MYAPP://callback", "myapp://", true),
        ("myapp://callback", "myapp://callback", true),
        ("myapp://evil", "myapp://callback", false),
        ("exp://10.0.0.1:8081/--/x", "exp://10.0.0.*:*/**", true),
        ("other://callback", "myapp://", false),
        ("other://a.example.com", "*://a.example.com", false),
        ("httpx://a.example.com", "http*://*.example.com", false),
        ("https://a.example.com", "https://*.example.com", false),
        ("https://a.example.com", "https://a.example.com", false),
        ("http://a.example.com", "http*://*.example.com", false),
        ("https://a.example.com", "*", false),
        ("javascript://x", "javascript://", false),
        ("data://x", "data://", false),
    ] {
        let url = Url::parse(url).unwrap();
        assert_eq!(
            TrustedOrigins::new(vec![pattern.to_owned()]).trusts_app(&url),
            is_app,
            "{url} by {pattern}"
        );
    }
}
