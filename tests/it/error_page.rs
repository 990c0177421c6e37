//! `GET /error`.

use insta::assert_snapshot;
use portcullis_testkit::TestServer;

#[tokio::test]
async fn errors_are_shown_on_a_page_that_loads_nothing() {
    let server = TestServer::start();
    let path = "/error?error=access_denied&error_description=You%20said%20no.";
    assert_snapshot!(server.anonymous().get(path).send().await, @r#"
    200
    content-security-policy: default-src 'none'; style-src 'sha256-aVh75aLmSqeWGg6osb5RbBP4CX1ay962Oc7PUf51oAo='; base-uri 'none'; form-action 'none'; frame-ancestors 'none'
    content-type: text/html
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta name="robots" content="noindex">
    <title>Something went wrong</title>
    <style>:root { color-scheme: light dark; --paper: #fff; --ink: #1a1a1a; --quiet: #595959; --line: #767676; }
    @media (prefers-color-scheme: dark) {
      :root { --paper: #16181c; --ink: #f2f2f2; --quiet: #b3b3b3; --line: #8c8c8c; }
    }
    body {
      margin: 0; min-height: 100vh; display: grid; place-items: center;
      background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif;
    }
    main { box-sizing: border-box; width: 100%; max-width: 34rem; padding: 2rem; overflow-wrap: anywhere; }
    h1 { margin: 0 0 1rem; font-size: 1.75rem; line-height: 1.2; }
    .code { color: var(--quiet); }
    code { font-family: ui-monospace, monospace; }
    a { display: inline-block; margin-top: 1rem; padding: .5rem 1rem; border: 1px solid var(--line); color: inherit; }
    a:focus-visible { outline: 3px solid; outline-offset: 3px; }
    </style>
    </head>
    <body>
    <main>
    <h1>Something went wrong</h1>
    <p>You said no.</p>
    <p class="code">Code: <code>access_denied</code></p>
    <a href="/">Go to the start page</a>
    </main>
    </body>
    </html>
    "#);
}

#[tokio::test]
async fn common_errors_are_described_in_words_with_a_link_to_the_front_end() {
    let server = TestServer::with()
        .set(
            "PORTCULLIS_DEFAULT_REDIRECT_URL",
            "https://app.example.com/welcome",
        )
        .start();
    let caller = server.anonymous();
    for (code, words) in [
        ("INVALID_TOKEN", "It may have been used already"),
        ("token_expired", "This link has expired"),
        ("user_not_found", "no longer exists"),
        ("unauthorized", "another account"),
        ("access_denied", "was cancelled"),
        ("please_restart_the_process", "Please start again"),
        ("other", "could not finish what you asked for"),
    ] {
        let page = caller.get(&format!("/error?error={code}")).send().await;
        assert!(page.body.contains(words), "{code}: {page}");
        assert!(
            page.body.contains(&format!("Code: <code>{code}</code>")),
            "{page}"
        );
        let link = r#"<a href="https://app.example.com/welcome">Go to the start page</a>"#;
        assert!(page.body.contains(link), "{page}");
    }
}

#[tokio::test]
async fn errors_redirect_to_the_configured_page_in_both_modes() {
    for (mode, url, location) in [
        (
            "development",
            "https://app.example.com/error",
            "https://app.example.com/error?error=INVALID_TOKEN",
        ),
        (
            "production",
            "https://app.example.com/?page=error",
            "https://app.example.com/?page=error&error=INVALID_TOKEN",
        ),
        ("production", "/oops", "/oops?error=INVALID_TOKEN"),
    ] {
        let server = TestServer::with()
            .set("PORTCULLIS_MODE", mode)
            .set("BETTER_AUTH_URL", "https://auth.example.com")
            .set("BETTER_AUTH_SECRET", "Yx7mQ2vT9sLk4RwZ8bNc3HfJ6dGp1KaE")
            .set("PORTCULLIS_ON_API_ERROR__ERROR_URL", url)
            .start();
        let answer = server.anonymous().get("/error?error=INVALID_TOKEN").send().await;
        assert_eq!((answer.status, answer.header("location")), (302, Some(location)));
    }
}

/// GHSA-9x4v-xfq5-m8x5: the page shows text from the link only escaped.
#[tokio::test]
async fn nothing_in_a_link_becomes_markup() {
    let server = TestServer::start();
    let caller = server.anonymous();
    let plain = caller.get("/error").send().await;
    for query in [
        "error=%3Cscript%3Ealert(1)%3C/script%3E",
        "error=a&error_description=%22%3E%3Csvg%20onload=alert(1)%3E",
        "error=a&error_description=%26lt;script%26gt;",
        "error=%22onload=%22&error_description=%3C/style%3E%3Cscript%3E",
        "error=a%00%0d%0a&error_description=%0d%0aSet-Cookie:%20a=b%3Cscript%3E%FF",
    ] {
        let answer = caller.get(&format!("/error?{query}")).send().await;
        assert_eq!(answer.status, 200, "{query}");
        assert_eq!(answer.header("content-type"), Some("text/html"), "{query}");
        assert_eq!(
            answer.header("x-content-type-options"),
            Some("nosniff"),
            "{query}"
        );
        assert_eq!(answer.cookies().count(), 0, "{query}");
        for mark in ['<', '>', '"', '\''] {
            let (shown, own) = (answer.body.matches(mark), plain.body.matches(mark));
            assert_eq!(shown.count(), own.count(), "{query}: {mark}");
        }
    }
}

#[tokio::test]
async fn an_invalid_error_code_is_shown_as_unknown() {
    let server = TestServer::start();
    let caller = server.anonymous();
    for (query, code) in [
        ("", "UNKNOWN"),
        ("?error=", "UNKNOWN"),
        ("?error=a%20b", "UNKNOWN"),
        ("?error=a%0a", "UNKNOWN"),
        ("?error=%C3%A4", "UNKNOWN"),
        ("?state=state_not_found", "UNKNOWN"),
        ("?error=email_doesn%27t_match", "email_doesn&#39;t_match"),
        ("?error=NO-2&error=other", "NO-2"),
    ] {
        let answer = caller.get(&format!("/error{query}")).send().await;
        let expected = format!("Code: <code>{code}</code>");
        assert!(answer.body.contains(&expected), "{query}: {answer}");
    }
}

/// GHSA-36rg-gfq2-3h56: the redirect leads to the front end's start page, whatever the query contains.
#[tokio::test]
async fn in_production_errors_redirect_to_the_front_end() {
    let server = TestServer::with()
        .set("PORTCULLIS_MODE", "production")
        .set("BETTER_AUTH_URL", "https://auth.example.com")
        .set("BETTER_AUTH_SECRET", "Yx7mQ2vT9sLk4RwZ8bNc3HfJ6dGp1KaE")
        .start();
    let caller = server.anonymous();
    let answer = caller
        .get("/error?error=access_denied&error_description=You%20said%20no.")
        .send()
        .await;
    assert_snapshot!(answer, @"
    302
    location: /?error=access_denied&error_description=You+said+no.
    ");
    for (query, location) in [
        ("", "/?error=UNKNOWN"),
        ("?error=//evil.test", "/?error=UNKNOWN"),
        (
            "?error=a&error_description=%0d%0aSet-Cookie:%20a=b",
            "/?error=a&error_description=%0D%0ASet-Cookie%3A+a%3Db",
        ),
        (
            "?error=a&error_description=%C3%A4%FF%00",
            "/?error=a&error_description=%C3%A4%EF%BF%BD%00",
        ),
        (
            "?error=a&error_description=~*-._!'()@/:,%26%3D%2B%22",
            "/?error=a&error_description=%7E*-._%21%27%28%29%40%2F%3A%2C%26%3D%2B%22",
        ),
    ] {
        let answer = caller.get(&format!("/error{query}")).send().await;
        assert_eq!(
            (answer.status, answer.header("location")),
            (302, Some(location)),
            "{query}"
        );
        assert_eq!(answer.cookies().count(), 0);
    }
}
