//! `portcullis check` of the way of messages.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    process::{Command, Output},
    sync::mpsc::{Receiver, channel},
    thread,
};

use portcullis_test_database::TestDatabase;
use tempfile::TempDir;

use crate::support::{in_development, in_production, stderr, stdout};

const ADDRESS: &str = "ada@example.com";

/// A program with a database and a folder of its own.
struct World {
    directory: TempDir,
    database: TestDatabase,
}

impl World {
    fn new() -> Self {
        Self {
            directory: tempfile::tempdir().unwrap(),
            database: TestDatabase::new(),
        }
    }

    fn in_production(&self) -> Command {
        in_production(self.directory.path(), self.database.url())
    }

    fn in_development(&self) -> Command {
        in_development(self.directory.path(), self.database.url())
    }
}

fn run(program: &mut Command, arguments: &[&str], environment: &[(&str, &str)]) -> Output {
    let environment = environment
        .iter()
        .map(|(name, value)| (format!("PORTCULLIS_DELIVERY__{name}"), value));
    program.args(arguments).envs(environment).output().unwrap()
}

/// Listens, serves one connection after the other, and tells what each has sent.
fn serve(talk: impl Fn(TcpStream) -> String + Send + 'static) -> (SocketAddr, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (sender, told) = channel();
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let _the_test_is_over = sender.send(talk(stream));
        }
    });
    (address, told)
}

/// A webhook that answers with this status.
fn webhook(status: u16) -> (String, Receiver<String>) {
    let (address, told) = serve(move |stream| {
        let mut reader = BufReader::new(stream);
        let mut request = String::new();
        let mut length = 0;
        while !request.ends_with("\r\n\r\n") {
            let start = request.len();
            reader.read_line(&mut request).unwrap();
            if let Some(value) = request[start..].strip_prefix("content-length: ") {
                length = value.trim().parse().unwrap();
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).unwrap();
        let answer = format!("HTTP/1.1 {status} X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
        reader.get_mut().write_all(answer.as_bytes()).unwrap();
        request + &String::from_utf8(body).unwrap()
    });
    (format!("http://{address}/hook"), told)
}

/// A mail server that lets this password pass and takes every mail.
fn mail_server() -> (SocketAddr, Receiver<String>) {
    serve(|stream| {
        let mut writer = stream.try_clone().unwrap();
        let mut say = move |line: &str| writer.write_all(format!("{line}\r\n").as_bytes()).unwrap();
        say("220 mail.test");
        let mut mail = String::new();
        let mut is_text = false;
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            match line.split(' ').next().unwrap() {
                "." => {
                    is_text = false;
                    say("250 taken");
                }
                _ if is_text => mail = mail + &line + "\n",
                "EHLO" => say("250-mail.test\r\n250 AUTH PLAIN"),
                // Base64 of the user `u` with the password `p`.
                "AUTH" if line.ends_with("AHUAcA==") => say("235 welcome"),
                "AUTH" => say("535 who are you"),
                "DATA" => {
                    is_text = true;
                    say("354 go on");
                }
                "QUIT" => {
                    say("221 bye");
                    break;
                }
                _ => say("250 fine"),
            }
        }
        mail
    })
}

#[test]
fn the_secret_of_the_webhook_is_told_and_a_test_message_sent() {
    let world = World::new();
    let (url, told) = webhook(204);
    let settings = [("TRANSPORT", "webhook"), ("WEBHOOK__URL", url.as_str())];
    let output = run(
        &mut world.in_production(),
        &["check", "--mail-to", ADDRESS],
        &settings,
    );
    let said = stdout(&output);
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(
        said.contains("messages: to the webhook\nwebhook secret: whsec_"),
        "{said}"
    );
    assert!(said.ends_with("test message: taken\n"), "{said}");
    let request = told.recv().unwrap();
    assert!(request.contains("webhook-signature: v1,"), "{request}");
    assert!(
        request.contains(r#""type":"test""#) && request.contains(ADDRESS),
        "{request}"
    );

    let own = [settings[0], settings[1], ("WEBHOOK__SECRET", "whsec_b3du")];
    let output = run(&mut world.in_production(), &["check"], &own);
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(!stdout(&output).contains("webhook secret"), "{}", stdout(&output));
}

#[test]
fn a_webhook_that_refuses_is_told_without_its_address() {
    let world = World::new();
    let (url, _told) = webhook(500);
    let settings = [("TRANSPORT", "webhook"), ("WEBHOOK__URL", url.as_str())];
    let output = run(
        &mut world.in_production(),
        &["check", "--mail-to", ADDRESS],
        &settings,
    );
    let said = stderr(&output);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        said.contains("the test message was not sent") && said.contains("500"),
        "{said}"
    );
    assert!(!said.contains("/hook") && !said.contains(ADDRESS), "{said}");
}

#[test]
fn a_mail_server_is_asked_whether_it_lets_us_in_and_takes_a_test_message() {
    let world = World::new();
    let (address, told) = mail_server();
    let port = address.port().to_string();
    let settings = |password| {
        [
            ("TRANSPORT", "smtp"),
            ("SMTP__HOST", "127.0.0.1"),
            ("SMTP__PORT", port.as_str()),
            ("SMTP__ENCRYPTION", "none"),
            ("SMTP__FROM", "Example <no-reply@example.com>"),
            ("SMTP__USERNAME", "u"),
            ("SMTP__PASSWORD", password),
        ]
    };
    let arguments = ["check", "--mail-to", ADDRESS];
    let output = run(&mut world.in_development(), &arguments, &settings("p"));
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(
        stdout(&output)
            .ends_with("messages: the mail server is reachable and lets us in\ntest message: taken\n")
    );
    assert_eq!(told.recv().unwrap(), "", "the first connection only looks");
    assert!(told.recv().unwrap().contains(&format!("To: {ADDRESS}")));

    let output = run(&mut world.in_development(), &["check"], &settings("hidden"));
    let said = stderr(&output);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        said.contains("the mail server of `delivery.smtp` cannot be used"),
        "{said}"
    );
    assert!(said.contains("535") && !said.contains("hidden"), "{said}");
}

#[test]
fn nothing_is_sent_where_there_is_no_way() {
    let world = World::new();
    let mut programs = [world.in_development(), world.in_production()];
    for program in &mut programs {
        let output = run(program, &["check", "--mail-to", ADDRESS], &[]);
        assert_eq!(output.status.code(), Some(1));
        assert!(
            stderr(&output).contains("`delivery.transport` must be"),
            "{}",
            stderr(&output)
        );
    }
    let output = run(&mut world.in_production(), &["check", "--mail-to", "ada"], &[]);
    assert!(
        stderr(&output).contains("`--mail-to` must be an e-mail address"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn a_template_that_cannot_be_filled_in_stops_the_check_and_the_start() {
    let world = World::new();
    fs::write(
        world.directory.path().join("reset-password.txt"),
        "Hello\n{{ nobody }}",
    )
    .unwrap();
    let folder = world.directory.path().to_string_lossy().into_owned();
    for command in ["check", "serve"] {
        let output = run(&mut world.in_development(), &[command], &[("TEMPLATES", &folder)]);
        let said = stderr(&output);
        assert_eq!(output.status.code(), Some(1), "{command}: {said}");
        assert!(said.contains("`delivery.templates`"), "{said}");
        assert!(said.contains("reset-password.txt, line 2"), "{said}");
    }
}
