//! A mail server.

use std::{
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
};

use super::{Fake, Script, anywhere};

/// Starts a mail server. Its steps are `CONNECT`, commands, and `TEXT` for the end of a mail.
pub(crate) fn server() -> Fake {
    server_at(anywhere())
}

/// Starts a mail server on this listener.
pub(crate) fn server_at(listener: TcpListener) -> Fake {
    Fake::start(listener, talk)
}

fn talk(stream: TcpStream, script: &Script) -> Option<()> {
    let mut stream = BufReader::new(stream);
    reply(&mut stream, script, "CONNECT")?;
    loop {
        let command = line(&mut stream)?;
        let step = command.split([' ', ':']).next()?;
        let answer = reply(&mut stream, script, step)?;
        if step == "QUIT" {
            return None;
        }
        if answer.starts_with("354") {
            let text = text(&mut stream)?;
            if reply(&mut stream, script, "TEXT")?.starts_with('2') {
                script.took(text);
            }
        }
    }
}

/// Sends the answer of the script and returns it.
fn reply(stream: &mut BufReader<TcpStream>, script: &Script, step: &str) -> Option<String> {
    let good = match step {
        "CONNECT" => "220 mail.test",
        "EHLO" => "250-mail.test\r\n250 AUTH PLAIN",
        "AUTH" => "235 2.7.0 welcome",
        "DATA" => "354 go on",
        "QUIT" => "221 bye",
        _ => "250 2.0.0 fine",
    };
    let answer = script.answer(step, good);
    stream
        .get_mut()
        .write_all(format!("{answer}\r\n").as_bytes())
        .ok()?;
    Some(answer)
}

fn line(stream: &mut BufReader<TcpStream>) -> Option<String> {
    let mut line = String::new();
    stream.read_line(&mut line).ok().filter(|length| *length > 0)?;
    Some(line.trim_end().to_owned())
}

fn text(stream: &mut BufReader<TcpStream>) -> Option<String> {
    let mut text = String::new();
    loop {
        let line = line(stream)?;
        if line == "." {
            return Some(text);
        }
        text = text + &line + "\n";
    }
}

/// A decoded mail.
pub(crate) struct Mail(String);

impl Mail {
    /// Decodes the quoted-printable encoding of a mail.
    pub(crate) fn read(source: &str) -> Self {
        let mut parts = source.replace("=\n", "");
        for (code, text) in [("=3D", "="), ("=E2=80=93", "–"), ("=C3=B6", "ö")] {
            parts = parts.replace(code, text);
        }
        Self(parts)
    }

    pub(crate) fn text(&self) -> &str {
        &self.0
    }

    /// Returns the value of a header.
    pub(crate) fn header(&self, name: &str) -> &str {
        let mut lines = self.0.lines().map_while(|line| line.split_once(": "));
        lines.find(|(found, _)| *found == name).unwrap().1
    }

    /// Returns the path and the query of the first link.
    pub(crate) fn link(&self) -> &str {
        let (_, link) = self.0.split_once("https://auth.example.com").unwrap();
        link.split_whitespace().next().unwrap()
    }
}
