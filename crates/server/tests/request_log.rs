//! The log of the program: one line for each request, and no secret in any line.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot prepare its world, or gets no answer, has failed"
)]

#[path = "outage/client.rs"]
mod client;
#[path = "outage/program.rs"]
mod program;

use std::collections::BTreeSet;

use diesel::{Connection, PgConnection, connection::SimpleConnection};
use portcullis_test_database::TestDatabase;
use serde_json::{Value, json};

use self::{
    client::{Answer, Request},
    program::{Program, SECRET},
};

const EMAIL: &str = "grace.hopper@private.example";
const PASSWORD: &str = "a password that must not be logged";
const WRONG_PASSWORD: &str = "a password that is nearly right";
const DATABASE_PASSWORD: &str = "open-sesame-database";
/// Is sent in every place that a client controls.
const HIDDEN: &str = "hidden-by-the-client";
const FIELDS: [&str; 11] = [
    "code",
    "database_milliseconds",
    "level",
    "method",
    "milliseconds",
    "request_id",
    "route",
    "statements",
    "status",
    "target",
    "timestamp",
];

/// Method, route, status, code and statements of a line.
type Line = (&'static str, &'static str, u16, &'static str, u64);

/// The program at a log level, the lines that are expected, and the secrets that must not be logged.
struct Session {
    program: Program,
    expected: Vec<(String, Line)>,
    secrets: Vec<String>,
}

impl Session {
    fn start(database: &str, level: &str) -> Self {
        let database = format!("{database}&password={DATABASE_PASSWORD}");
        let secrets = [
            EMAIL,
            PASSWORD,
            WRONG_PASSWORD,
            SECRET,
            DATABASE_PASSWORD,
            HIDDEN,
            &database,
            "Hopper",
            "$argon2",
        ];
        Self {
            program: Program::serve(&database, &[("PORTCULLIS_LOG__LEVEL", level)]),
            expected: Vec::new(),
            secrets: secrets.map(str::to_owned).to_vec(),
        }
    }

    /// Sends a request with secrets in its headers, and expects this line.
    fn ask(&mut self, request: Request, line: Line) -> Answer {
        let answer = request
            .header("User-Agent", HIDDEN)
            .header("Authorization", &format!("Bearer {HIDDEN}"))
            .header("Referer", &format!("http://localhost:3000/{HIDDEN}"))
            .header("X-Request-Id", &format!("{HIDDEN}!"))
            .header("X-Forwarded-For", HIDDEN)
            .ask(self.program.address);
        assert_eq!(answer.status, line.2, "{answer:?}");
        let id = answer.header("x-request-id").unwrap().to_owned();
        self.expected.push((id, line));
        answer
    }

    /// Adds the secrets that a client receives: the token, its cookie in both forms, and the signature.
    fn hide_session(&mut self, answer: &Answer) -> String {
        let token = answer.json()["token"].as_str().unwrap().to_owned();
        let cookie = answer.cookie().to_owned();
        let (_, value) = cookie.split_once('=').unwrap();
        let (_, signature) = value.split_once('.').unwrap();
        let decoded = signature
            .replace("%2B", "+")
            .replace("%2F", "/")
            .replace("%3D", "=");
        self.secrets
            .extend([token, value.to_owned(), signature.to_owned(), decoded]);
        cookie
    }

    /// Stops the program and returns its log, which must contain no secret.
    fn end(self) -> (String, Vec<(String, Line)>) {
        let log = self.program.end();
        for secret in &self.secrets {
            assert!(!log.contains(secret.as_str()), "{secret} is logged:\n{log}");
        }
        (log, self.expected)
    }
}

fn sign_up(email: &str, password: &str) -> Request {
    let body = json!({ "name": "Grace Hopper", "email": email, "password": password });
    Request::post("/api/auth/sign-up/email", body.to_string())
}

fn sign_in(email: &str, password: &str) -> Request {
    Request::post(
        "/api/auth/sign-in/email",
        json!({ "email": email, "password": password }).to_string(),
    )
}

fn get_session(cookie: &str) -> Request {
    Request::get("/api/auth/get-session").header("Cookie", cookie)
}

/// Sends requests that succeed, from sign-up to sign-out.
fn send_valid(session: &mut Session) {
    let signed_up = session.ask(sign_up(EMAIL, PASSWORD), ("POST", "/sign-up/email", 200, "", 7));
    session.hide_session(&signed_up);
    let signed_in = session.ask(sign_in(EMAIL, PASSWORD), ("POST", "/sign-in/email", 200, "", 7));
    let cookie = session.hide_session(&signed_in);
    session.ask(get_session(&cookie), ("GET", "/get-session", 200, "", 1));
    let sign_out = Request::post("/api/auth/sign-out", "{}").header("Cookie", &cookie);
    session.ask(sign_out, ("POST", "/sign-out", 200, "", 1));
    session.ask(get_session(&cookie), ("GET", "/get-session", 200, "", 1));
}

/// Sends requests that are rejected, or without a valid session.
fn send_rejected(session: &mut Session) {
    let (up, into) = ("/sign-up/email", "/sign-in/email");
    let (taken, wrong) = (
        "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL",
        "INVALID_EMAIL_OR_PASSWORD",
    );
    session.ask(sign_up(EMAIL, PASSWORD), ("POST", up, 422, taken, 1));
    session.ask(
        sign_up(EMAIL, "short"),
        ("POST", up, 400, "PASSWORD_TOO_SHORT", 0),
    );
    session.ask(
        sign_up(HIDDEN, PASSWORD),
        ("POST", up, 400, "VALIDATION_ERROR", 0),
    );
    session.ask(sign_in(EMAIL, WRONG_PASSWORD), ("POST", into, 401, wrong, 2));
    session.ask(
        sign_in(&format!("not.{EMAIL}"), PASSWORD),
        ("POST", into, 401, wrong, 1),
    );
    session.ask(sign_in(HIDDEN, PASSWORD), ("POST", into, 400, "INVALID_EMAIL", 0));
    let torn = format!("{{\"email\":\"{EMAIL}\",\"password\":\"{PASSWORD}");
    session.ask(
        Request::post("/api/auth/sign-in/email", torn),
        ("POST", into, 400, "INVALID_JSON", 0),
    );
    let astray =
        json!({ "email": EMAIL, "password": PASSWORD, "callbackURL": format!("https://{HIDDEN}.example") });
    session.ask(
        Request::post("/api/auth/sign-in/email", astray.to_string()),
        ("POST", into, 403, "INVALID_CALLBACKURL", 0),
    );
    let foreign =
        sign_in(EMAIL, PASSWORD).header("Origin", &format!("https://{HIDDEN}@a.test/{HIDDEN}?{HIDDEN}"));
    session.ask(foreign, ("POST", into, 403, "INVALID_ORIGIN", 0));
    let forged = format!("better-auth.session_token={HIDDEN}.{HIDDEN}");
    session.ask(get_session(&forged), ("GET", "/get-session", 200, "", 0));
}

/// Sends requests to unknown paths and to endpoints without secrets.
fn send_unknown(session: &mut Session) {
    session.ask(
        Request::get(&format!("/api/auth/{HIDDEN}?token={HIDDEN}")),
        ("GET", "unmatched", 404, "", 0),
    );
    session.ask(
        Request::get(&format!("/{HIDDEN}?{HIDDEN}")),
        ("GET", "unmatched", 404, "", 0),
    );
    session.ask(
        Request::get(&format!("/api/auth/ok?token={HIDDEN}")),
        ("GET", "/ok", 200, "", 0),
    );
    session.ask(Request::get("/health/live"), ("GET", "/health/live", 200, "", 0));
    session.ask(
        Request::get("/health/ready"),
        ("GET", "/health/ready", 200, "", 1),
    );
    session.ask(
        Request::post(&format!("/api/auth/get-session/{HIDDEN}"), "{}"),
        ("POST", "unmatched", 404, "", 0),
    );
}

/// Returns the lines of requests, as JSON. No line has a name twice.
fn request_lines(log: &str) -> Vec<Value> {
    let lines = log.lines().filter_map(|line| {
        let object: Value = serde_json::from_str(line).ok()?;
        for name in object.as_object()?.keys() {
            assert_eq!(line.matches(&format!("\"{name}\":")).count(), 1, "{name}: {line}");
        }
        Some(object)
    });
    lines
        .filter(|line: &Value| line["target"] == "portcullis::request" && line.get("status").is_some())
        .collect()
}

fn check(line: &Value, (id, expected): &(String, Line)) {
    let (method, route, status, code, statements) = *expected;
    let found = [
        &line["method"],
        &line["route"],
        &line["status"],
        &line["code"],
        &line["statements"],
        &line["request_id"],
        &line["level"],
    ];
    let expected = [
        method.into(),
        route.into(),
        status.into(),
        code.into(),
        statements.into(),
        id.as_str().into(),
        Value::from("INFO"),
    ];
    assert_eq!(found, expected.each_ref(), "{line}");
    let fields: BTreeSet<&str> = line.as_object().unwrap().keys().map(String::as_str).collect();
    let mut names = BTreeSet::from(FIELDS);
    if route == "unmatched" {
        names.extend(["path", "reason"]);
    }
    assert_eq!(fields, names, "{line}");
    let (whole, part) = (&line["milliseconds"], &line["database_milliseconds"]);
    assert!(
        whole.as_f64() > Some(0.0) && part.as_f64() <= whole.as_f64(),
        "{line}"
    );
    assert_eq!(part.as_f64() > Some(0.0), statements > 0, "{line}");
}

#[test]
fn every_request_has_one_line_with_its_route_outcome_and_cost() {
    let database = TestDatabase::new();
    let mut session = Session::start(database.url(), "info");
    send_valid(&mut session);
    send_rejected(&mut session);
    send_unknown(&mut session);

    let (log, expected) = session.end();
    let lines = request_lines(&log);
    assert_eq!(lines.len(), expected.len(), "{log}");
    for (line, expected) in lines.iter().zip(&expected) {
        check(line, expected);
    }
}

#[test]
fn as_text_a_request_is_one_short_line_and_the_start_too() {
    let database = TestDatabase::new();
    let program = Program::serve(database.url(), &[("PORTCULLIS_LOG__FORMAT", "text")]);
    let answer = get_session("none=").ask(program.address);
    let (id, address) = (answer.header("x-request-id").unwrap().to_owned(), program.address);
    let log = program.end();

    let lines: Vec<&str> = log.lines().filter(|line| line.contains(&id)).collect();
    let [line] = lines[..] else {
        panic!("expected one line:\n{log}")
    };
    let (time, line) = line.split_once(" INFO  GET /get-session 200 ").expect(line);
    assert_eq!(time.len(), "2026-11-05T10:00:00Z".len(), "{time}");
    let (milliseconds, rest) = line.split_once("ms ").expect(line);
    assert!(milliseconds.parse::<f64>().unwrap() > 0.0, "{line}");
    assert_eq!(rest, format!("sql=0/0.0ms {id}"));

    let start: Vec<&str> = log
        .lines()
        .filter(|line| line.contains(" listening mode="))
        .collect();
    let [start] = start[..] else {
        panic!("expected one line:\n{log}")
    };
    let (_time, start) = start.split_once(' ').unwrap();
    let version = env!("CARGO_PKG_VERSION");
    let expected = format!(
        "INFO  portcullis {version} listening mode=development base_url=http://localhost:3000 bind={address} "
    );
    assert!(start.starts_with(&(expected + "database_host=")), "{start}");
}

#[test]
fn no_secret_is_logged_at_the_level_trace() {
    let database = TestDatabase::new();
    let mut session = Session::start(database.url(), "trace");
    send_valid(&mut session);
    send_rejected(&mut session);
    send_unknown(&mut session);

    let (log, expected) = session.end();
    assert_eq!(request_lines(&log).len(), expected.len(), "{log}");
    assert!(log.contains("\"DEBUG\""), "{log}");
}

#[test]
fn no_secret_is_logged_if_the_database_is_unreachable() {
    let nowhere = "postgres://portcullis@127.0.0.1:1/auth?application_name=portcullis";
    let mut session = Session::start(nowhere, "trace");
    let unavailable = "SERVICE_UNAVAILABLE";
    session.ask(
        sign_up(EMAIL, PASSWORD),
        ("POST", "/sign-up/email", 503, unavailable, 0),
    );
    session.ask(
        sign_in(EMAIL, PASSWORD),
        ("POST", "/sign-in/email", 503, unavailable, 0),
    );

    let (log, expected) = session.end();
    assert_eq!(request_lines(&log).len(), expected.len(), "{log}");
    assert!(log.contains("the database cannot be reached"), "{log}");
}

#[test]
fn a_stored_hash_that_no_password_matches_is_logged_with_its_reason_only() {
    const HASH: &str = "$2b$31$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e";
    let database = TestDatabase::new();
    let mut session = Session::start(database.url(), "info");
    session.secrets.push(HASH.to_owned());
    session.ask(sign_up(EMAIL, PASSWORD), ("POST", "/sign-up/email", 200, "", 7));
    let mut connection = PgConnection::establish(database.url()).unwrap();
    let update = format!("UPDATE \"account\" SET \"password\" = '{HASH}'");
    connection.batch_execute(&update).unwrap();
    let rejected = "INVALID_EMAIL_OR_PASSWORD";
    session.ask(
        sign_in(EMAIL, PASSWORD),
        ("POST", "/sign-in/email", 401, rejected, 0),
    );

    let (log, _) = session.end();
    let line = log
        .lines()
        .find(|line| line.contains("no password matches a stored hash"));
    let line = line.unwrap_or_else(|| panic!("{log}"));
    assert!(
        line.contains("\"WARN\"") && line.contains("cost above the limit"),
        "{line}"
    );
    assert!(line.contains("\"request_id\""), "{line}");
}
