//! A new user who follows the README, with a page on port 3000: sign-up, sign-in, and a forgotten password.

use std::{
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::Command,
    thread,
    time::{Duration, Instant},
};

use portcullis_cluster::private_folder;

use crate::support::{PATIENCE, Running, portcullis};

const README: &str = include_str!("../../../../README.md");
/// What a browser adds to a request of the page to the server, which has the same site and another origin.
const FROM_PAGE: &str = "Origin: http://localhost:3000\r\nSec-Fetch-Site: same-site\r\nSec-Fetch-Mode: cors\r\n\
                         Content-Type: application/json\r\n";

/// The private database of the project, which is deleted at the end.
struct Project(PathBuf);

impl Drop for Project {
    fn drop(&mut self) {
        let _is_deleted_by_the_system = fs::remove_dir_all(&self.0);
    }
}

/// The command with which the README starts the server, on another port.
fn start_command(directory: &Path, port: u16) -> Command {
    let line = README
        .lines()
        .find(|line| line.contains("cargo run -- --port 4400"));
    let (variables, arguments) = line.unwrap().split_once("cargo run -- ").unwrap();
    let mut command = portcullis(directory);
    command.envs(
        variables
            .split_whitespace()
            .map(|variable| variable.split_once('=').unwrap()),
    );
    command.args(arguments.replace("4400", &port.to_string()).split_whitespace());
    command
}

fn is_ok(answer: &str) -> bool {
    answer.starts_with("HTTP/1.1 2")
}

/// The cookies that an answer sets, as a request sends them.
fn cookies(answer: &str) -> String {
    let cookies = answer
        .lines()
        .filter_map(|line| line.strip_prefix("set-cookie: "));
    let pairs: Vec<_> = cookies.filter_map(|cookie| cookie.split(';').next()).collect();
    format!("Cookie: {}\r\n", pairs.join("; "))
}

/// The server that a new user has started.
struct Started {
    server: Running,
    origin: String,
}

impl Started {
    fn start(directory: &Path) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let number = listener.local_addr().unwrap().port();
        drop(listener);
        Self {
            server: Running::start(&mut start_command(directory, number)),
            origin: format!("http://localhost:{number}"),
        }
    }

    /// Sends a request of the page on port 3000, with these additional header lines.
    fn exchange(&self, line: &str, head: &str, body: &str) -> String {
        self.server.exchange(line, &format!("{FROM_PAGE}{head}"), body)
    }

    fn post(&self, path: &str, head: &str, body: &str) -> String {
        self.exchange(&format!("POST /api/auth{path}"), head, body)
    }

    /// Opens a path of the server in the browser.
    fn open(&self, path: &str) -> String {
        self.server.ask(path, "").text()
    }

    /// Returns the path of the link in the newest message in the inbox.
    fn link_in_inbox(&self) -> String {
        let end = Instant::now() + PATIENCE;
        loop {
            let page = self.open("/dev/inbox");
            if let Some((_, rest)) = page.split_once(r#"<a class="follow" href=""#) {
                let link = rest.split('"').next().unwrap().replace("&amp;", "&");
                return link.strip_prefix(&self.origin).unwrap().to_owned();
            }
            assert!(Instant::now() < end, "no message arrives: {page}");
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Signs up and in, as the page does, and returns the cookies of the session.
    fn sign_in_from_page(&self) -> String {
        let asks = "Access-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: content-type\r\n";
        let preflight = self.exchange("OPTIONS /api/auth/sign-up/email", asks, "");
        let allowed = "access-control-allow-origin: http://localhost:3000\r\n";
        assert!(is_ok(&preflight) && preflight.contains(allowed), "{preflight}");

        let ada = r#"{"name":"Ada","email":"ada@example.com","password":"correct horse battery"}"#;
        let signed_up = self.post("/sign-up/email", "", ada);
        let allowed = "access-control-allow-credentials: true\r\n";
        assert!(is_ok(&signed_up) && signed_up.contains(allowed), "{signed_up}");
        let sign_in = r#"{"email":"ada@example.com","password":"correct horse battery"}"#;
        let signed_in = self.post("/sign-in/email", &cookies(&signed_up), sign_in);
        assert!(is_ok(&signed_in), "{signed_in}");
        let session = self.exchange("GET /api/auth/get-session", &cookies(&signed_in), "");
        assert!(session.contains(r#""email":"ada@example.com""#), "{session}");
        cookies(&signed_in)
    }

    /// Follows the link of the message with the mouse, and sends the form. Returns the link.
    fn set_password(&self, cookies: &str) -> String {
        let link = self.link_in_inbox();
        let form = self.open(&link);
        assert!(is_ok(&form) && form.contains(r#"<form method="post">"#), "{form}");
        let head = format!(
            "Origin: {}\r\nSec-Fetch-Site: same-origin\r\nSec-Fetch-Mode: navigate\r\n\
             Content-Type: application/x-www-form-urlencoded\r\n{cookies}",
            self.origin
        );
        let body = "newPassword=staple+correct+horse";
        let set = self.server.exchange(&format!("POST {link}"), &head, body);
        assert!(is_ok(&set) && set.contains("Your password is set"), "{set}");
        link
    }
}

#[test]
fn a_new_user_who_follows_the_readme_signs_in_from_a_page_on_port_3000_and_resets_the_password() {
    let directory = tempfile::tempdir().unwrap();
    let _project = Project(private_folder(&directory.path().join(".portcullis/postgres")).unwrap());
    let started = Started::start(directory.path());
    let cookies = started.sign_in_from_page();

    let asked = started.post("/request-password-reset", "", r#"{"email":"ada@example.com"}"#);
    assert!(is_ok(&asked), "{asked}");
    let root = started.open("/");
    assert!(root.contains(r#"href="/dev/inbox""#), "{root}");
    let link = started.set_password(&cookies);
    let again = r#"{"email":"ada@example.com","password":"staple correct horse"}"#;
    assert!(is_ok(&started.post("/sign-in/email", "", again)));

    // The link is valid once. Its error page says so, and its link leads to the root.
    let spent = started.open(&link);
    let location = spent.lines().find_map(|line| line.strip_prefix("location: "));
    let page = started.open(location.unwrap().strip_prefix(&started.origin).unwrap());
    assert!(
        is_ok(&page) && page.contains("It may have been used already"),
        "{page}"
    );
    assert!(page.contains(r#"<a href="/">"#), "{page}");
}
