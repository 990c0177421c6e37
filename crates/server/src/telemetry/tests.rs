use portcullis_http::REQUEST_LOG_TARGET;
use serde_json::{Value, json};
use tracing::subscriber::with_default;

use super::{capture::LogCapture, *};
use crate::config::{Format, LogOutput};

/// Returns what the log contains after `work`.
fn logged(format: Format, work: impl FnOnce()) -> String {
    let log = LogCapture::default();
    with_default(log.subscriber(format, LogOutput::Other), work);
    log.text()
}

/// Logs as a request does: a span with the request, and an event with the outcome.
fn request(route: &'static str, code: &'static str) {
    let span = tracing::error_span!(
        target: REQUEST_LOG_TARGET,
        "http.request",
        method = "POST",
        route,
        request_id = "AbCdEfGhIjKlMnOpQrSt"
    );
    let _entered = span.enter();
    tracing::info!(
        target: REQUEST_LOG_TARGET,
        status = 401,
        code,
        milliseconds = 192.31,
        database_milliseconds = 1.23,
        statements = 2_u64,
    );
}

#[test]
fn a_request_is_one_short_line_of_text() {
    let text = logged(Format::Text, || request("/request-password-reset", ""));
    assert_eq!(
        text,
        "2026-11-05T10:00:00Z INFO  POST /request-password-reset 401 192.31ms sql=2/1.23ms AbCdEfGhIjKlMnOpQrSt\n"
    );
    let text = logged(Format::Text, || {
        request("/sign-in/email", "INVALID_EMAIL_OR_PASSWORD");
    });
    assert_eq!(
        text,
        "2026-11-05T10:00:00Z INFO  POST /sign-in/email 401 INVALID_EMAIL_OR_PASSWORD 192.31ms sql=2/1.23ms \
         AbCdEfGhIjKlMnOpQrSt\n"
    );
    assert!(text.trim_end().len() <= 120, "{}", text.len());
}

#[test]
fn a_request_without_a_route_is_one_line_of_text_with_the_path_and_the_reason() {
    let text = logged(Format::Text, || {
        tracing::info!(
            target: REQUEST_LOG_TARGET,
            method = "GET",
            route = "unmatched",
            status = 404,
            code = "",
            milliseconds = 0.08,
            database_milliseconds = 0.0,
            statements = 0_u64,
            path = "/api/auth/*",
            reason = "the path is unknown",
        );
    });
    assert_eq!(
        text,
        "2026-11-05T10:00:00Z INFO  GET unmatched 404 /api/auth/* (the path is unknown) 0.08ms sql=0/0.0ms\n"
    );
}

#[test]
fn a_request_is_one_json_object_with_each_field_once() {
    let text = logged(Format::Json, || {
        request("/sign-in/email", "INVALID_EMAIL_OR_PASSWORD");
    });
    assert_eq!(
        text,
        concat!(
            r#"{"timestamp":"2026-11-05T10:00:00.123Z","level":"INFO","status":401,"#,
            r#""code":"INVALID_EMAIL_OR_PASSWORD","milliseconds":192.31,"database_milliseconds":1.23,"#,
            r#""statements":2,"method":"POST","route":"/sign-in/email","request_id":"AbCdEfGhIjKlMnOpQrSt","#,
            r#""target":"portcullis::request"}"#,
            "\n"
        )
    );
}

#[test]
fn a_line_has_the_fields_of_its_spans_and_the_inner_value_of_equal_names() {
    let work = || {
        let outer = tracing::info_span!("outer", route = "/a", operation = "outer");
        let _in_outer = outer.enter();
        let inner = tracing::info_span!("inner", operation = "inner", late = tracing::field::Empty);
        inner.record("late", 3);
        let _in_inner = inner.enter();
        tracing::warn!(route = "/b", level = "high", "slow");
    };
    let text = logged(Format::Json, work);
    let line: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        line,
        json!({
            "timestamp": "2026-11-05T10:00:00.123Z",
            "level": "WARN",
            "target": "portcullis_server::telemetry::tests",
            "message": "slow",
            "route": "/b",
            "operation": "inner",
            "late": 3,
        })
    );
    for name in ["route", "operation", "late", "level", "message"] {
        assert_eq!(text.matches(&format!("\"{name}\":")).count(), 1, "{name}: {text}");
    }
}

#[test]
fn text_quotes_values_and_escapes_control_characters() {
    let text = logged(Format::Text, || {
        tracing::warn!(
            cause = "a \"b\"\n\u{1b}[31m",
            word = "c",
            empty = "",
            is_on = true,
            large = u128::MAX,
            "one\ntwo"
        );
    });
    assert_eq!(
        text,
        "2026-11-05T10:00:00Z WARN  one\\ntwo cause=\"a \\\"b\\\"\\n\\u{1b}[31m\" word=c empty=\"\" is_on=true \
         large=340282366920938463463374607431768211455\n"
    );
}

#[test]
fn text_names_the_target_of_libraries_only() {
    let text = logged(Format::Text, || tracing::error!(target: "actix_server", "failed"));
    assert_eq!(text, "2026-11-05T10:00:00Z ERROR actix_server: failed\n");
}

#[test]
fn a_terminal_shows_the_level_in_colour() {
    let log = LogCapture::default();
    with_default(log.subscriber(Format::Text, LogOutput::Terminal), || {
        tracing::error!("failed");
    });
    let text = log.text();
    assert_eq!(
        text,
        "\u{1b}[2m2026-11-05T10:00:00Z\u{1b}[0m \u{1b}[31mERROR\u{1b}[0m failed\n"
    );
}

#[test]
fn the_journal_gets_the_priority_instead_of_the_time_and_colours() {
    let lines = [
        (
            Format::Text,
            "<3>ERROR failed\n<4>WARN  failed\n<6>INFO  failed\n<7>DEBUG failed\n",
        ),
        (
            Format::Json,
            "<3>{\"timestamp\":\"2026-11-05T10:00:00.123Z\",\"level\":\"ERROR\",\"message\":\"failed\",",
        ),
    ];
    for (format, start) in lines {
        let log = LogCapture::default();
        with_default(log.subscriber(format, LogOutput::Journal), || {
            log_errors();
            log_events();
        });
        assert!(log.text().starts_with(start), "{}", log.text());
    }
}

fn log_errors() {
    tracing::error!("failed");
    tracing::warn!("failed");
}

fn log_events() {
    tracing::info!("failed");
    tracing::debug!("failed");
}

#[test]
fn a_panic_is_one_line_in_the_log() {
    let log = LogCapture::default();
    let subscriber = log.subscriber(Format::Json, LogOutput::Other);
    let before = panic::take_hook();
    log_panics();
    let outcome = thread::spawn(|| with_default(subscriber, || panic!("on purpose"))).join();
    panic::set_hook(before);

    assert!(outcome.is_err());
    let text = log.text();
    for part in ["a thread panicked", "on purpose", "telemetry/tests.rs:", "ERROR"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert_eq!(text.lines().count(), 1, "{text}");
}

#[test]
fn libraries_log_only_warnings_and_errors() {
    let wanted = wanted(LevelFilter::DEBUG);
    assert!(wanted.would_enable("portcullis_http::server", &Level::DEBUG));
    assert!(!wanted.would_enable("portcullis_http::server", &Level::TRACE));
    assert!(wanted.would_enable("actix_server", &Level::WARN));
    assert!(!wanted.would_enable("actix_server", &Level::INFO));
    assert!(wanted.would_enable("actix_http::h1::dispatcher", &Level::ERROR));
    let usual = super::wanted(LevelFilter::INFO);
    assert!(!usual.would_enable("actix_http::h1::dispatcher", &Level::ERROR));
    assert!(usual.would_enable("actix_server", &Level::ERROR));
    assert!(!super::wanted(LevelFilter::ERROR).would_enable("actix_server", &Level::WARN));
}
