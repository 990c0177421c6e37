//! A client without state: each request has a connection of its own.

use std::{
    fmt::Write as _,
    io::{self, Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use serde_json::Value;

/// The server's own origin.
const ORIGIN: &str = "http://localhost:3000";
/// Longer than any answer takes, also on a busy machine.
const PATIENCE: Duration = Duration::from_mins(2);

/// A request that is being built.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    method: &'static str,
    target: String,
    headers: String,
    body: String,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    head: String,
    pub(crate) body: String,
}

impl Request {
    /// Returns a `GET` of an absolute path.
    pub(crate) fn get(target: &str) -> Self {
        Self {
            method: "GET",
            target: target.to_owned(),
            headers: String::new(),
            body: String::new(),
        }
    }

    /// Returns a `POST` of JSON to an absolute path, from a page of the server's own origin.
    pub(crate) fn post(target: &str, body: impl Into<String>) -> Self {
        let post = Self {
            method: "POST",
            body: body.into(),
            ..Self::get(target)
        };
        post.header("Origin", ORIGIN)
            .header("Content-Type", "application/json")
    }

    /// Adds a header.
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        write!(self.headers, "{name}: {value}\r\n").expect("writing to a string cannot fail");
        self
    }

    /// Sends the request and does not wait for the answer.
    pub(crate) fn send(&self, address: SocketAddr) -> io::Result<TcpStream> {
        let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let Self {
            method,
            target,
            headers,
            body,
        } = self;
        let length = body.len();
        stream.write_all(
            format!(
                "{method} {target} HTTP/1.1\r\nHost: localhost:3000\r\nConnection: close\r\n\
                 Content-Length: {length}\r\n{headers}\r\n{body}"
            )
            .as_bytes(),
        )?;
        Ok(stream)
    }

    /// Sends the request and reads the answer.
    pub(crate) fn ask(&self, address: SocketAddr) -> Answer {
        let mut text = String::new();
        self.send(address)
            .and_then(|mut stream| stream.read_to_string(&mut text))
            .unwrap_or_else(|error| panic!("no answer to {} {}: {error}", self.method, self.target));
        Answer::parse(&text).unwrap_or_else(|| panic!("no HTTP: {text:?}"))
    }
}

impl Answer {
    fn parse(text: &str) -> Option<Self> {
        let (head, body) = text.split_once("\r\n\r\n")?;
        Some(Self {
            status: head.split(' ').nth(1)?.parse().ok()?,
            head: head.to_owned(),
            body: body.to_owned(),
        })
    }

    /// Returns the first value of a header, whose name is written in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let headers = self.head.lines().filter_map(|line| line.split_once(": "));
        headers
            .filter(|(header, _)| header.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
            .next()
    }

    /// Returns the first cookie that is set, in the form in which clients send it.
    pub(crate) fn cookie(&self) -> &str {
        let line = self.header("set-cookie").expect("a cookie is set");
        line.split(';').next().unwrap_or(line)
    }

    /// Returns the body as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}
