//! Whatever happens to the programs that test, nothing stays behind.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test that cannot prepare its world fails")]

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

/// Set for a program that is to hold something until it is killed.
const HOLDS: &str = "PORTCULLIS_TEST_HOLDS";

/// Far longer than the watchdog waits for the next program.
const PATIENCE: Duration = Duration::from_mins(1);

/// Another program that tests, with a temporary folder of its own and hence with a server of its own.
struct Holder {
    process: Child,
    /// Of what it holds.
    url: String,
}

impl Holder {
    fn start(part: &str, temporary: &Path) -> Self {
        Self::spawn(&mut Self::command(
            env::current_exe().unwrap().as_path(),
            part,
            temporary,
        ))
    }

    fn command(program: &Path, part: &str, temporary: &Path) -> Command {
        let mut command = Command::new(program);
        command
            .args(["--exact", part, "--nocapture"])
            .env(HOLDS, "")
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

    /// Lets it come to its end by itself.
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

/// The processes on whose command line this folder stands.
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
    let end = Instant::now() + PATIENCE;
    while !is_empty(folder) || !processes(folder).is_empty() {
        assert!(
            Instant::now() < end,
            "{:?} is left",
            fs::read_dir(folder).unwrap().collect::<Vec<_>>()
        );
        thread::sleep(Duration::from_millis(50));
    }
}

#[expect(
    clippy::print_stdout,
    reason = "it is read by the test that started this part"
)]
fn hold(url: &str) {
    println!("{SIGN}{url}");
    io::stdin().read_to_end(&mut Vec::new()).unwrap();
}

#[expect(clippy::disallowed_methods, reason = "how a part is told that it is one")]
fn is_a_part() -> bool {
    env::var_os(HOLDS).is_some()
}

/// A part that other tests start as a process of its own; by itself it has nothing to hold.
#[test]
fn holds_a_database() {
    if is_a_part() {
        hold(TestDatabase::new().url());
    }
}

/// Likewise.
#[test]
fn holds_a_frozen_server() {
    if !is_a_part() {
        return;
    }
    let server = Server::start();
    server.freeze();
    hold(&server.url("postgres"));
}

#[test]
fn a_killed_run_leaves_no_process_and_no_folder() {
    let temporary = temporary_folder();
    let holder = Holder::start("holds_a_database", temporary.path());
    assert!(holder.answers() && !processes(temporary.path()).is_empty());

    holder.kill();

    assert_nothing_is_left(temporary.path());
}

#[test]
fn a_run_that_ends_well_leaves_no_process_and_no_folder() {
    let temporary = temporary_folder();
    let holder = Holder::start("holds_a_database", temporary.path());

    holder.finish();

    assert_nothing_is_left(temporary.path());
}

#[test]
fn a_run_that_is_killed_while_it_prepares_leaves_nothing() {
    for moment in [20, 100, 300, 800] {
        let temporary = temporary_folder();
        let mut process = Holder::command(&env::current_exe().unwrap(), "holds_a_database", temporary.path())
            .spawn()
            .unwrap();
        thread::sleep(Duration::from_millis(moment));

        process.kill().unwrap();
        process.wait().unwrap();

        assert_nothing_is_left(temporary.path());
    }
}

#[test]
fn programs_that_test_at_once_share_a_server_until_the_last_is_gone() {
    let temporary = temporary_folder();
    let first = Holder::start("holds_a_database", temporary.path());
    let second = Holder::start("holds_a_database", temporary.path());
    assert_eq!(
        first.url.split_once('?').unwrap().1,
        second.url.split_once('?').unwrap().1
    );

    first.kill();
    thread::sleep(Duration::from_secs(5));
    assert!(second.answers());
    second.kill();

    assert_nothing_is_left(temporary.path());
}

#[test]
fn one_who_comes_at_any_moment_after_the_last_has_gone_gets_a_server_that_lives() {
    let temporary = temporary_folder();
    Holder::start("holds_a_database", temporary.path()).kill();

    for moment in [0, 2_900, 3_000, 3_050, 3_100, 3_150] {
        thread::sleep(Duration::from_millis(moment));
        let holder = Holder::start("holds_a_database", temporary.path());
        thread::sleep(Duration::from_millis(500));
        assert!(holder.answers(), "{moment} ms after the last");
        holder.kill();
    }

    assert_nothing_is_left(temporary.path());
}

#[test]
fn programs_that_start_at_once_make_one_server() {
    let temporary = temporary_folder();
    let holders: Vec<Holder> = thread::scope(|scope| {
        let starts: Vec<_> = (0..4)
            .map(|_| scope.spawn(|| Holder::start("holds_a_database", temporary.path())))
            .collect();
        starts.into_iter().map(|start| start.join().unwrap()).collect()
    });

    let mut servers: Vec<&str> = holders
        .iter()
        .map(|holder| holder.url.split_once('?').unwrap().1)
        .collect();
    servers.dedup();
    assert_eq!(servers.len(), 1);

    holders.into_iter().for_each(Holder::kill);
    assert_nothing_is_left(temporary.path());
}

#[test]
fn a_watchdog_that_was_killed_is_replaced_by_the_next_to_come() {
    let temporary = temporary_folder();
    let first = Holder::start("holds_a_database", temporary.path());
    let processes = processes(temporary.path());
    let (watchdog, _) = processes
        .iter()
        .find(|(_, command)| command.starts_with("/bin/sh"))
        .unwrap();
    kill(Pid::from_raw(*watchdog), Signal::SIGKILL).unwrap();

    let second = Holder::start("holds_a_database", temporary.path());
    assert_eq!(
        first.url.split_once('?').unwrap().1,
        second.url.split_once('?').unwrap().1
    );
    first.kill();
    second.kill();

    assert_nothing_is_left(temporary.path());
}

#[test]
fn a_server_that_was_frozen_by_a_killed_test_goes_too() {
    let temporary = temporary_folder();
    let holder = Holder::start("holds_a_frozen_server", temporary.path());
    assert!(!is_empty(temporary.path()));

    holder.kill();

    assert_nothing_is_left(temporary.path());
}

#[test]
fn an_ordinary_user_has_a_server_of_its_own_beside_that_of_root() {
    if !geteuid().is_root() {
        return; // The other tests have shown it.
    }
    let temporary = temporary_folder();
    let user = User::from_name("nobody").unwrap().unwrap();
    let programs = temporary_folder();
    let program = programs.path().join("killed");
    fs::copy(env::current_exe().unwrap(), &program).unwrap();
    let root = Holder::start("holds_a_database", temporary.path());

    let mut command = Holder::command(&program, "holds_a_database", temporary.path());
    command
        .uid(user.uid.as_raw())
        .gid(user.gid.as_raw())
        .env("HOME", "/nonexistent");
    let other = Holder::spawn(&mut command);

    assert!(root.answers() && other.answers());
    assert_ne!(
        root.url.split_once('?').unwrap().1,
        other.url.split_once('?').unwrap().1
    );
    root.kill();
    other.kill();
    assert_nothing_is_left(temporary.path());
}
