//! Who may send a request that changes something: pages of trusted origins, and clients that are not browsers.

use portcullis_http::routes;
use portcullis_testkit::{Answer, Call, Caller, TestServer, TestServerBuilder};
use serde_json::{Value, json};

const TRUSTED: &str = "http://localhost:5173";
const FOREIGN: &str = "https://evil.test";
/// A cookie that a proxy in front of the server has set.
const OTHER_COOKIE: &str = "__cf_bm=abc.def; other=1";

/// Header names and values; an empty value stands for an absent header.
type Headers = Vec<(&'static str, &'static str)>;

fn server() -> TestServerBuilder {
    TestServer::with().set("PORTCULLIS_PLUGINS__BEARER__ENABLED", "true")
}

/// A user with a session, whose token is known.
struct User {
    cookies: String,
    bearer: String,
}

async fn user(server: &TestServer) -> User {
    let caller = server.anonymous();
    let body = json!({ "name": "ada", "email": "ada@example.com", "password": "password1234" });
    let answer = caller.post("/sign-up/email", &body).send().await;
    let token = answer.header("set-auth-token").unwrap_or_default();
    User {
        cookies: caller.cookies(),
        bearer: format!("Bearer {token}"),
    }
}

/// The credentials that a request carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Carried {
    Ours,
    Foreign,
    Empty,
    Bearer,
    BearerAndForeign,
    Nothing,
}

impl Carried {
    const ALL: [Self; 6] = [
        Self::Ours,
        Self::Foreign,
        Self::Empty,
        Self::Bearer,
        Self::BearerAndForeign,
        Self::Nothing,
    ];

    fn add<'a>(self, call: Call<'a>, user: &User) -> Call<'a> {
        match self {
            Self::Ours => call.header("cookie", &format!("{OTHER_COOKIE}; {}", user.cookies)),
            Self::Foreign => call.header("cookie", OTHER_COOKIE),
            Self::Empty => call.header("cookie", ""),
            Self::Bearer => call.header("authorization", &user.bearer),
            Self::BearerAndForeign => call
                .header("authorization", &user.bearer)
                .header("cookie", OTHER_COOKIE),
            Self::Nothing => call,
        }
    }

    const fn is_bearer(self) -> bool {
        matches!(self, Self::Bearer | Self::BearerAndForeign)
    }
}

/// Every combination of what a browser says about the page that sends a request.
fn senders() -> Vec<Headers> {
    let mut senders = Vec::new();
    for site in ["", "same-origin", "none", "same-site", "cross-site"] {
        for origin in ["", TRUSTED, FOREIGN, "null"] {
            for referer in ["", "http://localhost:5173/page?x=1", "https://evil.test/page"] {
                senders.push(vec![
                    ("sec-fetch-site", site),
                    ("origin", origin),
                    ("referer", referer),
                ]);
            }
        }
    }
    senders
}

fn value(headers: &Headers, name: &str) -> &'static str {
    headers
        .iter()
        .find(|(header, _)| *header == name)
        .map_or("", |(_, value)| value)
}

/// A second implementation of the rule: which of the senders may send a request that changes something.
fn may_send(headers: &Headers) -> bool {
    let [site, origin, referer] = ["sec-fetch-site", "origin", "referer"].map(|name| value(headers, name));
    match (site, origin) {
        ("same-origin" | "none", _) | (_, TRUSTED) => true,
        ("", "") => !referer.contains("evil"),
        _ => false,
    }
}

/// Whether a browser sends this for a page of a foreign site. Old browsers name no site, and some only a referrer.
fn is_attack(headers: &Headers) -> bool {
    let [site, origin, referer] = ["sec-fetch-site", "origin", "referer"].map(|name| value(headers, name));
    let is_foreign = matches!(origin, FOREIGN | "null");
    match site {
        "same-site" | "cross-site" => is_foreign || origin.is_empty(),
        "" => is_foreign || origin.is_empty() && referer.contains("evil"),
        _ => false,
    }
}

async fn post(
    caller: &Caller,
    path: &str,
    body: &Value,
    sender: &Headers,
    add: impl Fn(Call<'_>) -> Call<'_>,
) -> Answer {
    let mut call = caller.post(path, body).without("origin");
    for (name, value) in sender.iter().filter(|(_, value)| !value.is_empty()) {
        call = call.header(name, value);
    }
    add(call).send().await
}

#[tokio::test]
async fn a_change_is_accepted_from_trusted_pages_and_from_clients_that_are_not_browsers() {
    let server = server().start();
    let ada = user(&server).await;
    for carried in Carried::ALL {
        for sender in senders() {
            let body = json!({ "name": "changed" });
            let answer = post(&server.anonymous(), "/update-user", &body, &sender, |call| {
                carried.add(call, &ada)
            })
            .await;
            let expected = match carried {
                _ if carried.is_bearer() => 200,
                // wire: without cookies there is nothing that another page could misuse.
                Carried::Nothing => 401,
                _ if !may_send(&sender) => 403,
                Carried::Ours => 200,
                _ => 401,
            };
            assert_eq!(answer.status, expected, "{carried:?} {sender:?}");
            let has_changed = server.rows("select 1 from \"user\" where name = 'changed'") == 1;
            assert_eq!(has_changed, expected == 200, "{carried:?} {sender:?}");
            server.execute("update \"user\" set name = 'ada'");
        }
    }
}

#[tokio::test]
async fn a_sign_in_is_accepted_from_trusted_pages_and_from_clients_that_are_not_browsers() {
    let server = server().start();
    let ada = user(&server).await;
    let body = json!({ "email": "ada@example.com", "password": "password1234" });
    for carried in Carried::ALL {
        for sender in senders() {
            let before = server.rows("select 1 from session");
            let answer = post(&server.anonymous(), "/sign-in/email", &body, &sender, |call| {
                carried.add(call, &ada)
            })
            .await;
            let is_accepted = carried.is_bearer() || may_send(&sender);
            let expected = if is_accepted { 200 } else { 403 };
            assert_eq!(answer.status, expected, "{carried:?} {sender:?}");
            let after = server.rows("select 1 from session");
            assert_eq!(after - before, i64::from(is_accepted), "{carried:?} {sender:?}");
            if !is_accepted {
                assert_eq!(answer.cookies().count(), 0, "{carried:?} {sender:?}");
            }
        }
    }
}

/// A page can send cookies, forms and simple requests to any server, but no `Authorization`.
#[tokio::test]
async fn a_page_of_a_foreign_site_changes_nothing_and_signs_no_user_in() {
    let server = server().start();
    let ada = user(&server).await;
    let attacks: Vec<_> = senders().into_iter().filter(is_attack).collect();
    assert!(attacks.len() >= 20, "{}", attacks.len());
    let sign_in = "email=ada%40example.com&password=password1234";
    let sign_up = "name=eve&email=eve%40example.com&password=password1234";
    for sender in &attacks {
        assert!(!may_send(sender), "{sender:?}");
        for mode in ["", "navigate", "no-cors", "cors"] {
            for cookie in ["", OTHER_COOKIE, ada.cookies.as_str()] {
                for (path, form) in [("/sign-in/email", sign_in), ("/sign-up/email", sign_up)] {
                    let answer = post(&server.anonymous(), path, &json!(null), sender, |call| {
                        let mut call = call.body("application/x-www-form-urlencoded", form);
                        for (name, value) in [("sec-fetch-mode", mode), ("cookie", cookie)] {
                            if !value.is_empty() {
                                call = call.header(name, value);
                            }
                        }
                        call
                    })
                    .await;
                    assert_eq!(
                        (answer.status, answer.cookies().count()),
                        (403, 0),
                        "{path} {mode} {cookie} {sender:?}"
                    );
                }
            }
        }
    }
    assert_eq!(server.rows("select 1 from session"), 1);
    assert_eq!(server.rows("select 1 from \"user\""), 1);
}

/// Also routes of plugins. The body has the required members of all of them, because input is validated first.
#[tokio::test]
async fn every_sign_in_and_sign_up_rejects_foreign_pages_without_cookies() {
    let server = TestServer::with_all_features();
    let begins = ["/sign-in", "/sign-up", "/one-tap", "/phone-number/verify"];
    let is_sign_in = |path: &&str| begins.iter().any(|begin| path.starts_with(begin));
    let paths: Vec<_> = routes().map(|route| route.path).filter(is_sign_in).collect();
    assert!(paths.contains(&"/sign-in/username"), "{paths:?}");
    let body = json!({ "name": "eve", "email": "eve@example.com", "username": "eve", "password": "password1234", "provider": "google", "providerId": "own", "phoneNumber": "+12", "code": "1", "otp": "1" });
    for path in paths {
        let id_token = json!({ "idToken": "x" });
        let body = if path.starts_with("/one-tap") {
            &id_token
        } else {
            &body
        };
        for sender in senders().iter().filter(|sender| is_attack(sender)) {
            let answer = post(&server.anonymous(), path, body, sender, |call| call).await;
            assert_eq!(answer.status, 403, "{path} {sender:?}: {answer}");
        }
        let answer = post(&server.anonymous(), path, body, &vec![], |call| call).await;
        assert_ne!(answer.status, 403, "{path}: {answer}");
    }
}

/// wire: a form of another site must not sign its visitor in, even if the site is trusted.
#[tokio::test]
async fn a_form_of_a_trusted_page_on_another_site_signs_no_user_in() {
    let server = server().start();
    user(&server).await;
    for cookie in ["a=b", ""] {
        let caller = server.anonymous();
        let body = json!({ "email": "ada@example.com", "password": "password1234" });
        let mut call = caller
            .post("/sign-in/email", &body)
            .header("origin", TRUSTED)
            .header("sec-fetch-site", "cross-site")
            .header("sec-fetch-mode", "navigate");
        if !cookie.is_empty() {
            call = call.header("cookie", cookie);
        }
        let answer = call.send().await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (
                403,
                "CROSSSITE_NAVIGATION_LOGIN_BLOCKED_THIS_REQUEST_APPEARS_TO_BE_A_CSRF_ATTACK"
            )
        );
    }
}

/// Node's `fetch` sends `Sec-Fetch-Mode` and nothing else of what browsers send.
#[tokio::test]
async fn a_node_program_signs_up_signs_in_and_changes_its_user() {
    let server = TestServer::start();
    let caller = server.anonymous();
    let person = json!({ "name": "n", "email": "n@example.com", "password": "password1234" });
    let node = vec![("sec-fetch-mode", "cors")];
    for (path, body) in [
        ("/sign-up/email", &person),
        ("/sign-in/email", &person),
        ("/update-user", &json!({ "name": "m" })),
        ("/sign-out", &json!({})),
    ] {
        let answer = post(&caller, path, body, &node, |call| call).await;
        assert_eq!(answer.status, 200, "{path}: {answer}");
    }
}

#[tokio::test]
async fn the_rejection_names_its_reason_as_better_auth_does() {
    let server = TestServer::start();
    let ada = server.signed_up("ada").await;
    for (sender, code) in [
        (vec![("origin", FOREIGN)], "INVALID_ORIGIN"),
        (vec![("origin", "null")], "MISSING_OR_NULL_ORIGIN"),
        (vec![("referer", FOREIGN)], "INVALID_ORIGIN"),
        (vec![("sec-fetch-site", "cross-site")], "MISSING_OR_NULL_ORIGIN"),
        (vec![("sec-fetch-site", "unknown")], "MISSING_OR_NULL_ORIGIN"),
        (
            vec![("sec-fetch-site", "same-site"), ("origin", FOREIGN)],
            "INVALID_ORIGIN",
        ),
        (
            // Browsers send `Origin` with every request that changes something.
            vec![("sec-fetch-site", "same-site"), ("referer", TRUSTED)],
            "MISSING_OR_NULL_ORIGIN",
        ),
    ] {
        let answer = post(&ada, "/update-user", &json!({ "name": "x" }), &sender, |call| {
            call
        })
        .await;
        assert_eq!((answer.status, answer.code().as_str()), (403, code), "{sender:?}");
    }
}

#[tokio::test]
async fn pages_without_an_origin_are_accepted_only_if_null_is_listed() {
    for (listed, status) in [("null", 200), ("*", 403), (TRUSTED, 403)] {
        let server = TestServer::with()
            .set("PORTCULLIS_TRUSTED_ORIGINS", listed)
            .start();
        let ada = server.signed_up("ada").await;
        let sender = vec![("sec-fetch-site", "cross-site"), ("origin", "null")];
        let answer = post(&ada, "/update-user", &json!({ "name": "x" }), &sender, |call| {
            call
        })
        .await;
        assert_eq!(answer.status, status, "{listed}");
        let allowed = answer.header("access-control-allow-origin");
        assert_eq!(allowed, (status == 200).then_some("null"), "{listed}");
    }
}

/// A bearer token has an effect only if the plugin is enabled, so it excuses nothing otherwise.
#[tokio::test]
async fn a_header_that_authenticates_no_user_excuses_no_foreign_page() {
    let with_bearer = server().start();
    let ada = user(&with_bearer).await;
    for (server, name, authorization) in [
        (&TestServer::start(), "bob", ada.bearer.as_str()),
        (&with_bearer, "bob", "Basic YWRhOnB3"),
        (&with_bearer, "eve", "Bearer x.y"),
    ] {
        let caller = server.signed_up(name).await;
        let answer = post(
            &caller,
            "/update-user",
            &json!({ "name": "x" }),
            &vec![("origin", FOREIGN)],
            |call| call.header("authorization", authorization),
        )
        .await;
        assert_eq!(answer.status, 403, "{authorization}");
    }
    // The session of the cookie would be used, so the token does not count.
    let answer = post(
        &with_bearer.anonymous(),
        "/update-user",
        &json!({ "name": "x" }),
        &vec![("origin", FOREIGN)],
        |call| Carried::Ours.add(call, &ada).header("authorization", &ada.bearer),
    )
    .await;
    assert_eq!(answer.status, 403);
}

#[tokio::test]
async fn links_lead_to_development_servers_of_expo() {
    let server = TestServer::with()
        .set("PORTCULLIS_TRUSTED_ORIGINS", "exp://*/*, myapp://*, file://")
        .start();
    let caller = server.anonymous();
    for (url, status) in [
        ("exp://10.0.0.29:8081", 200),
        ("exp://10.0.0.29:8081/--/", 200),
        ("exp://10.0.0.29:8081/--/dash", 403),
        ("myapp://callback", 200),
        ("myapp://callback/x", 403),
        ("file:///android_asset/index.html", 200),
    ] {
        let body = json!({ "callbackURL": url });
        let answer = caller.post("/sign-out", &body).send().await;
        assert_eq!(answer.status, status, "{url}");
        let origin = post(
            &caller,
            "/sign-in/email",
            &json!({ "email": "a", "password": "x" }),
            &vec![],
            |call| call.header("origin", url),
        )
        .await;
        // The address is invalid: 400 comes after the origin.
        assert_eq!(origin.status == 403, status == 403, "{url}");
    }
}
