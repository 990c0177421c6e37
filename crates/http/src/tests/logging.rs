use std::{
    io,
    sync::{Arc, Mutex},
    time::Duration,
};

use actix_web::{
    App as Actix,
    dev::Payload,
    http::{Method, header},
    test::{self, TestRequest},
};
use futures_util::stream;
use portcullis_application::{
    ports::Failure,
    statistics::Statistics,
    testing::{FakeStore, FakeUnitOfWork},
};
use serde_json::{Value, json};
use tracing::subscriber::DefaultGuard;
use tracing_subscriber::fmt::MakeWriter;

use super::{FailingStore, TOKEN, app, get, ill, options, post, send};
use crate::{Limits, Options, service::Service};

/// Captures the log.
#[derive(Clone, Default)]
pub(crate) struct LogCapture(Arc<Mutex<Vec<u8>>>);

impl io::Write for LogCapture {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for LogCapture {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

impl LogCapture {
    /// Captures the log of this thread, at all levels, until the guard is dropped.
    pub(crate) fn start(&self) -> DefaultGuard {
        let subscriber = tracing_subscriber::fmt()
            .json()
            .with_max_level(tracing::Level::TRACE)
            .with_writer(self.clone())
            .finish();
        tracing::subscriber::set_default(subscriber)
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

/// Returns everything that a request logs, at all levels.
pub(super) async fn logged(store: FakeStore, request: TestRequest) -> String {
    let log = LogCapture::default();
    let guard = log.start();
    send(store, request.insert_header(("x-request-id", "id-1"))).await;
    drop(guard);
    log.text()
}

/// Returns the fields of the only request line and of its span, without its times. No field is in both.
pub(super) fn request_line(log: &str) -> Value {
    let lines: Vec<Value> = log
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .filter(|line: &Value| line["target"] == "portcullis::request")
        .collect();
    let [line] = &lines[..] else {
        panic!("expected one line, found {}", lines.len())
    };
    assert_eq!(line["level"], "INFO");
    let mut fields = line["fields"].clone();
    for time in ["milliseconds", "database_milliseconds"] {
        assert!(
            fields
                .as_object_mut()
                .unwrap()
                .shift_remove(time)
                .unwrap()
                .is_f64()
        );
    }
    for (name, value) in line["span"]
        .as_object()
        .unwrap()
        .iter()
        .filter(|(name, _)| *name != "name")
    {
        assert_eq!(fields.get(name), None, "{name} is logged twice");
        fields[name] = value.clone();
    }
    fields
}

#[actix_web::test]
async fn a_request_is_logged_in_one_line() {
    let mut read = FakeUnitOfWork::default();
    read.sessions.expect_find_by_token().once().return_once(|_| {
        Statistics::add(1, std::time::Duration::from_millis(2));
        Ok(None)
    });
    let request = get("/api/auth/get-session").insert_header((header::COOKIE, TOKEN));
    let log = logged(FakeStore::new(vec![read], Vec::new()), request).await;
    assert_eq!(
        request_line(&log),
        json!({
            "method": "GET", "route": "/get-session", "status": 200, "code": "", "statements": 1,
            "request_id": "id-1",
        })
    );
}

#[actix_web::test]
async fn a_rejected_request_is_logged_with_its_code_and_without_user_input() {
    let body =
        r#"{"email":"ada@example.com","password":"","callbackURL":"https://evil.test","name":"Ada Secret"}"#;
    let request = post("/sign-in/email?token=hidden", body)
        .insert_header((header::COOKIE, TOKEN))
        .insert_header((header::ORIGIN, super::OWN));
    let log = logged(FakeStore::default(), request).await;
    assert_eq!(
        request_line(&log),
        json!({
            "method": "POST", "route": "/sign-in/email", "status": 403, "code": "INVALID_CALLBACKURL",
            "statements": 0, "request_id": "id-1",
        })
    );
    for secret in ["ada@", "token-1", "hidden", "evil.test", "Ada Secret"] {
        assert!(!log.contains(secret), "{secret} is in {log}");
    }
}

#[actix_web::test]
async fn unknown_words_of_a_path_are_not_logged() {
    let log = logged(FakeStore::default(), get("/api/auth/reset/hidden?also=hidden")).await;
    let line = request_line(&log);
    assert_eq!(line["route"], "unmatched");
    assert_eq!(line["path"], "/api/auth/*/*");
    assert!(!log.contains("hidden"), "{log}");
}

#[actix_web::test]
async fn an_unknown_method_is_not_logged() {
    let method = Method::from_bytes("HIDDEN".repeat(50).as_bytes()).unwrap();
    let log = logged(FakeStore::default(), get("/api/auth/ok").method(method)).await;
    assert_eq!(request_line(&log)["method"], "other");
    assert!(!log.contains("HIDDEN"), "{log}");
}

/// Returns the log lines with this level of a request whose session lookup fails with this failure.
async fn lines_for(failure: Failure, level: &str) -> Vec<String> {
    let mut read = FakeUnitOfWork::default();
    read.sessions
        .expect_find_by_token()
        .once()
        .return_once(|_| Err(failure));
    let request = get("/api/auth/get-session").insert_header((header::COOKIE, TOKEN));
    let log = logged(FakeStore::new(vec![read], Vec::new()), request).await;
    let level = format!(r#""level":"{level}""#);
    log.lines()
        .filter(|line| line.contains(&level))
        .map(str::to_owned)
        .collect()
}

#[actix_web::test]
async fn a_failure_is_logged_once_with_its_causes_and_an_outage_is_a_warning() {
    let broken = Failure::new(Failure::new("no such column"));
    let [error] = &lines_for(broken, "ERROR").await[..] else {
        panic!("expected one error")
    };
    let cause = "an internal operation failed: an internal operation failed: no such column";
    assert!(error.contains(cause), "{error}");

    let away = || Failure::unavailable(Failure::new("connection refused"));
    let [warning] = &lines_for(away(), "WARN").await[..] else {
        panic!("expected one warning")
    };
    let cause = "a dependency is unavailable: an internal operation failed: connection refused";
    assert!(warning.contains(cause), "{warning}");
    assert!(lines_for(away(), "ERROR").await.is_empty());
}

/// Sends a request with a time limit of ten milliseconds. Returns its status and the log.
async fn send_with_short_limit(request: TestRequest, payload: Option<Payload>) -> (u16, String) {
    let options = Options {
        limits: Limits {
            request: Duration::from_millis(10),
            ..Limits::default()
        },
        ..options()
    };
    let service = Arc::new(Service::new(app(&ill(FailingStore::Hung)), options));
    let actix = test::init_service(Actix::new().configure(|config| service.mount(config))).await;
    let log = LogCapture::default();
    let logging = log.start();
    let mut request = request.to_request();
    if let Some(payload) = payload {
        *request.payload() = payload;
    }
    let response = test::call_service(&actix, request).await;
    drop(logging);
    (response.status().as_u16(), log.text())
}

#[actix_web::test]
async fn a_request_that_takes_too_long_is_logged_as_a_warning_with_its_cause() {
    let (status, log) = send_with_short_limit(get("/health/ready"), None).await;
    assert_eq!(status, 503);
    assert!(log.contains("the request exceeded its time limit"), "{log}");
    assert!(log.contains(r#""level":"WARN""#), "{log}");
    assert!(!log.contains(r#""level":"ERROR""#), "{log}");
}

#[actix_web::test]
async fn a_client_that_takes_too_long_is_not_logged_as_a_warning() {
    let endless: Payload = Payload::Stream {
        payload: Box::pin(stream::pending()),
    };
    let (status, log) = send_with_short_limit(post("/sign-in/email", "{}"), Some(endless)).await;
    assert_eq!(status, 408);
    assert!(log.contains(r#""code":"REQUEST_TIMEOUT""#), "{log}");
    for level in ["WARN", "ERROR"] {
        assert!(!log.contains(&format!(r#""level":"{level}""#)), "{log}");
    }
}

#[actix_web::test]
async fn an_invalid_request_is_not_logged_as_an_error() {
    let refused = logged(FakeStore::default(), post("/sign-in/email", "{}")).await;
    assert!(!refused.contains(r#""level":"ERROR""#), "{refused}");
}
