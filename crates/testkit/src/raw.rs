//! Raw bytes on a socket, for requests that no HTTP client sends.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

/// Sends these bytes and reads until the server closes the connection or sends nothing for three seconds.
pub(crate) fn exchange(address: SocketAddr, bytes: &[u8]) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(3)))?;
    // A server that rejects the request early may close the connection during the write.
    let _may_be_cut_off = stream.write_all(bytes);
    let mut answer = Vec::new();
    let _may_be_reset = stream.read_to_end(&mut answer);
    Ok(String::from_utf8_lossy(&answer).into_owned())
}
