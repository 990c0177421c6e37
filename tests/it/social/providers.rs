//! A sign-in with each provider: the URL, the request for tokens, the profile and the rows. The expected values are
//! recorded from Better Auth, in the shapes of the testkit.

use std::collections::BTreeMap;

use portcullis_testkit::{CLIENT_ID, CLIENT_SECRET, MockProvider, ReceivedRequest, TestServer, basic};
use reqwest::Url;
use serde_json::{Value, json};

use super::{
    ACCOUNTS, SESSIONS, USERS,
    flow::{Flow, body, location, parameter},
    server_with,
};

/// The text at a JSON pointer of a shape.
fn text<'a>(mock: &'a MockProvider, pointer: &str) -> &'a str {
    let found = mock.shape().pointer(pointer).and_then(Value::as_str);
    found.unwrap_or_else(|| panic!("{} has no {pointer}", mock.id()))
}

/// The form of a recorded request, in its order.
fn form(body: &str) -> Vec<(String, String)> {
    let url = Url::parse(&format!("http://mock/?{body}")).unwrap();
    url.query_pairs().into_owned().collect()
}

/// Asserts that a request for tokens is the recorded one, to the byte.
fn assert_token_request(
    mock: &MockProvider,
    recorded: &str,
    sent: &ReceivedRequest,
    values: &[(&str, &str)],
) {
    let expected = text(mock, &format!("{recorded}/body"));
    let expected = values.iter().fold(expected.to_owned(), |body, (name, value)| {
        body.replace(&format!("{{{name}}}"), value)
    });
    assert_eq!(form(&sent.body), form(&expected), "{}", mock.id());
    assert_eq!(
        sent.header("accept"),
        text(mock, &format!("{recorded}/accept")),
        "{}",
        mock.id()
    );
    let authorization = if text(mock, &format!("{recorded}/authentication")) == "basic" {
        basic(CLIENT_ID, CLIENT_SECRET)
    } else {
        String::new()
    };
    assert_eq!(sent.header("authorization"), authorization, "{}", mock.id());
}

/// Asserts that the requests for the profile are the recorded ones.
fn assert_profile_requests(mock: &MockProvider) {
    let base = Url::parse("http://mock").unwrap();
    let recorded = mock.shape()["expected"]["calls"].as_array().unwrap();
    let recorded: Vec<_> = recorded
        .iter()
        .map(|call| {
            let (method, target) = call.as_str().unwrap().split_once(' ').unwrap();
            let url = base.join(target).unwrap();
            let query: BTreeMap<_, _> = url.query_pairs().into_owned().collect();
            let path = url.path().replace("%40", "@").replace("%24", "$");
            (method.to_owned(), path, query)
        })
        .collect();
    let sent: Vec<_> = mock
        .user_info_requests()
        .into_iter()
        .map(|request| (request.method, request.path, request.query))
        .collect();
    assert_eq!(sent, recorded, "{}", mock.id());
}

/// Asserts that the rows are those of the recorded user.
fn assert_rows(server: &TestServer, mock: &MockProvider, context: &str) {
    let expected = &mock.shape()["expected"];
    let email = expected["email"].as_str().unwrap().to_lowercase();
    let user = json!([
        expected["name"],
        email,
        expected["email_verified"] == true,
        expected["image"]
    ]);
    let columns = r#"name, email, "emailVerified", image"#;
    assert_eq!(
        row(server, &format!(r#"select {columns} from "user""#)),
        user,
        "{context}"
    );
    let account = json!([mock.id(), expected["id"], expected["scope"], null]);
    let columns = r#""providerId", "accountId", scope, password"#;
    assert_eq!(
        row(server, &format!("select {columns} from account")),
        account,
        "{context}"
    );
    for statement in [USERS, ACCOUNTS] {
        assert_eq!(server.rows(statement), 1, "{context}: {statement}");
    }
}

/// The only row of a statement, as a JSON array.
fn row(server: &TestServer, select: &str) -> Value {
    let columns = "(select jsonb_agg(value order by place) from json_each(to_json(found)) \
                    with ordinality as members (name, value, place))";
    let shown = server.shown(&format!("select {columns} from ({select}) as found"));
    serde_json::from_str(&shown.unwrap_or_default()).unwrap()
}

/// Starts a sign-in and compares the URL with the recorded one.
async fn start(server: &TestServer, mock: &MockProvider) -> Flow {
    let browser = server.anonymous();
    let answer = browser.post("/sign-in/social", &body(mock.id())).send().await;
    assert_eq!(answer.status, 200, "{}: {answer}", mock.id());
    let url = answer.json()["url"].as_str().unwrap().to_owned();
    assert_eq!(answer.json(), json!({ "url": url, "redirect": true }));
    assert_eq!(answer.header("location"), Some(url.as_str()));
    let query = text(mock, "/authorization/query")
        .replace("{state}", &parameter(&url, "state"))
        .replace("{challenge}", &parameter(&url, "code_challenge"));
    let endpoint = mock.url(text(mock, "/authorization/path"));
    assert_eq!(url, format!("{endpoint}?{query}"), "{}", mock.id());
    assert_eq!(parameter(&url, "state").len(), 32);
    Flow { browser, url }
}

/// Lets the stored access token expire, and gets a new one.
async fn refresh(server: &TestServer, mock: &MockProvider, flow: &Flow) {
    let token = r#"select "refreshToken" from account"#;
    let Some(before) = server.shown(token) else {
        return;
    };
    let can_refresh = mock.shape()["refresh"].is_object();
    server.execute(r#"update account set "accessTokenExpiresAt" = '2025-12-31T00:00:00Z'"#);
    let ask = json!({ "providerId": mock.id() });
    let answer = flow.browser.post("/get-access-token", &ask).send().await;
    assert_eq!(answer.status, 200, "{}: {answer}", mock.id());
    assert_eq!(mock.refreshes(), usize::from(can_refresh), "{}", mock.id());
    if can_refresh {
        let requests = mock.token_requests();
        let sent = requests.last().unwrap();
        assert_token_request(mock, "/refresh", sent, &[("refresh_token", &before)]);
        let access = server.shown(r#"select "accessToken" from account"#);
        assert_eq!(
            answer.json()["accessToken"].as_str(),
            access.as_deref(),
            "{}",
            mock.id()
        );
        assert_ne!(server.shown(token).as_ref(), Some(&before), "{}", mock.id());
    }
}

/// A new user signs in, signs in again, and refreshes the tokens.
async fn goes_the_whole_way(id: &str) {
    let mock = MockProvider::for_provider(id);
    let server = server_with(id, &mock).start();
    let flow = start(&server, &mock).await;
    let redirect = mock.authorize(&flow.url);
    let answer = super::flow::open(&flow.browser, &redirect).await;
    assert_eq!(location(&answer), "/welcome", "{id}: {answer}");

    let requests = mock.token_requests();
    assert_eq!(requests.len(), 1, "{id}: {requests:?}");
    let verifier = requests[0].form.get("code_verifier").map_or("", String::as_str);
    let values = [
        ("code", parameter(&redirect, "code")),
        ("verifier", verifier.to_owned()),
    ];
    let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
    assert_token_request(&mock, "/exchange", &requests[0], &values);
    assert_profile_requests(&mock);
    assert_rows(&server, &mock, id);
    let session = flow.browser.get("/get-session").send().await.json();
    assert_eq!(session["user"]["name"], mock.shape()["expected"]["name"], "{id}");

    let again = start(&server, &mock).await;
    let answer = again.finish(&mock).await;
    assert_eq!(location(&answer), "/done", "{id}: {answer}");
    assert_rows(&server, &mock, id);
    assert_eq!(server.rows(SESSIONS), 2, "{id}");
    refresh(&server, &mock, &again).await;
}

macro_rules! providers {
    ($($id:ident)*) => {
        const TESTED: &[&str] = &[$(stringify!($id)),*];

        mod a_user_signs_in_with {
            $(#[tokio::test]
            async fn $id() {
                super::goes_the_whole_way(stringify!($id)).await;
            })*
        }
    };
}

providers! {
    apple atlassian cognito discord dropbox facebook figma github gitlab google huggingface kakao kick line linear
    linkedin microsoft naver notion paybin paypal polar reddit roblox salesforce slack spotify tiktok twitch twitter
    vercel vk zoom
}

#[test]
fn every_provider_is_tested() {
    assert_eq!(MockProvider::providers(), TESTED);
    assert_eq!(TESTED.len(), 33);
}
