//! A webhook.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
};

use super::{Fake, Script, anywhere};

/// Starts a webhook. Its only step is `POST`, which it answers with a status.
pub(crate) fn server() -> Fake {
    Fake::start(anywhere(), talk)
}

fn talk(stream: TcpStream, script: &Script) -> Option<()> {
    let mut stream = BufReader::new(stream);
    loop {
        let mut request = String::new();
        while !request.ends_with("\r\n\r\n") {
            stream.read_line(&mut request).ok().filter(|length| *length > 0)?;
        }
        let mut body = vec![0; header(&request, "content-length").parse().ok()?];
        stream.read_exact(&mut body).ok()?;
        let status = script.answer("POST", "204");
        let answer = format!("HTTP/1.1 {status} X\r\ncontent-length: 0\r\n\r\n");
        stream.get_mut().write_all(answer.as_bytes()).ok()?;
        script.took(request + &String::from_utf8(body).ok()?);
    }
}

/// Returns the value of a request's header, whose name is written in lower case.
pub(crate) fn header<'a>(request: &'a str, name: &str) -> &'a str {
    let mut lines = request.lines().filter_map(|line| line.split_once(": "));
    lines.find(|(found, _)| *found == name).unwrap().1
}
