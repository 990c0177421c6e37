//! Users with sessions.

use std::{
    net::SocketAddr,
    thread,
    time::{Duration, Instant},
};

use serde_json::json;

use crate::{
    client::{Answer, Request},
    program::Program,
};

const PASSWORD: &str = "correct horse battery staple";
/// Number of users who can request a hash at once without a 503.
const TOGETHER: usize = 32;
/// Time limit for a condition: far longer than the program needs, also on a busy machine.
const PATIENCE: Duration = Duration::from_mins(2);

/// A user who has signed up.
pub(crate) struct Person {
    pub(crate) email: String,
    cookie: String,
}

impl Person {
    /// Signs up `size` users whose addresses begin with `name`.
    pub(crate) fn crowd(address: SocketAddr, name: &str, size: usize) -> Vec<Self> {
        let emails: Vec<String> = (0..size)
            .map(|number| format!("{name}-{number}@example.com"))
            .collect();
        emails
            .chunks(TOGETHER)
            .flat_map(|emails| in_parallel(emails, |email| Self::sign_up(address, email)))
            .collect()
    }

    fn sign_up(address: SocketAddr, email: &str) -> Self {
        let mut answer = ask_until_served(&sign_up(email), address);
        if answer.status == 422 {
            // An earlier attempt has signed the user up, although it was answered with 503.
            answer = ask_until_served(&sign_in(email), address);
        }
        assert_eq!(answer.status, 200, "{answer:?}");
        Self {
            email: email.to_owned(),
            cookie: answer.cookie().to_owned(),
        }
    }

    pub(crate) fn get_session(&self) -> Request {
        Request::get("/api/auth/get-session").header("Cookie", &self.cookie)
    }

    pub(crate) fn sign_in(&self) -> Request {
        sign_in(&self.email)
    }

    pub(crate) fn sign_out(&self) -> Request {
        Request::post("/api/auth/sign-out", "{}").header("Cookie", &self.cookie)
    }

    /// Asserts that a session check returns the user's own session.
    pub(crate) fn expect_session(&self, address: SocketAddr) {
        let answer = ask_until_served(&self.get_session(), address);
        assert_eq!(answer.status, 200, "{answer:?}");
        assert_eq!(answer.json()["user"]["email"], self.email.as_str());
    }
}

pub(crate) fn sign_up(email: &str) -> Request {
    let body = json!({ "name": "", "email": email, "password": PASSWORD });
    Request::post("/api/auth/sign-up/email", body.to_string())
}

pub(crate) fn sign_in(email: &str) -> Request {
    let body = json!({ "email": email, "password": PASSWORD });
    Request::post("/api/auth/sign-in/email", body.to_string())
}

/// Calls `work` with all at the same time.
pub(crate) fn in_parallel<T: Sync, R: Send>(all: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    thread::scope(|scope| {
        let work = &work;
        let threads: Vec<_> = all.iter().map(|one| scope.spawn(move || work(one))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

/// Sends a request again while the answer is 503, as a client does. Otherwise a busy machine is taken for an outage.
fn ask_until_served(request: &Request, address: SocketAddr) -> Answer {
    let end = Instant::now() + PATIENCE;
    loop {
        let answer = request.ask(address);
        if answer.status != 503 || Instant::now() > end {
            return answer;
        }
    }
}

/// Waits until the program has written this text.
pub(crate) fn wait_until_written(program: &Program, text: &str) {
    eventually(text, || program.log.lock().unwrap().contains(text));
}

/// Waits until `is_so` returns `true`; fails with `what` if it does not.
pub(crate) fn eventually(what: &str, is_so: impl Fn() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < end, "{what}");
        thread::sleep(Duration::from_millis(50));
    }
}
