//! Starts and stops after processes were killed, frozen or replaced.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use diesel::Connection;
use diesel::connection::SimpleConnection;
use diesel::pg::PgConnection;
use nix::errno::Errno;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tempfile::TempDir;

use crate::fixture::{ask, execute, first_process, folder, home, setting, start, start_durable};
use crate::{dying, holder};

fn signal(process: u32, signal: Signal) {
    kill(Pid::from_raw(i32::try_from(process).unwrap()), signal).unwrap();
}

/// Freezes a process of a server. Some of them end on their own, possibly before this signal.
fn freeze(process: u32) {
    let outcome = kill(Pid::from_raw(i32::try_from(process).unwrap()), Signal::SIGSTOP);
    assert!(matches!(outcome, Ok(()) | Err(Errno::ESRCH)), "{outcome:?}");
}

fn unfinished(home: &Path) -> Vec<String> {
    fs::read_dir(home)
        .into_iter()
        .flatten()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with("unfinished-"))
        .collect()
}

fn wait_until(mut is_so: impl FnMut() -> bool) {
    let end = Instant::now() + Duration::from_secs(30);
    while !is_so() {
        assert!(
            Instant::now() < end,
            "the condition did not become true within 30 s"
        );
        thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn a_killed_server_starts_again_with_its_data() {
    let folder = folder();
    let killed = start_durable(folder.path());
    execute(&killed, "CREATE TABLE kept AS SELECT 'as it was' AS text");
    signal(first_process(&killed), Signal::SIGKILL);

    let cluster = start_durable(folder.path());

    assert_eq!(ask(&cluster, "SELECT text FROM kept"), "as it was");
}

#[test]
fn a_server_starts_while_a_backend_of_its_killed_predecessor_still_runs() {
    let folder = folder();
    let killed = start(folder.path());
    let url = killed.url("portcullis");
    let busy = thread::spawn(move || {
        let mut connection = PgConnection::establish(&url).unwrap();
        // Computes without a pause, so that the backend does not notice that the server is dead.
        connection.batch_execute("SELECT count(*) FROM generate_series(1, 2000000000)")
    });
    wait_until(|| {
        ask(
            &killed,
            "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%2000000000)'",
        ) == "1"
    });
    signal(first_process(&killed), Signal::SIGKILL);

    let cluster = start(folder.path());

    assert_eq!(ask(&cluster, "1"), "1");
    assert!(busy.join().unwrap().is_err());
}

#[test]
fn a_server_whose_starter_was_killed_is_adopted() {
    let folder = folder();
    let mut program = holder::spawn(folder.path());
    holder::wait_until_held(&mut program);
    let file = home(folder.path()).join("data/postmaster.pid");
    let process = fs::read_to_string(file).unwrap();
    program.kill().unwrap();
    program.wait().unwrap();

    let cluster = start(folder.path());

    assert_eq!(
        first_process(&cluster).to_string(),
        process.lines().next().unwrap()
    );
}

#[test]
fn a_server_that_ends_while_it_is_adopted_is_started_again() {
    let folder = folder();
    let file = home(folder.path()).join("data/postmaster.pid");
    let stopped = start(folder.path());
    let name = setting(&stopped, "cluster_name");
    let content = fs::read_to_string(&file).unwrap();
    let process = first_process(&stopped).to_string();
    stopped.stop().unwrap();

    let socket_folder = Path::new(content.lines().nth(4).unwrap());
    let socket = socket_folder.join(".s.PGSQL.5432");
    let mut dying = dying::spawn(&name, &socket);
    wait_until(|| socket.exists());
    fs::write(&file, content.replacen(&process, &dying.id().to_string(), 1)).unwrap();

    let cluster = start(folder.path());

    assert_eq!(ask(&cluster, "1"), "1");
    wait_until(|| dying.try_wait().unwrap().is_some());
    assert_eq!(dying.wait().unwrap().code(), Some(0), "it was not adopted");
}

#[test]
fn a_server_used_by_two_processes_survives_when_one_is_killed() {
    let folder = folder();
    let mut program = holder::spawn(folder.path());
    holder::wait_until_held(&mut program);
    let cluster = start(folder.path());

    program.kill().unwrap();
    program.wait().unwrap();

    assert_eq!(ask(&cluster, "1"), "1");
    let url = cluster.url("portcullis");
    cluster.stop().unwrap();
    assert!(PgConnection::establish(&url).is_err());
}

#[test]
fn a_server_that_another_process_uses_is_not_stopped() {
    let folder = folder();
    let mut program = holder::spawn(folder.path());
    holder::wait_until_held(&mut program);
    let cluster = start(folder.path());
    let url = cluster.url("portcullis");

    cluster.stop().unwrap();

    PgConnection::establish(&url).unwrap();
    program.kill().unwrap();
    program.wait().unwrap();
    start(folder.path()).stop().unwrap();
}

/// Kills a process while it creates a data folder. `None`: the machine is so busy that the kill came too late.
fn interrupted_creation() -> Option<TempDir> {
    let folder = folder();
    let home = home(folder.path());
    let mut program = holder::spawn(folder.path());
    wait_until(|| !unfinished(&home).is_empty() || home.join("data").exists());
    program.kill().unwrap();
    program.wait().unwrap();
    if home.join("data").exists() {
        start(folder.path()).stop().unwrap();
        return None;
    }
    Some(folder)
}

#[test]
fn an_incomplete_data_folder_is_created_again() {
    let folder = (0..20).find_map(|_| interrupted_creation()).unwrap();
    let home = home(folder.path());

    let cluster = start(folder.path());

    assert_eq!(ask(&cluster, "1"), "1");
    assert_eq!(unfinished(&home), Vec::<String>::new());
}

#[test]
fn another_program_with_the_servers_old_process_id_is_not_taken_for_the_server() {
    let folder = folder();
    let file = home(folder.path()).join("data/postmaster.pid");
    let cluster = start(folder.path());
    let content = fs::read_to_string(&file).unwrap();
    let number = first_process(&cluster).to_string();
    let owner = fs::metadata(&file).unwrap();
    cluster.stop().unwrap();

    let mut other = Command::new("sleep");
    other.arg("600").current_dir("/");
    if nix::unistd::geteuid().is_root() {
        other.uid(owner.uid()).gid(owner.gid());
    }
    let mut other = other.spawn().unwrap();
    fs::write(&file, content.replacen(&number, &other.id().to_string(), 1)).unwrap();

    let cluster = start(folder.path());

    assert_eq!(ask(&cluster, "1"), "1");
    assert!(other.try_wait().unwrap().is_none());
    other.kill().unwrap();
    other.wait().unwrap();
}

/// Only a server that no longer reacts is stopped by a stronger signal.
#[test]
fn a_frozen_server_is_thawed_and_stopped_by_the_first_signal() {
    let folder = folder();
    let cluster = start(folder.path());
    for process in cluster.processes() {
        freeze(process);
    }

    cluster.stop().unwrap();

    let log = fs::read_to_string(home(folder.path()).join("log")).unwrap();
    assert!(log.contains("received fast shutdown request"), "{log}");
    assert!(log.contains("database system is shut down"), "{log}");
    assert!(!log.contains("immediate shutdown"), "{log}");
}
