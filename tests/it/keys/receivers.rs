//! Mail and webhook servers that record what they receive.

use std::{
    io::{self, BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::Duration,
};

/// A connection to a server at this address waits for several times the shortest timeout.
const SLOW: &str = "127.0.0.9";

/// Serves a connection and records each line that it receives.
type Take = fn(TcpStream, &dyn Fn(&str)) -> io::Result<()>;

/// Two mail servers and a webhook.
pub(super) struct Receivers {
    pub(super) mail: String,
    pub(super) other_mail: String,
    pub(super) hook: String,
    received: Arc<Mutex<String>>,
}

impl Receivers {
    pub(super) fn start() -> Self {
        let received = Arc::new(Mutex::new(String::new()));
        Self {
            mail: listen("mail", take_mail, &received),
            other_mail: listen("other mail", take_mail, &received),
            hook: listen("hook", take_request, &received),
            received,
        }
    }

    /// Everything received so far. Each connection begins with the server's name and address.
    pub(super) fn received(&self) -> String {
        self.received
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

/// Listens at a port of its own, on every address of this machine.
fn listen(name: &'static str, take: Take, received: &Arc<Mutex<String>>) -> String {
    let listener = TcpListener::bind("0.0.0.0:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let received = Arc::clone(received);
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let received = Arc::clone(&received);
            thread::spawn(move || {
                let note = |line: &str| {
                    let mut all = received.lock().unwrap_or_else(PoisonError::into_inner);
                    *all = format!("{all}{}\n", line.trim_end());
                };
                let called = stream.local_addr().unwrap().ip().to_string();
                note(&format!("{name} at {called}"));
                if called == SLOW {
                    thread::sleep(Duration::from_secs(6));
                }
                let _client_disconnected = take(stream, &note);
            });
        }
    });
    port.to_string()
}

/// Speaks SMTP without encryption and accepts every login.
fn take_mail(stream: TcpStream, note: &dyn Fn(&str)) -> io::Result<()> {
    let mut writer = stream.try_clone()?;
    let mut reply = move |line: &str| writer.write_all(format!("{line}\r\n").as_bytes());
    reply("220 mail.test")?;
    let mut is_text = false;
    for line in BufReader::new(stream).lines() {
        let line = line?;
        note(&line);
        match line.split(' ').next().unwrap_or_default() {
            "." => {
                is_text = false;
                reply("250 taken")?;
            }
            _ if is_text => {}
            "EHLO" => reply("250-mail.test\r\n250 AUTH PLAIN")?,
            "AUTH" => reply("235 welcome")?,
            "STARTTLS" => reply("454 not here")?,
            "DATA" => {
                is_text = true;
                reply("354 go on")?;
            }
            "QUIT" => return reply("221 bye"),
            _ => reply("250 fine")?,
        }
    }
    Ok(())
}

/// Answers one HTTP request.
fn take_request(stream: TcpStream, note: &dyn Fn(&str)) -> io::Result<()> {
    let mut reader = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        note(&line);
        if let Some(value) = line.strip_prefix("content-length: ") {
            length = value.trim().parse().unwrap_or_default();
        }
        if line.trim().is_empty() {
            break;
        }
    }
    reader.read_exact(&mut vec![0; length])?;
    let answer = "HTTP/1.1 204 No Content\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
    reader.get_mut().write_all(answer.as_bytes())
}
