//! A fake mail server whose behaviour tests can change.

use std::{
    future::pending,
    sync::{Arc, Mutex},
};

use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpSocket, TcpStream},
    time::{Duration, sleep},
};

/// What the server does instead of its normal reply.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Conduct {
    /// Sends this reply.
    Say(&'static str),
    /// Sends no reply.
    Hang,
    /// Sends a reply a byte at a time and never completes it.
    Drip,
    /// Sends this text repeatedly, as long as the client reads it.
    Flood(&'static str),
    /// Closes the connection.
    Close,
}

/// What the server has received, and what it still has to do.
#[derive(Default)]
struct Record {
    connections: usize,
    commands: Vec<String>,
    texts: Vec<String>,
    flooded: usize,
    conduct: Vec<(&'static str, Conduct)>,
}

/// A server on a free port. Its steps are SMTP commands, `CONNECT`, and `TEXT` for the end of a mail's text.
pub(crate) struct FakeServer {
    pub(crate) port: u16,
    record: Arc<Mutex<Record>>,
}

impl FakeServer {
    /// Starts a server that does each of these once, and otherwise sends normal replies.
    #[expect(
        clippy::unused_async,
        reason = "it needs the runtime in which its caller awaits it"
    )]
    pub(crate) async fn start(conduct: &[(&'static str, Conduct)]) -> Self {
        let listener = listener();
        let port = listener.local_addr().unwrap().port();
        let record = Arc::new(Mutex::new(Record {
            conduct: conduct.to_vec(),
            ..Record::default()
        }));
        let server = Self {
            port,
            record: Arc::clone(&record),
        };
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                record.lock().unwrap().connections += 1;
                tokio::spawn(serve(stream, Arc::clone(&record)));
            }
        });
        server
    }

    pub(crate) fn connections(&self) -> usize {
        self.record.lock().unwrap().connections
    }

    pub(crate) fn commands(&self) -> Vec<String> {
        self.record.lock().unwrap().commands.clone()
    }

    /// Returns the number of bytes that were sent as a flood.
    pub(crate) fn flooded(&self) -> usize {
        self.record.lock().unwrap().flooded
    }

    /// Returns the mails that the server accepted.
    pub(crate) fn texts(&self) -> Vec<String> {
        self.record.lock().unwrap().texts.clone()
    }
}

/// Returns a listener with small send buffers, so that few bytes are sent but not received.
fn listener() -> TcpListener {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_send_buffer_size(8 * 1024).unwrap();
    socket.bind(([127, 0, 0, 1], 0).into()).unwrap();
    socket.listen(1024).unwrap()
}

/// Serves one connection until it ends.
async fn serve(stream: TcpStream, record: Arc<Mutex<Record>>) -> Option<()> {
    let mut stream = BufReader::new(stream);
    answer(&mut stream, &record, "CONNECT").await?;
    loop {
        let command = line(&mut stream).await?;
        record.lock().unwrap().commands.push(command.clone());
        let step = command.split([' ', ':']).next().unwrap_or_default().to_owned();
        if answer(&mut stream, &record, &step).await?.starts_with("354") {
            let text = text(&mut stream).await?;
            if answer(&mut stream, &record, "TEXT").await?.starts_with('2') {
                record.lock().unwrap().texts.push(text);
            }
        }
        if step == "QUIT" {
            return None;
        }
    }
}

/// Sends the configured or the normal reply, and returns it. Returns `None` if the connection must end.
async fn answer(stream: &mut BufReader<TcpStream>, record: &Mutex<Record>, step: &str) -> Option<String> {
    let conduct = {
        let mut record = record.lock().unwrap();
        let configured = record.conduct.iter().position(|(at, _)| *at == step);
        configured.map_or(Conduct::Say(normal(step)), |at| record.conduct.remove(at).1)
    };
    match conduct {
        Conduct::Say(reply) => {
            stream.write_all(format!("{reply}\r\n").as_bytes()).await.ok()?;
            Some(reply.to_owned())
        }
        Conduct::Hang => {
            pending::<()>().await;
            None
        }
        Conduct::Drip => {
            stream.write_all(b"250").await.ok()?;
            loop {
                stream.write_all(b"-").await.ok()?;
                sleep(Duration::from_millis(30)).await;
            }
        }
        Conduct::Flood(text) => loop {
            stream.write_all(text.as_bytes()).await.ok()?;
            record.lock().unwrap().flooded += text.len();
        },
        Conduct::Close => None,
    }
}

fn normal(step: &str) -> &'static str {
    match step {
        "CONNECT" => "220 fake",
        "EHLO" => "250-fake\r\n250-AUTH PLAIN LOGIN\r\n250 8BITMIME",
        "AUTH" => "235 2.7.0 welcome",
        "DATA" => "354 go on",
        "QUIT" => "221 bye",
        _ => "250 2.0.0 fine",
    }
}

async fn line(stream: &mut BufReader<TcpStream>) -> Option<String> {
    let mut line = String::new();
    match stream.read_line(&mut line).await {
        Ok(1..) => Some(line.trim_end().to_owned()),
        _ => None,
    }
}

async fn text(stream: &mut BufReader<TcpStream>) -> Option<String> {
    let mut text = String::new();
    loop {
        let line = line(stream).await?;
        if line == "." {
            return Some(text);
        }
        text.push_str(&line);
        text.push('\n');
    }
}
