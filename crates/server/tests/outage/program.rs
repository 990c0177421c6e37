//! The program as a process.

use std::{
    io::{BufRead, BufReader},
    net::SocketAddr,
    process::{Child, ChildStderr, Command, Stdio},
    sync::{
        Arc, Mutex,
        mpsc::{Sender, channel},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use tempfile::TempDir;

/// The secret of the server.
pub(crate) const SECRET: &str = "OrvGXzE1hmAkuvd3gm7W0kbLSkhr2GT9";
/// Time limit for the program to listen.
const PATIENCE: Duration = Duration::from_mins(3);

/// A running server; killed when dropped.
pub(crate) struct Program {
    pub(crate) address: SocketAddr,
    pub(crate) process: Child,
    /// What it has written so far.
    pub(crate) log: Arc<Mutex<String>>,
    reader: Option<JoinHandle<()>>,
    _folder: TempDir,
}

impl Program {
    /// Serves this database, with only these variables in addition.
    pub(crate) fn serve(database: &str, variables: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut process = Command::new(env!("CARGO_BIN_EXE_portcullis"))
            .current_dir(folder.path())
            .env_clear()
            .envs([
                ("DATABASE_URL", database),
                ("BETTER_AUTH_SECRET", SECRET),
                ("PORTCULLIS_BIND", "127.0.0.1:0"),
                ("PORTCULLIS_LOG__FORMAT", "json"),
            ])
            .envs(variables.iter().copied())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let stderr = process.stderr.take().unwrap();
        let (listens, address) = channel();
        let log = Arc::new(Mutex::new(String::new()));
        let written = Arc::clone(&log);
        let reader = thread::spawn(move || follow(stderr, &written, &listens));
        let address = address.recv_timeout(PATIENCE).ok();
        Self {
            address: address.expect("the program listens"),
            process,
            log,
            reader: Some(reader),
            _folder: folder,
        }
    }

    /// Stops the server and returns everything that it has written.
    pub(crate) fn end(mut self) -> String {
        kill(Pid::from_raw(self.process.id().cast_signed()), Signal::SIGTERM).unwrap();
        self.process.wait().unwrap();
        self.whole_log()
    }

    /// Returns everything that the server has written until it ended.
    fn whole_log(&mut self) -> String {
        if let Some(reader) = self.reader.take() {
            reader.join().ok();
        }
        self.log.lock().map(|log| log.clone()).unwrap_or_default()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // An error means that the process has already ended.
        self.process.kill().ok();
        self.process.wait().ok();
        if thread::panicking() {
            print(&self.whole_log());
        }
    }
}

/// Prints the log of a test that failed.
#[expect(clippy::print_stderr, reason = "tests have no other output")]
fn print(log: &str) {
    eprintln!("{log}");
}

/// Reads the log to its end and sends the first address in it.
fn follow(stderr: ChildStderr, log: &Mutex<String>, listens: &Sender<SocketAddr>) {
    for line in BufReader::new(stderr).lines().map_while(Result::ok) {
        let address = line.split("http://").nth(1).and_then(|text| text.parse().ok());
        if let Some(address) = address.filter(|_| line.contains("listening on")) {
            // The receiver takes the first address only.
            listens.send(address).ok();
        }
        log.lock().unwrap().extend([line.as_str(), "\n"]);
    }
}
