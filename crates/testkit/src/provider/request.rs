//! Requests that a provider receives, and its replies.

use std::{
    collections::BTreeMap,
    io::{self, BufRead, BufReader, Read, Write},
    net::TcpStream,
};

use reqwest::Url;
use serde_json::Value;

/// A request that a [`MockProvider`](super::MockProvider) received.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReceivedRequest {
    /// The method, in upper case.
    pub method: String,
    /// The path, decoded.
    pub path: String,
    /// The parameters of the query, decoded.
    pub query: BTreeMap<String, String>,
    /// The query as it was sent.
    pub raw_query: String,
    /// The headers, with names in lower case.
    pub headers: BTreeMap<String, String>,
    /// The members of a form-encoded body, decoded; empty for other bodies.
    pub form: BTreeMap<String, String>,
    /// The body as it was sent.
    pub body: String,
}

/// The answer to a request.
pub(crate) struct Reply {
    pub(super) status: u16,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: Vec<u8>,
}

impl ReceivedRequest {
    /// Reads a request from a connection.
    pub(crate) fn read(stream: &TcpStream) -> io::Result<Self> {
        let mut reader = BufReader::new(stream);
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let mut words = line.split_whitespace();
        let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let headers = headers(&mut reader)?;
        let length = headers
            .get("content-length")
            .and_then(|length| length.parse().ok());
        let mut body = Vec::new();
        reader.take(length.unwrap_or_default()).read_to_end(&mut body)?;
        let body = String::from_utf8_lossy(&body).into_owned();
        let is_form = headers
            .get("content-type")
            .is_some_and(|value| value.starts_with("application/x-www-form-urlencoded"));
        let (path, raw_query) = target.split_once('?').unwrap_or((target, ""));
        Ok(Self {
            method: method.to_owned(),
            path: decoded(path),
            query: pairs(raw_query),
            raw_query: raw_query.to_owned(),
            form: if is_form { pairs(&body) } else { BTreeMap::new() },
            headers,
            body,
        })
    }

    /// Returns the request with which a browser opens a URL.
    pub(super) fn of_browser(url: &str) -> Self {
        let path = Url::parse(url)
            .map(|url| url.path().to_owned())
            .unwrap_or_default();
        let query = url.split_once('?').map_or("", |(_, query)| query);
        Self {
            method: "GET".to_owned(),
            path: decoded(&path),
            query: pairs(query),
            raw_query: query.to_owned(),
            ..Self::default()
        }
    }

    /// Returns a header by its name in lower case, or an empty text.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    pub(super) fn member(&self, name: &str) -> &str {
        self.form.get(name).map_or("", String::as_str)
    }

    pub(super) fn parameter(&self, name: &str) -> &str {
        self.query.get(name).map_or("", String::as_str)
    }
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

/// Returns the decoded pairs of a query or of a form.
pub(super) fn pairs(text: &str) -> BTreeMap<String, String> {
    Url::parse(&format!("http://mock/?{text}"))
        .map(|url| url.query_pairs().into_owned().collect())
        .unwrap_or_default()
}

fn headers(reader: &mut impl BufRead) -> io::Result<BTreeMap<String, String>> {
    let mut headers = BTreeMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(':') else {
            return Ok(headers);
        };
        headers.insert(name.to_lowercase(), value.trim().to_owned());
    }
}

/// Returns the path without percent-encoding.
fn decoded(path: &str) -> String {
    let path = path.replace('+', "%2B").replace('&', "%26");
    pairs(&format!("path={path}")).remove("path").unwrap_or_default()
}
