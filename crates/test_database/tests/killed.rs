//! No process and no folder is left when test programs end or are killed.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test that cannot set up its fixtures fails")]

use std::env;
use std::fs::{self, Permissions};
use std::io::{self, BufRead, BufReader, Read};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc::channel;
use std::thread;
use std::time::{Duration, Instant};

use diesel::Connection;
use diesel::pg::PgConnection;
use nix::sys::signal::{Signal, kill};
use nix::unistd::{Pid, User, geteuid};
use portcullis_test_database::{Server, TestDatabase};
use tempfile::TempDir;

const SIGN: &str = "holding ";

/// Set for a process that uses a database or server until it is killed.
const IS_CHILD: &str = "PORTCULLIS_TEST_HOLDS";

/// Far longer than the watchdog waits for the next program and for a server that does not stop.
const PATIENCE: Duration = Duration::from_mins(3);

/// Runs its arguments with a copy of standard output that all processes inherit which they start. A program written in
/// Rust lets the processes that it starts inherit its other files only if it asks for that.
const WITH_INHERITED_OUTPUT: &str = r#"exec "$@" 3>&1"#;

/// Another test process, with its own temporary folder and therefore its own server.
struct TestProcess {
    process: Child,
    output: Output,
}

/// What a process, and every process that it started, have open for writing.
type Output = BufReader<ChildStdout>;

impl TestProcess {
    /// Starts the test of this name in a process of its own.
    fn start(test: &str, temporary: &Path) -> Self {
        Self::spawn(&mut Self::command(
            env::current_exe().unwrap().as_path(),
            test,
            temporary,
        ))
    }

    fn command(program: &Path, test: &str, temporary: &Path) -> Command {
        let mut command = Command::new("/bin/sh");
        command
            .args(["-c", WITH_INHERITED_OUTPUT, "sh"])
            .arg(program)
            .args(["--exact", test, "--nocapture"])
            .env(IS_CHILD, "")
            .env("TMPDIR", temporary)
            .env_remove("TEST_DATABASE_URL")
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        command
    }

    fn spawn(command: &mut Command) -> Self {
        let mut process = command.spawn().unwrap();
        let output = BufReader::new(process.stdout.take().unwrap());
        Self { process, output }
    }

    /// Kills the process and returns its output, which other processes may have open.
    fn kill(mut self) -> Output {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
        self.output
    }
}

/// A test process that uses a database or server.
struct Holder {
    process: TestProcess,
    /// URL of its database or server.
    url: String,
}

impl Holder {
    /// Starts the test of this name and waits until it uses its database or server.
    fn start(test: &str, temporary: &Path) -> Self {
        Self::of(TestProcess::start(test, temporary))
    }

    fn of(mut process: TestProcess) -> Self {
        let lines = process.output.by_ref().lines();
        let url = lines
            .map(Result::unwrap)
            .find_map(|line| line.split_once(SIGN).map(|(_, url)| url.to_owned()))
            .unwrap();
        Self { process, url }
    }

    fn answers(&self) -> bool {
        PgConnection::establish(&self.url).is_ok()
    }

    /// Returns the part of the URL that names the server.
    fn server(&self) -> &str {
        self.url.split_once('?').unwrap().1
    }

    fn kill(self) -> Output {
        self.process.kill()
    }

    /// Lets the process end by itself.
    fn finish(mut self) -> Output {
        drop(self.process.process.stdin.take());
        assert!(self.process.process.wait().unwrap().success());
        self.process.output
    }
}

fn temporary_folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), Permissions::from_mode(0o777)).unwrap();
    folder
}

fn is_empty(folder: &Path) -> bool {
    fs::read_dir(folder).unwrap().next().is_none()
}

/// Waits until all processes have ended that inherited one of these outputs. The last of them deletes the folder's
/// contents.
fn assert_nothing_is_left(folder: &Path, outputs: impl IntoIterator<Item = Output>) {
    for mut output in outputs {
        let (sender, end) = channel();
        thread::spawn(move || sender.send(output.read_to_end(&mut Vec::new()).is_ok()));
        assert_eq!(end.recv_timeout(PATIENCE), Ok(true), "processes are left");
    }
    assert!(is_empty(folder), "files are left");
}

fn wait_until(is_so: impl Fn() -> bool, otherwise: impl Fn() -> String) {
    let end = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < end, "{}", otherwise());
        thread::sleep(Duration::from_millis(10));
    }
}

fn entries(folder: &Path) -> impl Iterator<Item = PathBuf> + use<> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.path())
}

/// Returns the process of the watchdog of the server below this folder.
fn watchdog(folder: &Path) -> Option<Pid> {
    let mut numbers = entries(folder).filter_map(|server| fs::read_to_string(server.join("watchdog")).ok());
    numbers.find_map(|number| number.trim().parse().ok().map(Pid::from_raw))
}

/// Returns whether a cluster below this folder contains a file whose path below the major version begins like this.
fn has_file(folder: &Path, beginning: &str) -> bool {
    entries(folder)
        .flat_map(|server| entries(&server))
        .any(|version| match beginning.split_once('/') {
            Some((folder, file)) => version.join(folder).join(file).exists(),
            None => entries(&version).any(|entry| {
                entry
                    .file_name()
                    .unwrap()
                    .to_string_lossy()
                    .starts_with(beginning)
            }),
        })
}

/// A moment during the setup of a server, which this function recognises after it as well.
type Stage = fn(&Path) -> bool;

/// Before the first stage, no file exists that would have to be removed, except for a moment.
const STAGES: [(&str, Stage); 4] = [
    ("the watchdog runs", |folder| watchdog(folder).is_some()),
    ("the data folder is being created", |folder| {
        has_file(folder, "unfinished-") || has_file(folder, "data")
    }),
    ("the data folder is complete", |folder| has_file(folder, "data")),
    ("the server starts", |folder| {
        has_file(folder, "data/postmaster.pid")
    }),
];

#[expect(clippy::print_stdout, reason = "the test that started this process reads it")]
fn print_url_and_wait(url: &str) {
    println!("{SIGN}{url}");
    io::stdin().read_to_end(&mut Vec::new()).unwrap();
}

#[expect(
    clippy::disallowed_methods,
    reason = "set by the test that starts this process"
)]
fn is_child_process() -> bool {
    env::var_os(IS_CHILD).is_some()
}

/// Other tests start this in its own process. Without the variable it does nothing.
#[test]
fn uses_a_database_until_its_input_ends() {
    if is_child_process() {
        print_url_and_wait(TestDatabase::new().url());
    }
}

/// Other tests start this in its own process. Without the variable it does nothing.
#[test]
fn uses_a_frozen_server_until_its_input_ends() {
    if !is_child_process() {
        return;
    }
    let server = Server::start();
    server.freeze();
    print_url_and_wait(&server.url("postgres"));
}

#[test]
fn a_killed_run_leaves_no_process_and_no_folder() {
    let temporary = temporary_folder();
    let holder = Holder::start("uses_a_database_until_its_input_ends", temporary.path());
    assert!(holder.answers());

    assert_nothing_is_left(temporary.path(), [holder.kill()]);
}

#[test]
fn a_successful_run_leaves_no_process_and_no_folder() {
    let temporary = temporary_folder();
    let holder = Holder::start("uses_a_database_until_its_input_ends", temporary.path());

    assert_nothing_is_left(temporary.path(), [holder.finish()]);
}

#[test]
fn a_run_that_is_killed_during_its_setup_leaves_nothing() {
    for (stage, is_reached) in STAGES {
        let temporary = temporary_folder();
        let process = TestProcess::start("uses_a_database_until_its_input_ends", temporary.path());
        wait_until(|| is_reached(temporary.path()), || format!("never: {stage}"));

        assert_nothing_is_left(temporary.path(), [process.kill()]);
    }
}

#[test]
fn concurrent_test_programs_share_a_server_until_the_last_one_ends() {
    let temporary = temporary_folder();
    let first = Holder::start("uses_a_database_until_its_input_ends", temporary.path());
    let second = Holder::start("uses_a_database_until_its_input_ends", temporary.path());
    assert_eq!(first.server(), second.server());

    let output = first.kill();
    // Longer than the watchdog waits after the last process.
    thread::sleep(Duration::from_secs(5));
    assert!(second.answers());

    assert_nothing_is_left(temporary.path(), [output, second.kill()]);
}

#[test]
fn a_test_program_that_starts_at_any_time_after_the_last_one_gets_a_running_server() {
    let temporary = temporary_folder();
    let mut outputs = vec![Holder::start("uses_a_database_until_its_input_ends", temporary.path()).kill()];

    for moment in [0, 2_900, 3_000, 3_050, 3_100, 3_150] {
        thread::sleep(Duration::from_millis(moment));
        let holder = Holder::start("uses_a_database_until_its_input_ends", temporary.path());
        thread::sleep(Duration::from_millis(500));
        assert!(holder.answers(), "{moment} ms after the last");
        outputs.push(holder.kill());
    }

    assert_nothing_is_left(temporary.path(), outputs);
}

#[test]
fn programs_that_start_concurrently_create_one_server() {
    let temporary = temporary_folder();
    let processes =
        [(); 4].map(|()| TestProcess::start("uses_a_database_until_its_input_ends", temporary.path()));
    let holders = processes.map(Holder::of);

    for holder in &holders {
        assert_eq!(holder.server(), holders[0].server());
    }

    assert_nothing_is_left(temporary.path(), holders.map(Holder::kill));
}

#[test]
fn a_killed_watchdog_is_replaced_by_the_next_test_program() {
    let temporary = temporary_folder();
    let first = Holder::start("uses_a_database_until_its_input_ends", temporary.path());
    kill(watchdog(temporary.path()).unwrap(), Signal::SIGKILL).unwrap();

    let second = Holder::start("uses_a_database_until_its_input_ends", temporary.path());
    assert_eq!(first.server(), second.server());

    assert_nothing_is_left(temporary.path(), [first.kill(), second.kill()]);
}

#[test]
fn a_server_that_a_killed_test_froze_is_deleted() {
    let temporary = temporary_folder();
    let holder = Holder::start("uses_a_frozen_server_until_its_input_ends", temporary.path());
    assert!(!is_empty(temporary.path()));

    assert_nothing_is_left(temporary.path(), [holder.kill()]);
}

#[test]
fn an_ordinary_user_has_another_server_than_root() {
    if !geteuid().is_root() {
        return; // The other tests cover an ordinary user.
    }
    let temporary = temporary_folder();
    let user = User::from_name("nobody").unwrap().unwrap();
    let programs = temporary_folder();
    let program = programs.path().join("killed");
    // In a process of its own: a file that is open for writing cannot be run, and every process that another test
    // starts has our open files for a moment.
    let copied = Command::new("cp")
        .arg(env::current_exe().unwrap())
        .arg(&program)
        .status();
    assert!(copied.unwrap().success());
    let root = Holder::start("uses_a_database_until_its_input_ends", temporary.path());

    let mut command =
        TestProcess::command(&program, "uses_a_database_until_its_input_ends", temporary.path());
    command
        .uid(user.uid.as_raw())
        .gid(user.gid.as_raw())
        .env("HOME", "/nonexistent");
    let other = Holder::of(TestProcess::spawn(&mut command));

    assert!(root.answers() && other.answers());
    assert_ne!(root.server(), other.server());
    assert_nothing_is_left(temporary.path(), [root.kill(), other.kill()]);
}
