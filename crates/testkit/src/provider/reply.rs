//! Replies of mock servers.

use std::{
    io::{self, Write},
    net::TcpStream,
};

use serde_json::Value;

/// The answer to a request.
pub(crate) struct Reply {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
}

impl Reply {
    pub(crate) fn new(status: u16, media_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            headers: vec![("content-type", media_type.to_owned())],
            body: body.into(),
        }
    }

    pub(super) fn json(status: u16, body: &Value) -> Self {
        Self::new(status, "application/json", body.to_string())
    }

    pub(super) fn html(body: impl Into<Vec<u8>>) -> Self {
        Self::new(200, "text/html; charset=utf-8", body)
    }

    pub(super) fn redirect(to: &str) -> Self {
        Self {
            status: 302,
            headers: vec![("location", to.to_owned())],
            body: Vec::new(),
        }
    }

    /// Writes the answer and closes the connection.
    pub(crate) fn write(&self, mut stream: &TcpStream) -> io::Result<()> {
        write!(stream, "HTTP/1.1 {} Mock\r\n", self.status)?;
        for (name, value) in &self.headers {
            write!(stream, "{name}: {value}\r\n")?;
        }
        let length = self.body.len();
        write!(stream, "content-length: {length}\r\nconnection: close\r\n\r\n")?;
        stream.write_all(&self.body)
    }
}
