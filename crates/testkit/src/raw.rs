//! Raw bytes on a socket, for requests that no HTTP client sends.

use std::{
    io::{self, ErrorKind, Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

/// Longer than any answer takes.
const PATIENCE: Duration = Duration::from_secs(30);

/// Sends these bytes and reads until the server closes the connection. Fails if the server does not close it.
pub(crate) fn exchange(address: SocketAddr, bytes: &[u8]) -> io::Result<String> {
    let mut stream = send(address, bytes)?;
    let mut answer = Vec::new();
    match stream.read_to_end(&mut answer) {
        Err(error) if error.kind() != ErrorKind::ConnectionReset => Err(io::Error::new(
            error.kind(),
            format!("not closed after {}", String::from_utf8_lossy(&answer)),
        )),
        Ok(_) | Err(_) => Ok(String::from_utf8_lossy(&answer).into_owned()),
    }
}

/// Sends these bytes and reads the first line of the response. It is empty if the server closes the connection instead.
pub(crate) fn first_line(address: SocketAddr, bytes: &[u8]) -> io::Result<String> {
    let mut stream = send(address, bytes)?;
    let mut line = Vec::new();
    let mut byte = [0];
    while !line.ends_with(b"\n") {
        match stream.read(&mut byte) {
            Ok(1..) => line.extend(byte),
            Err(error) if error.kind() != ErrorKind::ConnectionReset => return Err(error),
            Ok(0) | Err(_) => break,
        }
    }
    Ok(String::from_utf8_lossy(&line).into_owned())
}

fn send(address: SocketAddr, bytes: &[u8]) -> io::Result<TcpStream> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    // A server that rejects the request early may close the connection during the write.
    let _may_be_cut_off = stream.write_all(bytes);
    Ok(stream)
}
