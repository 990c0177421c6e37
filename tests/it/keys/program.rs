//! The program, as a process of its own, in a folder and with a database of its own.

use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    os::unix::net::UnixStream,
    process::{Child, Command, Stdio},
    sync::mpsc::{Receiver, channel},
    thread,
    time::Duration,
};

use portcullis_testkit::{Caller, SECRET, TestDatabase};
use tempfile::TempDir;

use super::receivers::Receivers;

/// Longer than any step here takes.
const PATIENCE: Duration = Duration::from_mins(3);

/// The program with its settings, not running yet.
pub(super) struct Program {
    pub(super) database: TestDatabase,
    directory: TempDir,
    receivers: Receivers,
    settings: BTreeMap<String, String>,
}

impl Program {
    /// In the settings' values, `{mail}` and `{other mail}` stand for the ports of mail servers, `{hook}` for that of a
    /// webhook, and `{folder}` for the folder.
    pub(super) fn new(settings: BTreeMap<String, String>) -> Self {
        let (directory, receivers) = (tempfile::tempdir().unwrap(), Receivers::start());
        let folder = directory.path().display().to_string();
        let fill = |value: String| {
            let value = value
                .replace("{folder}", &folder)
                .replace("{mail}", &receivers.mail);
            value
                .replace("{other mail}", &receivers.other_mail)
                .replace("{hook}", &receivers.hook)
        };
        let settings = settings.into_iter().map(|(name, value)| (name, fill(value)));
        Self {
            database: TestDatabase::new(),
            settings: settings.collect(),
            directory,
            receivers,
        }
    }

    /// Writes a file into the folder.
    pub(super) fn write(&self, name: &str, text: &str) {
        fs::write(self.directory.path().join(name), text).unwrap();
    }

    fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_portcullis-under-test"));
        command
            .current_dir(self.directory.path())
            .env_clear()
            .env("PATH", "/usr/local/bin:/usr/bin:/bin")
            .env("BETTER_AUTH_SECRET", SECRET)
            .env("DATABASE_URL", self.database.url())
            .env("PORTCULLIS_BIND", "127.0.0.1:0")
            // A request on a busy machine is slow, but not refused.
            .env("PORTCULLIS_DATABASE__ACQUIRE_TIMEOUT", "30")
            .env("PORTCULLIS_DATABASE__OPERATION_TIMEOUT", "30")
            .env("PORTCULLIS_LIMITS__REQUEST_TIMEOUT", "60")
            .envs(&self.settings);
        command
    }

    /// Runs a command to its end and returns its output.
    pub(super) fn run(&self, arguments: &[&str]) -> String {
        let output = self.command().args(arguments).output().unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
    }

    /// Sends a test message, and returns the program's output and what the servers received.
    pub(super) fn send_test(&self) -> String {
        let output = self.run(&["check", "--mail-to", "ada@example.com"]);
        output + &self.receivers.received()
    }

    /// Runs the server and waits until it listens.
    pub(super) fn serve(&self) -> Running {
        let (child, lines) = self.start();
        let mut running = Running {
            child,
            lines,
            address: "127.0.0.1:0".parse().unwrap(),
        };
        let line = running.wait_for_line("listening");
        let (_, rest) = line.split_once("127.").unwrap();
        let is_of_address = |character: &char| character.is_ascii_digit() || ".:".contains(*character);
        let rest: String = rest.chars().take_while(is_of_address).collect();
        running.address = format!("127.{rest}").parse().unwrap();
        running
    }

    fn start(&self) -> (Child, Receiver<String>) {
        let mut command = self.command();
        let command = command.arg("serve").stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let stderr = BufReader::new(child.stderr.take().unwrap());
        let (sender, lines) = channel();
        thread::spawn(move || {
            for line in stderr.lines().map_while(Result::ok) {
                let _receiver_is_gone = sender.send(line);
            }
        });
        (child, lines)
    }

    /// Runs the server on a socket in the folder, stops it, and returns its log.
    pub(super) fn log(&self) -> String {
        let (child, lines) = self.start();
        let socket = self.directory.path().join("socket");
        let mut running = Running {
            child,
            lines,
            address: "127.0.0.1:0".parse().unwrap(),
        };
        while UnixStream::connect(&socket).is_err() {
            assert!(
                running.child.try_wait().unwrap().is_none(),
                "the server has ended"
            );
            thread::sleep(Duration::from_millis(20));
        }
        running.terminate();
        running.child.wait().unwrap();
        running.lines.iter().collect::<Vec<_>>().join("\n")
    }
}

/// A running server. It is killed when the value is dropped.
pub(super) struct Running {
    child: Child,
    lines: Receiver<String>,
    pub(super) address: SocketAddr,
}

impl Running {
    /// Waits for a line with this text.
    pub(super) fn wait_for_line(&self, text: &str) -> String {
        let mut log = String::new();
        while let Ok(line) = self.lines.recv_timeout(PATIENCE) {
            if line.contains(text) {
                return line;
            }
            log = log + &line + "\n";
        }
        panic!("no line contains {text:?}:\n{log}");
    }

    /// A caller without cookies.
    pub(super) fn anonymous(&self) -> Caller {
        Caller::new(format!("http://{}", self.address))
    }

    /// Sends `SIGTERM` to the program.
    pub(super) fn terminate(&self) {
        let asked = Command::new("kill")
            .args(["-TERM", &self.child.id().to_string()])
            .status();
        assert!(asked.unwrap().success());
    }

    /// Sends a sign-in and does not wait for the answer.
    pub(super) fn sign_in(&self) -> TcpStream {
        let body = r#"{"email":"unknown@example.com","password":"password1234"}"#;
        let head = format!(
            "POST /api/auth/sign-in/email HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
             Connection: close\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.write_all((head + body).as_bytes()).unwrap();
        stream
    }

    /// The names of the program's threads.
    pub(super) fn threads(&self) -> Vec<String> {
        let folder = format!("/proc/{}/task", self.child.id());
        let tasks = fs::read_dir(folder)
            .unwrap()
            .map(|task| task.unwrap().path().join("comm"));
        tasks.filter_map(|comm| fs::read_to_string(comm).ok()).collect()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ended_already = self.child.kill();
        let _ended_already = self.child.wait();
    }
}

/// Reads from a connection. `None` if it stays open and silent for `within`.
pub(super) fn read(stream: &mut TcpStream, within: Duration) -> Option<String> {
    stream.set_read_timeout(Some(within)).unwrap();
    let mut bytes = vec![0; 1024];
    match stream.read(&mut bytes) {
        Ok(length) => Some(String::from_utf8_lossy(&bytes[..length]).into_owned()),
        Err(error)
            if matches!(
                error.kind(),
                std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut
            ) =>
        {
            None
        }
        Err(_) => Some(String::new()),
    }
}
