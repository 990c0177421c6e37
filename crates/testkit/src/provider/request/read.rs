//! Reading of requests from a connection.

use std::{
    collections::BTreeMap,
    io::{self, BufRead, BufReader, Read},
    net::TcpStream,
};

use super::{ReceivedRequest, decoded, pairs};

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
