//! No process and no folder is left when test programs end or are killed.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test that cannot set up its fixtures fails")]

use std::env;
use std::fs::{self, Permissions};
use std::io::{self, BufRead, BufReader, Read};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
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

/// Another test process, with its own temporary folder and therefore its own server.
struct TestProcess {
    process: Child,
    /// URL of its database or server.
    url: String,
}

impl TestProcess {
    fn start(test: &str, temporary: &Path) -> Self {
        Self::spawn(&mut Self::command(
            env::current_exe().unwrap().as_path(),
            test,
            temporary,
        ))
    }

    fn command(program: &Path, test: &str, temporary: &Path) -> Command {
        let mut command = Command::new(program);
        command
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
        let lines = BufReader::new(process.stdout.as_mut().unwrap()).lines();
        let url = lines
            .map(Result::unwrap)
            .find_map(|line| line.split_once(SIGN).map(|(_, url)| url.to_owned()))
            .unwrap();
        Self { process, url }
    }

    fn answers(&self) -> bool {
        PgConnection::establish(&self.url).is_ok()
    }

    fn kill(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// Lets the process end by itself.
    fn finish(mut self) {
        drop(self.process.stdin.take());
        assert!(self.process.wait().unwrap().success());
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

/// Returns the processes whose command line contains this folder.
fn processes(folder: &Path) -> Vec<(i32, String)> {
    fs::read_dir("/proc")
        .unwrap()
        .filter_map(|entry| {
            let path = entry.unwrap().path();
            let id = path.file_name().unwrap().to_str()?.parse().ok()?;
            let command = String::from_utf8(fs::read(path.join("cmdline")).ok()?).ok()?;
            command
                .contains(folder.to_str().unwrap())
                .then_some((id, command))
        })
        .collect()
}

fn assert_nothing_is_left(folder: &Path) {
    wait_until(
        || is_empty(folder) && processes(folder).is_empty(),
        || format!("processes or files are left: {:?}", processes(folder)),
    );
}

fn wait_until(is_so: impl Fn() -> bool, otherwise: impl Fn() -> String) {
    let end = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < end, "{}", otherwise());
        thread::sleep(Duration::from_millis(10));
    }
}

/// Returns whether a cluster below this folder contains a file whose path below the major version begins like this.
fn has_file(folder: &Path, beginning: &str) -> bool {
    let entries = |folder: &Path| fs::read_dir(folder).into_iter().flatten().flatten();
    entries(folder)
        .flat_map(|server| entries(&server.path()))
        .any(|version| match beginning.split_once('/') {
            Some((folder, file)) => version.path().join(folder).join(file).exists(),
            None => entries(&version.path())
                .any(|entry| entry.file_name().to_string_lossy().starts_with(beginning)),
        })
}

/// A moment during the setup of a server, which this function recognises after it as well.
type Stage = fn(&Path) -> bool;

/// Before the first stage, no file exists that would have to be removed, except for a moment.
const STAGES: [(&str, Stage); 4] = [
    ("the watchdog runs", |folder| !processes(folder).is_empty()),
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
    let holder = TestProcess::start("uses_a_database_until_its_input_ends", temporary.path());
    assert!(holder.answers() && !processes(temporary.path()).is_empty());

    holder.kill();

    assert_nothing_is_left(temporary.path());
}

#[test]
fn a_successful_run_leaves_no_process_and_no_folder() {
    let temporary = temporary_folder();
    let holder = TestProcess::start("uses_a_database_until_its_input_ends", temporary.path());

    holder.finish();

    assert_nothing_is_left(temporary.path());
}

#[test]
fn a_run_that_is_killed_during_its_setup_leaves_nothing() {
    for (stage, is_reached) in STAGES {
        let temporary = temporary_folder();
        let mut process = TestProcess::command(
            &env::current_exe().unwrap(),
            "uses_a_database_until_its_input_ends",
            temporary.path(),
        )
        .spawn()
        .unwrap();
        wait_until(|| is_reached(temporary.path()), || format!("never: {stage}"));

        process.kill().unwrap();
        process.wait().unwrap();

        assert_nothing_is_left(temporary.path());
    }
}

#[test]
fn concurrent_test_programs_share_a_server_until_the_last_one_ends() {
    let temporary = temporary_folder();
    let first = TestProcess::start("uses_a_database_until_its_input_ends", temporary.path());
    let second = TestProcess::start("uses_a_database_until_its_input_ends", temporary.path());
    assert_eq!(
        first.url.split_once('?').unwrap().1,
        second.url.split_once('?').unwrap().1
    );

    first.kill();
    // Longer than the watchdog waits after the last process.
    thread::sleep(Duration::from_secs(5));
    assert!(second.answers());
    second.kill();

    assert_nothing_is_left(temporary.path());
}

#[test]
fn a_test_program_that_starts_at_any_time_after_the_last_one_gets_a_running_server() {
    let temporary = temporary_folder();
    TestProcess::start("uses_a_database_until_its_input_ends", temporary.path()).kill();

    for moment in [0, 2_900, 3_000, 3_050, 3_100, 3_150] {
        thread::sleep(Duration::from_millis(moment));
        let holder = TestProcess::start("uses_a_database_until_its_input_ends", temporary.path());
        thread::sleep(Duration::from_millis(500));
        assert!(holder.answers(), "{moment} ms after the last");
        holder.kill();
    }

    assert_nothing_is_left(temporary.path());
}

#[test]
fn programs_that_start_concurrently_create_one_server() {
    let temporary = temporary_folder();
    let holders: Vec<TestProcess> = thread::scope(|scope| {
        let starts: Vec<_> = (0..4)
            .map(|_| {
                scope.spawn(|| TestProcess::start("uses_a_database_until_its_input_ends", temporary.path()))
            })
            .collect();
        starts.into_iter().map(|start| start.join().unwrap()).collect()
    });

    let mut servers: Vec<&str> = holders
        .iter()
        .map(|holder| holder.url.split_once('?').unwrap().1)
        .collect();
    servers.dedup();
    assert_eq!(servers.len(), 1);

    holders.into_iter().for_each(TestProcess::kill);
    assert_nothing_is_left(temporary.path());
}

#[test]
fn a_killed_watchdog_is_replaced_by_the_next_test_program() {
    let temporary = temporary_folder();
    let first = TestProcess::start("uses_a_database_until_its_input_ends", temporary.path());
    let processes = processes(temporary.path());
    let (watchdog, _) = processes
        .iter()
        .find(|(_, command)| command.starts_with("/bin/sh"))
        .unwrap();
    kill(Pid::from_raw(*watchdog), Signal::SIGKILL).unwrap();

    let second = TestProcess::start("uses_a_database_until_its_input_ends", temporary.path());
    assert_eq!(
        first.url.split_once('?').unwrap().1,
        second.url.split_once('?').unwrap().1
    );
    first.kill();
    second.kill();

    assert_nothing_is_left(temporary.path());
}

#[test]
fn a_server_that_a_killed_test_froze_is_deleted() {
    let temporary = temporary_folder();
    let holder = TestProcess::start("uses_a_frozen_server_until_its_input_ends", temporary.path());
    assert!(!is_empty(temporary.path()));

    holder.kill();

    assert_nothing_is_left(temporary.path());
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
    let root = TestProcess::start("uses_a_database_until_its_input_ends", temporary.path());

    let mut command =
        TestProcess::command(&program, "uses_a_database_until_its_input_ends", temporary.path());
    command
        .uid(user.uid.as_raw())
        .gid(user.gid.as_raw())
        .env("HOME", "/nonexistent");
    let other = TestProcess::spawn(&mut command);

    assert!(root.answers() && other.answers());
    assert_ne!(
        root.url.split_once('?').unwrap().1,
        other.url.split_once('?').unwrap().1
    );
    root.kill();
    other.kill();
    assert_nothing_is_left(temporary.path());
}
