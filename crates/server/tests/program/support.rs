//! Runs the program in its own folder and environment.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    path::Path,
    process::{Child, Command, ExitStatus, Output, Stdio},
    sync::{
        Arc, Mutex,
        mpsc::{Receiver, channel},
    },
    thread,
    time::{Duration, Instant},
};

use diesel::{Connection, PgConnection, RunQueryDsl, connection::SimpleConnection, sql_query};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use portcullis_test_database::TestDatabase;

/// Longer than anything here takes, also on a busy machine.
pub(crate) const PATIENCE: Duration = Duration::from_mins(3);
/// Good enough for production.
const SECRET: &str = "n3Vr1tQpZc8yLw0bKf6hXs2mGd9jTa4e";
/// Time limits with which a request on a busy machine is slow, but not refused.
const PATIENT: [(&str, &str); 3] = [
    ("PORTCULLIS_DATABASE__ACQUIRE_TIMEOUT", "60"),
    ("PORTCULLIS_DATABASE__OPERATION_TIMEOUT", "60"),
    ("PORTCULLIS_LIMITS__REQUEST_TIMEOUT", "60"),
];

/// The program in this folder, without the environment of the test.
pub(crate) fn portcullis(directory: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_portcullis"));
    command
        .current_dir(directory)
        .env_clear()
        .env("PATH", "/usr/local/bin:/usr/bin:/bin");
    command
}

/// The program in this folder, with all settings that production requires and this database.
pub(crate) fn in_production(directory: &Path, database: &str) -> Command {
    let mut command = portcullis(directory);
    command.envs([
        ("PORTCULLIS_MODE", "production"),
        ("PORTCULLIS_BIND", "127.0.0.1:0"),
        ("PORTCULLIS_RATE_LIMIT__ENABLED", "false"),
        ("BETTER_AUTH_URL", "https://auth.example.com"),
        ("BETTER_AUTH_SECRET", SECRET),
        ("DATABASE_URL", database),
    ]);
    command.envs(PATIENT);
    command
}

/// The program in this folder, in development mode with this database.
pub(crate) fn in_development(directory: &Path, database: &str) -> Command {
    let mut command = portcullis(directory);
    command.env("PORTCULLIS_BIND", "127.0.0.1:0");
    command.env("DATABASE_URL", database);
    command.envs(PATIENT);
    command
}

pub(crate) fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

pub(crate) fn wait_until(mut is_so: impl FnMut() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < end, "the condition did not become true");
        thread::sleep(Duration::from_millis(10));
    }
}

/// A lock of all users, until it is dropped. A sign-in waits for it.
pub(crate) struct UserLock(PgConnection);

impl UserLock {
    pub(crate) fn take(database: &TestDatabase) -> Self {
        let mut connection = PgConnection::establish(database.url()).unwrap();
        connection.batch_execute("BEGIN; LOCK TABLE \"user\"").unwrap();
        Self(connection)
    }

    /// Waits until a request waits for the lock.
    pub(crate) fn wait_for_request(&mut self) {
        let waiting = "SELECT FROM pg_locks JOIN pg_database ON pg_database.oid = database \
                       WHERE NOT granted AND datname = current_database()";
        wait_until(|| sql_query(waiting).execute(&mut self.0).unwrap() > 0);
    }
}

/// A running server. It is killed when the value is dropped.
pub(crate) struct Running {
    child: Child,
    lines: Receiver<String>,
    said: Arc<Mutex<String>>,
    pub(crate) address: SocketAddr,
    /// What it wrote until it listened.
    pub(crate) greeting: String,
}

impl Running {
    /// Starts the server and waits until it listens.
    pub(crate) fn start(command: &mut Command) -> Self {
        let mut child = command
            .arg("serve")
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let stderr = BufReader::new(child.stderr.take().unwrap());
        let (sender, lines) = channel();
        let said = Arc::new(Mutex::new(String::new()));
        let written = Arc::clone(&said);
        thread::spawn(move || {
            for line in stderr.lines().map_while(Result::ok) {
                let mut said = written.lock().unwrap();
                said.push_str(&line);
                said.push('\n');
                drop(said);
                let _not_interested = sender.send(line);
            }
        });
        let mut greeting = String::new();
        let address = loop {
            let Ok(line) = lines.recv_timeout(PATIENCE) else {
                child.kill().unwrap();
                panic!("the server does not listen: {greeting}");
            };
            greeting = greeting + &line + "\n";
            if line.contains(" listening\"") {
                let (_, rest) = line.split_once("\"bind\":\"").unwrap();
                break rest.split('"').next().unwrap().parse().unwrap();
            }
        };
        Self {
            child,
            lines,
            said,
            address,
            greeting,
        }
    }

    /// Waits for a line with this text and returns it.
    pub(crate) fn wait_for_line(&mut self, text: &str) -> String {
        let end = Instant::now() + PATIENCE;
        while let Ok(line) = self
            .lines
            .recv_timeout(end.saturating_duration_since(Instant::now()))
        {
            if line.contains(text) {
                return line;
            }
        }
        panic!("never written: {text}");
    }

    /// Returns everything that it has written so far.
    pub(crate) fn said(&self) -> String {
        self.said.lock().unwrap().clone()
    }

    /// Returns the resident memory of the process, in MiB.
    pub(crate) fn memory(&self) -> u64 {
        self.kibibytes("VmRSS:") / 1024
    }

    /// Returns the peak memory of the process, in bytes.
    pub(crate) fn peak_memory(&self) -> usize {
        usize::try_from(self.kibibytes("VmHWM:") * 1024).unwrap()
    }

    fn kibibytes(&self, name: &str) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
        line.trim().trim_end_matches(" kB").parse().unwrap()
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill(Pid::from_raw(i32::try_from(self.child.id()).unwrap()), signal).unwrap();
    }

    pub(crate) fn wait(&mut self) -> ExitStatus {
        let end = Instant::now() + PATIENCE;
        while Instant::now() < end {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            thread::sleep(Duration::from_millis(10));
        }
        panic!("the server does not end");
    }

    /// Sends a GET and returns the status.
    pub(crate) fn get(&self, path: &str) -> u16 {
        self.ask(path, "").answer()
    }

    /// Sends a GET with additional header lines.
    pub(crate) fn ask(&self, path: &str, head: &str) -> Exchange {
        self.send(&format!(
            "GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n{head}\r\n",
            self.address
        ))
    }

    /// Sends a POST with a body in JSON.
    pub(crate) fn post(&self, path: &str, body: &str) -> Exchange {
        self.send(&format!(
            "POST {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\n\r\n{body}",
            self.address,
            body.len()
        ))
    }

    /// Waits until a GET is answered with this status.
    pub(crate) fn wait_for_status(&self, path: &str, status: u16) {
        let end = Instant::now() + PATIENCE;
        while self.get(path) != status {
            assert!(Instant::now() < end, "{path} is never {status}");
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// Sends a request with these header lines, and returns the whole answer.
    pub(crate) fn exchange(&self, line: &str, head: &str, body: &str) -> String {
        let request = format!(
            "{line} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Length: {}\r\n{head}\r\n{body}",
            self.address,
            body.len()
        );
        self.send(&request).text()
    }

    fn send(&self, request: &str) -> Exchange {
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        Exchange(stream)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ended_already = self.child.kill();
        let _ended_already = self.child.wait();
    }
}

/// A request that is sent.
pub(crate) struct Exchange(TcpStream);

impl Exchange {
    /// Returns the status of the answer, or 0 if the connection is closed without one.
    pub(crate) fn answer(self) -> u16 {
        let answer = self.text();
        let status = answer.split(' ').nth(1);
        status.and_then(|status| status.parse().ok()).unwrap_or_default()
    }

    /// Returns the whole answer.
    pub(crate) fn text(mut self) -> String {
        let mut answer = String::new();
        let _cut = self.0.read_to_string(&mut answer);
        answer
    }
}
