//! A deployment that changes the domain of its cookies, and browsers that still have the old ones.

use chrono::TimeDelta;
use portcullis_testkit::{Answer, Call, Caller, TestServer};
use serde_json::json;

use super::cookies::secure;

const SHARED: &str = r#"advanced.cross_sub_domain_cookies = { enabled = true, domain = "example.com" }"#;
const BEARER: &str = "plugins.bearer.enabled = true";

/// The cookies of a browser at `auth.example.com`, the oldest first. Unlike the jar of a [`Caller`], it distinguishes
/// cookies of one name and different domains.
#[derive(Default)]
struct Browser {
    cookies: Vec<Stored>,
}

struct Stored {
    name: String,
    /// `None`: only for the host that has set it.
    domain: Option<String>,
    value: String,
}

impl Browser {
    async fn send(&mut self, call: Call<'_>) -> Answer {
        let pairs: Vec<_> = self
            .cookies
            .iter()
            .map(|cookie| format!("{}={}", cookie.name, cookie.value))
            .collect();
        let answer = call
            .header("cookie", &pairs.join("; "))
            .header("sec-fetch-site", "same-origin")
            .send()
            .await;
        for line in answer.cookies() {
            self.store(line);
        }
        answer
    }

    /// Stores a cookie as RFC 6265bis says.
    fn store(&mut self, line: &str) {
        let (pair, attributes) = line.split_once("; ").unwrap();
        let (name, value) = pair.split_once('=').unwrap();
        let mut attributes = attributes.split("; ");
        let is_cleared = attributes.clone().any(|attribute| attribute == "Max-Age=0");
        let domain = attributes.find_map(|attribute| attribute.strip_prefix("Domain="));
        let is_accepted = domain.is_none_or(|domain| ["auth.example.com", "example.com"].contains(&domain));
        assert!(is_accepted, "{line}");
        let is_same = |cookie: &Stored| cookie.name == name && cookie.domain.as_deref() == domain;
        let place = self.cookies.iter().position(is_same);
        match place {
            Some(place) if is_cleared => drop(self.cookies.remove(place)),
            Some(place) => value.clone_into(&mut self.cookies[place].value),
            None if is_cleared => {}
            None => self.cookies.push(Stored {
                name: name.to_owned(),
                domain: domain.map(str::to_owned),
                value: value.to_owned(),
            }),
        }
    }

    /// The domains of its cookies.
    fn domains(&self) -> Vec<Option<&str>> {
        let mut domains: Vec<_> = self
            .cookies
            .iter()
            .map(|cookie| cookie.domain.as_deref())
            .collect();
        domains.dedup();
        domains
    }
}

/// A client of a server. Its own jar is not used.
fn at(server: &TestServer) -> Caller {
    server.anonymous()
}

async fn sign_up(browser: &mut Browser, server: &TestServer, name: &str) {
    let body = json!({ "name": name, "email": format!("{name}@example.com"), "password": "password1234" });
    let answer = browser.send(at(server).post("/sign-up/email", &body)).await;
    assert_eq!(answer.status, 200, "{answer}");
}

async fn sign_in(browser: &mut Browser, server: &TestServer, name: &str) -> Answer {
    let body = json!({ "email": format!("{name}@example.com"), "password": "password1234" });
    let answer = browser.send(at(server).post("/sign-in/email", &body)).await;
    assert_eq!(answer.status, 200, "{answer}");
    answer
}

/// The name of the user whom the page shows, without the session cookie cache.
async fn shown(browser: &mut Browser, server: &TestServer) -> Option<String> {
    let answer = browser
        .send(at(server).get("/get-session?disableCookieCache=true"))
        .await;
    answer.json()["user"]["name"].as_str().map(str::to_owned)
}

async fn sign_out(browser: &mut Browser, server: &TestServer) {
    let answer = browser.send(at(server).post("/sign-out", &json!({}))).await;
    assert_eq!(answer.status, 200, "{answer}");
}

/// The server before and after a change of its configuration, and a browser in which Ada has signed up before.
async fn changed(before: &str, after: &str) -> (TestServer, TestServer, Browser) {
    let old = secure(before).start();
    let new = secure(after).replica_of(&old).start();
    let mut browser = Browser::default();
    sign_up(&mut browser, &old, "ada").await;
    (old, new, browser)
}

#[tokio::test]
async fn a_dead_cookie_of_the_host_is_cleared_when_cookies_are_shared() {
    let (_old, new, mut browser) = changed("", SHARED).await;
    new.execute("delete from session");
    assert_eq!(browser.domains(), [None]);
    assert_eq!(shown(&mut browser, &new).await, None);
    assert!(browser.cookies.is_empty(), "{:?}", browser.domains());
}

#[tokio::test]
async fn a_user_with_a_dead_cookie_of_the_host_signs_in_and_out() {
    let (_old, new, mut browser) = changed("", &format!("{SHARED}\n{BEARER}")).await;
    new.execute("delete from session");
    let answer = sign_in(&mut browser, &new, "ada").await;
    assert_eq!(browser.domains(), [Some("example.com")], "{answer}");
    // The token in the header is that of the cookie that is set, not of the one that is cleared.
    let token = answer.header("set-auth-token").unwrap_or_default();
    assert!(
        browser.cookies.iter().any(|cookie| cookie.value == token),
        "{answer}"
    );
    for _ in 0..2 {
        assert_eq!(shown(&mut browser, &new).await.as_deref(), Some("ada"));
    }
    sign_out(&mut browser, &new).await;
    assert!(browser.cookies.is_empty(), "{:?}", browser.domains());
    assert_eq!(shown(&mut browser, &new).await, None);
}

/// The older cookie is sent first, and its session is live.
#[tokio::test]
async fn a_live_session_in_a_cookie_of_the_host_does_not_hide_a_later_sign_in() {
    let (_old, new, mut browser) = changed("", SHARED).await;
    let mut other = Browser::default();
    sign_up(&mut other, &new, "bob").await;
    sign_in(&mut browser, &new, "bob").await;
    assert_eq!(shown(&mut browser, &new).await.as_deref(), Some("bob"));
    assert_eq!(browser.domains(), [Some("example.com")]);
}

#[tokio::test]
async fn the_renewal_of_a_session_shares_its_cookie() {
    let (_old, new, mut browser) = changed("", SHARED).await;
    assert_eq!(shown(&mut browser, &new).await.as_deref(), Some("ada"));
    new.clock.advance(TimeDelta::days(1));
    assert_eq!(shown(&mut browser, &new).await.as_deref(), Some("ada"));
    assert_eq!(browser.domains(), [Some("example.com")]);
    assert_eq!(shown(&mut browser, &new).await.as_deref(), Some("ada"));
}

#[tokio::test]
async fn a_user_with_a_dead_cookie_of_the_domain_signs_in_and_out_when_cookies_are_no_longer_shared() {
    let (_old, new, mut browser) = changed(SHARED, "").await;
    new.execute("delete from session");
    sign_in(&mut browser, &new, "ada").await;
    assert_eq!(shown(&mut browser, &new).await.as_deref(), Some("ada"));
    sign_out(&mut browser, &new).await;
    assert!(browser.cookies.is_empty(), "{:?}", browser.domains());
}

/// A deployment that has never changed the domain sends no additional lines.
#[tokio::test]
async fn a_client_without_cookies_gets_one_line_for_each_cookie() {
    let server = secure(SHARED).start();
    let mut browser = Browser::default();
    sign_up(&mut browser, &server, "ada").await;
    let answer = sign_in(&mut Browser::default(), &server, "ada").await;
    assert_eq!(answer.cookies().count(), 2, "{answer}");
}
