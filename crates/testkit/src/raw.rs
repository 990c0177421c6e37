//! Raw bytes on a socket, for requests that no HTTP client sends.

use std::{
    io::{self, ErrorKind, Read, Write},
    net::{SocketAddr, TcpStream},
    thread,
    time::Duration,
};

use tokio::sync::oneshot;

use crate::{TestServer, wiring::required};

/// Longer than any answer takes.
const PATIENCE: Duration = Duration::from_mins(3);

/// Sends bytes to an address and returns a part of the response.
type Exchange = fn(SocketAddr, &[u8]) -> io::Result<String>;

impl TestServer {
    /// Sends these bytes on a new connection and returns what the server sends until it closes the connection.
    ///
    /// # Panics
    ///
    /// If the connection fails, or the server does not close it.
    pub async fn raw(&self, bytes: impl Into<Vec<u8>>) -> String {
        self.exchange(exchange, bytes.into()).await
    }

    /// Sends these bytes and returns the response's status, or zero if the server closes the connection without one.
    ///
    /// # Panics
    ///
    /// If the connection fails, or the server neither responds nor closes it.
    pub async fn raw_status(&self, bytes: impl Into<Vec<u8>>) -> u16 {
        let line = self.exchange(first_line, bytes.into()).await;
        line.split(' ')
            .nth(1)
            .and_then(|status| status.parse().ok())
            .unwrap_or_default()
    }

    /// Exchanges bytes on a separate thread, because a test's runtime has only one.
    async fn exchange(&self, exchange: Exchange, bytes: Vec<u8>) -> String {
        let address = self.places.public;
        let (sender, done) = oneshot::channel();
        thread::spawn(move || sender.send(exchange(address, &bytes)));
        required(required(done.await))
    }
}

/// Sends these bytes and reads until the server closes the connection. Fails if the server does not close it.
fn exchange(address: SocketAddr, bytes: &[u8]) -> io::Result<String> {
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
fn first_line(address: SocketAddr, bytes: &[u8]) -> io::Result<String> {
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
