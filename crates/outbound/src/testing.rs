//! An HTTP server on the loopback interface that stands for a service.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    time::{sleep, timeout},
};

use crate::client::{Client, ClientOptions};

/// A service that answers every request by one function.
pub struct TestServer {
    /// `127.0.0.1` with the port.
    pub host: String,
    requests: Arc<Mutex<Vec<String>>>,
}

impl TestServer {
    /// Starts a server. `answer` returns the whole response for a request. The connection stays open unless the response
    /// contains `connection: close`.
    pub async fn start(answer: impl Fn(&str) -> String + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let host = listener.local_addr().unwrap().to_string();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let answer = Arc::new(answer);
        let seen = Arc::clone(&requests);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&answer), Arc::clone(&seen)));
            }
        });
        Self { host, requests }
    }

    /// Returns the port.
    #[must_use]
    pub fn port(&self) -> &str {
        self.host.rsplit(':').next().unwrap()
    }

    /// Returns the URL of this path.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.host)
    }

    /// Returns the requests so far, with their bodies.
    #[must_use]
    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }

    /// Waits until the server has received this number of requests.
    pub async fn wait_for_requests(&self, number: usize) {
        let arrival = async {
            while self.requests().len() < number {
                sleep(Duration::from_millis(1)).await;
            }
        };
        timeout(Duration::from_secs(10), arrival).await.unwrap();
    }

    /// Returns a client that may send requests to this server.
    #[must_use]
    pub fn client(&self) -> Client {
        let options = ClientOptions {
            allowed_hosts: vec![self.host.clone()],
            ..ClientOptions::default()
        };
        Client::new(options).unwrap()
    }
}

/// Returns a response with this status line, media type and body.
#[must_use]
pub fn response(status: &str, media_type: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\ncontent-type: {media_type}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
    )
}

/// Returns a response with the status 200 and a JSON body.
#[must_use]
pub fn json_response(body: &serde_json::Value) -> String {
    response("200 OK", "application/json", &body.to_string())
}

async fn serve(mut stream: TcpStream, answer: Arc<impl Fn(&str) -> String>, seen: Arc<Mutex<Vec<String>>>) {
    let Some(request) = read(&mut stream).await else {
        return;
    };
    let answer = answer(&request);
    seen.lock().unwrap().push(request);
    // The client may close the connection before the end.
    if stream.write_all(answer.as_bytes()).await.is_ok() && !answer.contains("connection: close") {
        std::future::pending::<()>().await;
    }
}

async fn read(stream: &mut TcpStream) -> Option<String> {
    let mut text = String::new();
    let mut buffer = [0; 4096];
    loop {
        let length = stream.read(&mut buffer).await.ok().filter(|length| *length > 0)?;
        text.push_str(&String::from_utf8_lossy(buffer.get(..length)?));
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let expected = head
            .lines()
            .find_map(|line| {
                line.to_ascii_lowercase()
                    .strip_prefix("content-length: ")?
                    .parse()
                    .ok()
            })
            .unwrap_or(0);
        if body.len() >= expected {
            return Some(text);
        }
    }
}
