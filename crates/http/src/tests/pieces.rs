use std::sync::Arc;

use chrono::{DateTime, Utc};
use portcullis_application::{
    ports::{CopiedSession, Encoding, Ports, SessionSealer},
    testing::{FakePorts, FakeStore, fixtures::a_session},
};

use super::{
    Answer, TOKEN,
    copies::{ATTRIBUTES, caching, current, finding},
    options, send_with_app,
};

/// Writes copies of this length, and reads none.
struct Long(usize);

impl SessionSealer for Long {
    fn seal(&self, _encoding: Encoding, _session: &CopiedSession) -> String {
        "x".repeat(self.0)
    }

    fn open(&self, _encoding: Encoding, _text: &str, _now: DateTime<Utc>) -> Option<CopiedSession> {
        None
    }
}

/// Reads the session where copies have this length.
async fn read_long(length: usize, cookies: &str) -> Answer {
    let store = FakeStore::new(vec![finding(Some(a_session()))], Vec::new());
    let ports = Ports {
        session_sealer: Arc::new(Long(length)),
        ..FakePorts::around(store).ports
    };
    send_with_app(caching(&ports), options(), current("", cookies)).await
}

/// The cookies that are written, with their lengths.
fn written(answer: &Answer) -> Vec<(String, usize)> {
    let lengths = answer.cookies().into_iter().map(|line| {
        let (name, rest) = line.split_once('=').unwrap();
        (name.to_owned(), rest.find(';').unwrap())
    });
    lengths.collect()
}

/// What becomes of each cookie.
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
async fn a_long_copy_is_kept_in_pieces() {
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
async fn what_is_left_of_an_older_copy_goes() {
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

/// A copy of a user with long fields made a head of 77 KB, with which every request was one too large.
#[actix_web::test]
async fn a_copy_that_takes_more_than_three_pieces_is_not_kept() {
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
async fn what_only_resembles_a_piece_is_left_alone() {
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
