//! Browsers without a session: the redirect to the page on which they sign in.

use portcullis_testkit::{Answer, TestServer, percent_encoded};

use super::{CHECK, assert_no_identity, ruled, with};

const PAGE: &str = "text/html,application/xhtml+xml,*/*;q=0.8";
const SIGN_IN: &str = "http://localhost:3000/sign-in";

/// The answer to a browser without a session, with these headers of a proxy.
async fn ask(server: &TestServer, path: &str, headers: &[(&str, &str)]) -> Answer {
    let caller = server.anonymous();
    let call = caller
        .call("GET", &format!("{CHECK}{path}"))
        .header("accept", PAGE);
    let call = headers
        .iter()
        .fold(call, |call, (name, value)| call.header(name, value));
    call.send().await
}

fn with_callback(url: &str) -> String {
    let encoded = percent_encoded(url).replace("%20", "+");
    format!("{SIGN_IN}?callbackURL={encoded}")
}

/// What Traefik and Caddy send.
fn forwarded<'a>(uri: &'a str, host: &'a str) -> [(&'a str, &'a str); 4] {
    [
        ("x-forwarded-method", "GET"),
        ("x-forwarded-proto", "http"),
        ("x-forwarded-host", host),
        ("x-forwarded-uri", uri),
    ]
}

#[tokio::test]
async fn a_browser_that_opens_a_page_is_redirected_and_comes_back() {
    let server = ruled().start();
    let headers = forwarded("/notes?a=1&b=%20%26", "localhost:3000");
    let answer = ask(&server, "", &headers).await;
    assert_eq!((answer.status, answer.body.as_str()), (302, ""));
    let location = "http://localhost:3000/sign-in?callbackURL=http%3A%2F%2Flocalhost%3A3000%2Fnotes%3Fa%3D1%26b%3D%2520%2526";
    assert_eq!(answer.header("location"), Some(location));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_no_identity(&answer, "redirect");
}

/// nginx answers 500 if the check answers with a redirect.
#[tokio::test]
async fn nginx_gets_401_with_the_location_of_the_page() {
    let server = ruled().start();
    let url = "http://localhost:3000/notes?a=1";
    let uri = [
        ("x-original-uri", "/notes?a=1"),
        ("host", "localhost:3000"),
        ("x-forwarded-proto", "http"),
    ];
    for headers in [&[("x-original-url", url)][..], &uri] {
        let answer = ask(&server, "", headers).await;
        assert_eq!(answer.status, 401, "{answer}");
        assert_eq!(answer.header("location"), Some(with_callback(url).as_str()));
        assert_no_identity(&answer, "nginx");
    }
}

#[tokio::test]
async fn other_requests_get_401_without_a_location() {
    let server = ruled().start();
    for (name, value) in [
        ("accept", "application/json"),
        ("accept", "*/*"),
        ("x-forwarded-method", "POST"),
        ("x-original-method", "PUT"),
    ] {
        for origin in [
            ("x-original-url", "http://localhost:3000/"),
            ("x-forwarded-uri", "/"),
        ] {
            let answer = ask(&server, "", &[origin, (name, value)]).await;
            assert_eq!(
                (answer.status, answer.header("location")),
                (401, None),
                "{name}: {value}"
            );
        }
    }
    let posted = server
        .anonymous()
        .call("POST", CHECK)
        .header("accept", PAGE)
        .send()
        .await;
    assert_eq!((posted.status, posted.header("location")), (401, None));
}

#[tokio::test]
async fn a_rule_may_have_a_page_of_its_own() {
    let server = with(
        r#"
        sign_in_url = "http://localhost:3000/sign-in"
        [plugins.forward_auth.rules.admins]
        sign_in_url = "https://admin.example.com/sign-in?from=admins"
        "#,
    )
    .start();
    let answer = ask(&server, "/admins", &forwarded("/x", "localhost:3000")).await;
    assert_eq!(
        answer.header("location"),
        Some("https://admin.example.com/sign-in?from=admins&callbackURL=http%3A%2F%2Flocalhost%3A3000%2Fx")
    );
    let answer = ask(&with("").start(), "", &forwarded("/x", "localhost:3000")).await;
    assert_eq!((answer.status, answer.header("location")), (401, None));
}

#[tokio::test]
async fn open_redirect_by_forwarded_headers_leads_to_no_foreign_origin() {
    let server = ruled().start();
    let long = format!("/{}", "x".repeat(3000));
    let mut cases: Vec<Vec<(&str, &str)>> = Vec::new();
    for host in [
        "evil.test",
        "localhost:3000.evil.test",
        "localhost:3000@evil.test",
        "evil.test/localhost:3000",
        "evil.test?localhost:3000",
        "evil.test#localhost:3000",
        "evil.test\\localhost:3000",
        "localhost:3000, evil.test",
        "evil.test, localhost:3000",
        "user:password@localhost:3000",
        "",
        " ",
    ] {
        cases.push(forwarded("/x", host).to_vec());
    }
    for uri in [
        "@evil.test/x",
        ".evil.test/x",
        ":80@evil.test/",
        "x",
        "",
        "/\\evil.test",
        "/a b",
        &long,
    ] {
        cases.push(forwarded(uri, "localhost:3000").to_vec());
    }
    for scheme in ["javascript", "data", "ftp", "http://evil.test/?", "https"] {
        let mut headers = forwarded("/x", "localhost:3000").to_vec();
        headers[1].1 = scheme;
        cases.push(headers);
    }
    for url in [
        "https://evil.test/",
        "//evil.test/",
        "http://localhost:3000@evil.test/",
        "http://user@localhost:3000/",
        "javascript:alert(1)",
        "/x",
        "http:\\\\evil.test",
        "http://localhost:3000/ evil",
    ] {
        cases.push(vec![("x-original-url", url)]);
    }
    for headers in cases {
        let answer = ask(&server, "", &headers).await;
        assert_eq!(answer.header("location"), Some(SIGN_IN), "{headers:?}: {answer}");
    }
}

/// Two lines of a header are ambiguous: a proxy may have added the second.
#[tokio::test]
async fn a_repeated_header_names_no_page() {
    let server = ruled().start();
    let request = format!(
        "GET {CHECK} HTTP/1.1\r\nhost: x\r\nconnection: close\r\naccept: text/html\r\nx-forwarded-proto: http\r\n\
         x-forwarded-uri: /x\r\nx-forwarded-host: localhost:3000\r\nx-forwarded-host: evil.test\r\n\r\n"
    );
    let answer = server.raw(request).await;
    assert!(answer.contains(&format!("location: {SIGN_IN}\r\n")), "{answer}");
}

#[tokio::test]
async fn response_splitting_by_the_original_url_adds_no_header() {
    let server = ruled().start();
    for uri in ["/a%0d%0aset-cookie:%20x=y", "/a?b=%0D%0ALocation:%20//evil.test"] {
        let answer = ask(&server, "", &forwarded(uri, "localhost:3000")).await;
        assert_eq!((answer.status, answer.cookies().count()), (302, 0), "{uri}");
        let location = answer.header("location").unwrap();
        assert!(location.starts_with(SIGN_IN) && location.is_ascii(), "{location}");
        assert!(
            !location.contains("%0d") && !location.contains("%0D"),
            "{location}"
        );
    }
}
