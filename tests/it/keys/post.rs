//! Servers to which messages are sent, and which tell what came.

use std::{
    io::{self, BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::Duration,
};

/// Who calls a server by this address waits for two and a half seconds.
const SLOW: &str = "127.0.0.9";

/// Serves a connection, and notes what comes on it.
type Take = fn(TcpStream, &dyn Fn(&str)) -> io::Result<()>;

/// Two mail servers and a webhook.
pub(super) struct Post {
    pub(super) mail: String,
    pub(super) other_mail: String,
    pub(super) hook: String,
    received: Arc<Mutex<String>>,
}

impl Post {
    pub(super) fn open() -> Self {
        let received = Arc::new(Mutex::new(String::new()));
        Self {
            mail: listen("mail", take_mail, &received),
            other_mail: listen("other mail", take_mail, &received),
            hook: listen("hook", take_request, &received),
            received,
        }
    }

    /// All that came so far, each connection with who was called and by which address.
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
                    thread::sleep(Duration::from_millis(2500));
                }
                let _the_caller_may_go = take(stream, &note);
            });
        }
    });
    port.to_string()
}

/// Speaks SMTP, without encryption, and lets everybody in.
fn take_mail(stream: TcpStream, note: &dyn Fn(&str)) -> io::Result<()> {
    let mut writer = stream.try_clone()?;
    let mut say = move |line: &str| writer.write_all(format!("{line}\r\n").as_bytes());
    say("220 mail.test")?;
    let mut is_text = false;
    for line in BufReader::new(stream).lines() {
        let line = line?;
        note(&line);
        match line.split(' ').next().unwrap_or_default() {
            "." => {
                is_text = false;
                say("250 taken")?;
            }
            _ if is_text => {}
            "EHLO" => say("250-mail.test\r\n250 AUTH PLAIN")?,
            "AUTH" => say("235 welcome")?,
            "STARTTLS" => say("454 not here")?,
            "DATA" => {
                is_text = true;
                say("354 go on")?;
            }
            "QUIT" => return say("221 bye"),
            _ => say("250 fine")?,
        }
    }
    Ok(())
}

/// Answers one request of HTTP.
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
