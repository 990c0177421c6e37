//! The private PostgreSQL of development mode while it is created, and after it has ended.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::Stdio,
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use portcullis_cluster::{Programs, private_folder, search_path};
use tempfile::TempDir;

use crate::support::{Running, portcullis};

const SIGN_UP: &str = r#"{"name":"N","email":"n@example.com","password":"long enough"}"#;
const SIGN_IN: &str = r#"{"email":"n@example.com","password":"long enough"}"#;

/// The folder of the cluster of a project. It is deleted when the value is dropped.
struct Home(PathBuf);

impl Home {
    fn of(project: &TempDir) -> Self {
        Self(private_folder(&project.path().join(".portcullis/postgres")).unwrap())
    }

    /// The folder of the installed version.
    fn version(&self) -> PathBuf {
        let programs = Programs::find(search_path().as_deref()).unwrap();
        self.0.join(programs.major().to_string())
    }

    fn data(&self) -> PathBuf {
        self.version().join("data")
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        let _is_deleted_by_the_system = fs::remove_dir_all(&self.0);
    }
}

fn first_process(data: &Path) -> Pid {
    let text = fs::read_to_string(data.join("postmaster.pid")).unwrap();
    Pid::from_raw(text.lines().next().unwrap().parse().unwrap())
}

/// Another process holds the lock under which the cluster is created, so the line is written before that.
#[test]
fn the_first_line_is_written_before_the_database_is_created() {
    let directory = tempfile::tempdir().unwrap();
    let home = Home::of(&directory);
    fs::create_dir_all(home.version()).unwrap();
    let lock = File::create(home.version().join("change.lock")).unwrap();
    lock.lock().unwrap();

    let mut command = portcullis(directory.path());
    let mut child = command
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stderr.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    child.kill().unwrap();
    child.wait().unwrap();

    assert_eq!(
        line,
        format!(
            "creating a private PostgreSQL in {}; this takes a few seconds\n",
            home.0.display()
        )
    );
}

#[test]
fn a_private_database_that_ends_while_the_server_runs_is_started_again_with_its_data() {
    let directory = tempfile::tempdir().unwrap();
    let home = Home::of(&directory);
    let mut server = Running::start(portcullis(directory.path()).env("PORTCULLIS_BIND", "127.0.0.1:0"));
    assert_eq!(server.post("/api/auth/sign-up/email", SIGN_UP).answer(), 200);

    kill(first_process(&home.data()), Signal::SIGKILL).unwrap();

    server.wait_for_line("the private PostgreSQL had ended and was started again");
    server.wait_for_status("/health/ready", 200);
    assert_eq!(server.post("/api/auth/sign-in/email", SIGN_IN).answer(), 200);
    server.signal(Signal::SIGTERM);
    assert!(server.wait().success());
    assert!(!home.data().join("postmaster.pid").exists());
}

#[test]
fn a_private_database_that_cannot_be_started_again_is_named_in_the_log() {
    let directory = tempfile::tempdir().unwrap();
    let home = Home::of(&directory);
    let mut server = Running::start(portcullis(directory.path()).env("PORTCULLIS_BIND", "127.0.0.1:0"));
    let process = first_process(&home.data());
    fs::rename(home.data(), home.version().join("elsewhere")).unwrap();

    kill(process, Signal::SIGKILL).unwrap();

    let line = server.wait_for_line("could not keep the private PostgreSQL running");
    assert!(line.contains("could not read the data folder"), "{line}");
    server.wait_for_status("/health/ready", 503);
    assert_eq!(server.get("/health/live"), 200);
}
