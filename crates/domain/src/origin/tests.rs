use proptest::prelude::*;

use super::*;

const OWN: &str = "http://localhost:3000";

/// The trusted origins of the deployment in the redirect tests.
fn deployment() -> TrustedOrigins {
    trusting(&[OWN, "http://localhost:5173", "https://*.example.com", "myapp://"])
}

fn trusting(patterns: &[&str]) -> TrustedOrigins {
    TrustedOrigins::new(patterns.iter().map(|&pattern| pattern.to_owned()).collect())
}

#[test]
fn a_pattern_matches_the_urls_of_its_form() {
    for (url, pattern, is_trusted) in [
        ("https://a.b.example.com", "https://*.example.com", true),
        ("https://example.com", "https://*.example.com", false),
        ("https://a.example.com:8443", "https://*.example.com", false),
        ("https://a.example.com:8443", "*.example.com:*", true),
        ("https://a.example.com", "*.example.com", true),
        ("https://a.example.com", "*.example.com:*", false),
        ("https://ab.example.com", "https://a?.example.com", true),
        ("https://abc.example.com", "https://a?.example.com", false),
        ("http://localhost:3000", "http://localhost:*", true),
        ("http://localhost", "http://localhost:*", false),
        ("myapp://cb", "myapp://", true),
        ("myapp://", "myapp://", true),
        ("myapp:///cb", "myapp://", true),
        ("exp://10.0.0.1:8081/--/x", "exp://10.0.0.*:*/**", true),
        ("exp://10.0.0.1:8081", "exp://10.0.0.*:*/**", true),
        ("exp://10.0.0.1:8081?a", "exp://10.0.0.*:*/**", true),
        ("exp://10.0.1.1:8081", "exp://10.0.0.*:*/**", false),
        ("exp://10.0.1.1:8081/--/x", "exp://10.0.0.*:*/**", false),
        ("https://A.com", "https://a.com", true),
        ("https://a.com:443/p", "https://a.com", true),
        ("https://user:pw@a.com", "https://a.com", true),
        ("https://a.com/x?y#z", "https://a.com", true),
        ("https://a.com", "https://a.com/", false),
        ("https://a.com/x", "https://a.com/x", false),
        ("http://a.com", "https://a.com", false),
        ("javascript:alert(1)", "*", false),
        ("https://anything.test:1", "*", true),
        ("https://a.example.com/x", "https://*.example.com/**", true),
        ("https://a.com", "", false),
        ("a.com", "a.com", false),
    ] {
        let trusted = trusting(&[pattern]);
        assert_eq!(trusted.trusts_origin(url), is_trusted, "{url} by {pattern}");
        assert_eq!(trusted.trusts_redirect(url), is_trusted, "{url} by {pattern}");
    }
}

#[test]
fn a_wildcard_does_not_reach_beyond_its_part_of_the_url() {
    for (url, pattern) in [
        ("https://a.example.com.evil.test", "https://*.example.com/**"),
        ("https://evil.test/.example.com", "https://*.example.com"),
        ("https://evil.test/.example.com", "https://*.example.com/**"),
        ("myapp://evil?.example.com", "myapp://*.example.com"),
        ("myapp://evil#.example.com", "myapp://*.example.com"),
        ("myapp://evil/.example.com", "myapp://*.example.com"),
        ("myapp://a.example.com@evil", "myapp://*.example.com"),
        ("blob:https://a.example.com/1", "https://*.example.com"),
        ("javascript://a.example.com/%0aalert(1)", "*://*.example.com"),
    ] {
        assert!(!trusting(&[pattern]).trusts_redirect(url), "{url} by {pattern}");
    }
}

#[test]
fn a_custom_scheme_is_narrowed_by_authority_and_path() {
    for (url, pattern, is_trusted) in [
        ("myapp://x", "myapp://x", true),
        ("myapp://x/y?z", "myapp://x", true),
        ("myapp://x.evil", "myapp://x", false),
        ("myapp://x:1", "myapp://x", false),
        ("myapp://x@evil", "myapp://x", false),
        ("myappevil://x", "myapp://", false),
        ("myapp:evil", "myapp://", false),
        ("myapp:/evil", "myapp://", false),
        ("MYAPP://x", "myapp://x", true),
        ("myapp://x/y", "myapp://x/y", true),
        ("myapp://x/y?z#a", "myapp://x/y", true),
        ("myapp://x/z", "myapp://x/y", false),
        ("myapp://x/y/../z", "myapp://x/y*", false),
        ("javascript://x", "javascript://", false),
        ("data://x", "data://", false),
    ] {
        assert_eq!(
            trusting(&[pattern]).trusts_redirect(url),
            is_trusted,
            "{url} by {pattern}"
        );
    }
}

#[test]
fn own_paths_and_trusted_urls_are_trusted_redirects() {
    for url in [
        "/ok",
        "/",
        "/a?b=c",
        "/x?u=//e",
        "/a?x=%20y",
        "/a/../../x",
        "/@evil.test",
        "/x?a=%0d%0a",
        "/a.b_c-d+e",
        "https://a.example.com",
        "HTTPS://A.EXAMPLE.COM",
        "https://ａ.example.com",
        "http://localhost:3000/../x",
        "http://localhost:5173/deep/link?x=1#y",
        "myapp://x",
    ] {
        assert!(deployment().trusts_redirect(url), "{url:?}");
    }
}

#[test]
fn ambiguous_paths_are_rejected() {
    for url in [
        "",
        "ok",
        ".",
        "?x",
        "#x",
        "//evil.test",
        "///evil.test",
        "/\\evil.test",
        "/\\/evil.test",
        "\\\\evil.test",
        "\\/evil.test",
        "/%2f/evil.test",
        "/%2F/evil.test",
        "/%5cevil.test",
        "/\t/evil.test",
        "/\n//evil.test",
        "\t//evil.test",
        "/a b",
        "/é",
        "/a#frag",
        "/x;y",
        "/x:y",
        "/a,b",
        "/a%20b",
        "/a%0d%0aX:y",
        "/x%00",
        "/a?x=http://e",
        "/a?b?c",
        "/a\n",
    ] {
        assert!(!deployment().trusts_redirect(url), "{url:?}");
    }
}

#[test]
fn urls_of_untrusted_origins_are_rejected() {
    for url in [
        "https:evil.test",
        "https:/evil.test",
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "http://localhost:5173@evil.test",
        "https://a.example.com@evil.test",
        "http://localhost:3000.evil.test",
        "http://localhost:30000",
        "http://localhost",
        "https://localhost:3000",
        "https://a.example.com.evil.test",
        "https://a.example.com:8443",
        "http://a.example.com",
        "https://example.com",
        "https://evilexample.com",
        "https://evil.test/.example.com",
        "https://evil.test?.example.com",
        "https://evil.test#.example.com",
        "https://evil.test\\.example.com",
        "https://evil.test/%2e.example.com",
        "https://evil.test%2f.example.com",
        "https://evil.test%00.example.com",
        "https://[::1].example.com",
        "https://xn--.example.com",
        "myappevil://x",
        "myapp:evil",
    ] {
        assert!(!deployment().trusts_redirect(url), "{url:?}");
    }
}

#[test]
fn plain_and_encoded_backslashes_are_rejected() {
    for url in [
        "http://localhost:3000\\@evil.test",
        "http://localhost:3000\\",
        "http://localhost:3000/\\evil.test",
        "http://localhost:3000/?x=\\",
        "http://localhost:3000#\\@evil.test",
        "http:\\\\localhost:3000",
        "http:/\\localhost:3000",
        "https://a.example.com\\.evil.test",
        "myapp://x\\@evil.test",
        "/ok\\",
        "/ok?x=\\",
        "http://localhost:3000%5c@evil.test",
        "http://localhost:3000%5C%40evil.test",
        "http%3A%2F%2Flocalhost%3A3000%5C%40evil.test",
        "https://a.example.com%5c.evil.test",
        "https://evil.test%5c.example.com",
        "/%5c@evil.test",
        "%5c%5cevil.test",
    ] {
        assert!(!deployment().trusts_redirect(url), "{url:?}");
    }
}

#[test]
fn an_origin_is_never_relative() {
    for origin in ["/", "/ok", "null", "", "localhost:3000", "*"] {
        assert!(!deployment().trusts_origin(origin), "{origin:?}");
    }
}

#[test]
fn a_deployments_own_origin_can_be_added() {
    let own = Url::parse("https://auth.example.com:8443/some/path").unwrap();
    let trusted = trusting(&["https://app.example.com"]).with_own_origin(&own);
    assert!(trusted.trusts_origin("https://auth.example.com:8443"));
    assert!(trusted.trusts_origin("https://app.example.com"));
    assert!(!trusted.trusts_origin("https://auth.example.com"));
}

#[test]
fn pages_without_an_origin_are_trusted_only_if_null_is_listed() {
    assert!(trusting(&["null"]).trusts_origin("null"));
    assert!(!trusting(&["null"]).trusts_redirect("null"));
    assert!(!trusting(&["*", "**", "*://*", "http*://**"]).trusts_origin("null"));
    let opaque = Url::parse("data:text/plain,x").unwrap();
    assert!(!trusting(&[]).with_own_origin(&opaque).trusts_origin("null"));
}

#[test]
fn a_deployments_own_origin_may_also_be_listed() {
    let own = Url::parse(OWN).unwrap();
    for (listed, is_listed) in [
        (&[][..], false),
        (&["http://localhost:5173"], false),
        (&[OWN], true),
        (&["http://localhost:*"], true),
    ] {
        let trusted = trusting(listed).with_own_origin(&own);
        assert_eq!(trusted.lists_own(), is_listed, "{listed:?}");
        assert!(trusted.patterns().eq(listed.iter().copied().chain([OWN])));
    }
}

#[test]
fn a_deployment_without_trusted_origins_trusts_only_paths() {
    let none = TrustedOrigins::default();
    assert!(none.trusts_redirect("/ok"));
    assert!(!none.trusts_redirect(OWN));
    assert!(!none.trusts_origin(OWN));
}

/// Whether a browser that follows the redirect ends at a trusted origin, computed independently of the code under test.
fn leads_to_a_trusted_origin(redirect: &str) -> bool {
    let url = Url::parse(OWN).unwrap().join(redirect).unwrap();
    let host = url.host_str().unwrap_or_default();
    match (url.scheme(), url.port()) {
        ("http", Some(3000 | 5173)) => host == "localhost",
        ("https", None) => host.ends_with(".example.com"),
        ("myapp", _) => true,
        _ => false,
    }
}

/// Returns the host of a URL by RFC 3986, without the corrections that browsers make, or `None` if it has no host.
fn host_by_rfc_3986(url: &str) -> Option<&str> {
    let (_scheme, rest) = url.split_once("://")?;
    let authority = &rest[..rest.find(['/', '?', '#']).unwrap_or(rest.len())];
    let place = authority
        .rsplit_once('@')
        .map_or(authority, |(_user, place)| place);
    Some(place.split_once(':').map_or(place, |(host, _port)| host)).filter(|host| !host.is_empty())
}

/// Texts made of pieces that confuse URL parsers.
fn confusing() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        proptest::sample::select(vec![
            "/",
            "//",
            "\\",
            "?",
            "#",
            "@",
            ":",
            ".",
            "..",
            "%2f",
            "%5c",
            "%00",
            "%0a",
            "\t",
            "\n",
            "\r",
            " ",
            "[",
            "]",
            "ａ",
            "。",
            "http:",
            "https:",
            "http://",
            "https://",
            "myapp://",
            "javascript:",
            "localhost",
            ":3000",
            ":5173",
            "a.example.com",
            ".example.com",
            "evil.test",
            "xn--",
            "*",
            "=",
            "&",
            "\u{200b}",
        ])
        .prop_map(str::to_owned),
        "\\PC",
        "[a-z0-9]{1,3}",
    ];
    proptest::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

/// The start of a trusted URL, followed by text that confuses parsers.
fn behind_a_trusted_origin() -> impl Strategy<Value = String> {
    let trusted = proptest::sample::select(vec![
        "http://localhost:3000",
        "https://a.example.com",
        "myapp://x",
    ]);
    (trusted, confusing()).prop_map(|(trusted, rest)| format!("{trusted}{rest}"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4096, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_trusted_redirect_leads_a_browser_to_a_trusted_origin(url in confusing()) {
        if deployment().trusts_redirect(&url) {
            prop_assert!(leads_to_a_trusted_origin(&url), "{:?}", url);
        }
    }

    /// Programs other than browsers may parse the `Location` header as it was sent.
    #[test]
    fn browsers_and_other_parsers_find_the_same_host_in_a_trusted_redirect(
        url in prop_oneof![confusing(), behind_a_trusted_origin()],
    ) {
        let is_plain = url.bytes().all(|byte| byte.is_ascii_graphic());
        if is_plain && !url.starts_with('/') && deployment().trusts_redirect(&url) {
            let parsed = Url::parse(&url).unwrap();
            if let Some(host) = host_by_rfc_3986(&url) {
                prop_assert!(parsed.host_str().unwrap_or_default().eq_ignore_ascii_case(host), "{:?}", url);
            }
        }
    }

    #[test]
    fn a_trusted_url_stays_trusted_as_a_browser_writes_it(url in confusing()) {
        if deployment().trusts_redirect(&url) && !url.starts_with('/') {
            prop_assert!(deployment().trusts_redirect(Url::parse(&url).unwrap().as_str()), "{:?}", url);
        }
    }
}
