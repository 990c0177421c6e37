use std::sync::Arc;

use chrono::{DateTime, Utc};
use portcullis_application::{
    ports::{CachedSession, Encoding, Ports, SessionCacheCodec},
    testing::{FakePorts, FakeStore, fixtures::a_session},
};

use super::{
    Answer, TOKEN,
    cookie_cache::{ATTRIBUTES, caching, current, finding},
    options, send_with_app,
};

/// Writes caches of this length, and accepts none.
struct Long(usize);

impl SessionCacheCodec for Long {
    fn seal(&self, _encoding: Encoding, _session: &CachedSession) -> String {
        "x".repeat(self.0)
    }

    fn open(&self, _encoding: Encoding, _text: &str, _now: DateTime<Utc>) -> Option<CachedSession> {
        None
    }
}

/// Requests the session if caches have this length.
async fn read_long(length: usize, cookies: &str) -> Answer {
    let store = FakeStore::new(vec![finding(Some(a_session()))], Vec::new());
    let ports = Ports {
        session_cache_codec: Arc::new(Long(length)),
        ..FakePorts::with_store(store).ports
    };
    send_with_app(caching(&ports), options(), current("", cookies)).await
}

/// Returns the cookies that are set, with their lengths.
fn written(answer: &Answer) -> Vec<(String, usize)> {
    let lengths = answer.cookies().into_iter().map(|line| {
        let (name, rest) = line.split_once('=').unwrap();
        (name.to_owned(), rest.find(';').unwrap())
    });
    lengths.collect()
}

/// Returns whether each cookie is set (`kept`) or cleared (`gone`).
fn shape(answer: &Answer) -> Vec<String> {
    let lines = answer.cookies().into_iter().map(|line| {
        let (name, rest) = line.split_once('=').unwrap();
        let is_gone = rest.starts_with("; Max-Age=0; ");
        let end = if is_gone { "gone" } else { "kept" };
        format!("{} {end}", name.trim_start_matches("better-auth."))
    });
    lines.collect()
}

#[actix_web::test]
async fn a_long_cookie_cache_is_set_in_pieces() {
    let name = "better-auth.session_data";
    for (length, pieces) in [
        (4093, &[("", 4093)][..]),
        (4094, &[(".0", 3896), (".1", 198)]),
        (7792, &[(".0", 3896), (".1", 3896)]),
        (7793, &[(".0", 3896), (".1", 3896), (".2", 1)]),
        (11688, &[(".0", 3896), (".1", 3896), (".2", 3896)]),
    ] {
        let answer = read_long(length, TOKEN).await;
        let expected: Vec<_> = pieces
            .iter()
            .map(|(suffix, length)| (format!("{name}{suffix}"), *length))
            .collect();
        assert_eq!(written(&answer), expected);
        for line in answer.cookies() {
            assert!(line.ends_with(&format!("; Max-Age=300; {ATTRIBUTES}")), "{line}");
        }
    }
}

#[actix_web::test]
async fn the_pieces_of_an_older_cookie_cache_are_cleared() {
    let name = "better-auth.session_data";
    let kept = format!("{TOKEN}; {name}=a; {name}.0=b; {name}.2=c; {name}_x=d");
    assert_eq!(
        shape(&read_long(10, &kept).await),
        [
            "session_data gone",
            "session_data.0 gone",
            "session_data.2 gone",
            "session_data kept"
        ]
    );
    assert_eq!(
        shape(&read_long(4094, &kept).await),
        [
            "session_data gone",
            "session_data.0 kept",
            "session_data.2 gone",
            "session_data.1 kept"
        ]
    );
}

/// The cache of a user with long fields led to a head of 77 KB, with which every request was rejected.
#[actix_web::test]
async fn a_cookie_cache_above_three_pieces_is_not_set() {
    for length in [11_689, 100_000] {
        let answer = read_long(length, TOKEN).await;
        assert!(answer.body.contains("Ada"), "{}", answer.body);
        assert!(answer.cookies().is_empty(), "{length}: {:?}", written(&answer));
        let name = "better-auth.session_data";
        let kept = format!("{TOKEN}; {name}=a; {name}.0=b; {name}.2=c");
        assert_eq!(
            shape(&read_long(length, &kept).await),
            ["session_data gone", "session_data.0 gone", "session_data.2 gone"]
        );
    }
}

#[actix_web::test]
async fn cookies_that_only_resemble_a_piece_are_not_cleared() {
    let name = "better-auth.session_data";
    let strange =
        ["+0", "00", "001", "03", "100", "-1", "0x0", ""].map(|number| format!("{name}.{number}=a"));
    let kept = format!("{TOKEN}; {}", strange.join("; "));
    for length in [4094, 100_000] {
        let gone = shape(&read_long(length, &kept).await)
            .into_iter()
            .filter(|line| line.ends_with("gone"));
        assert_eq!(gone.collect::<Vec<_>>(), [""; 0]);
    }
}
