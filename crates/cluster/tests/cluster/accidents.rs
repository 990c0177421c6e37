//! After power cuts and kills.

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
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::holder;
use crate::world::{ask, execute, first_process, folder, home, start, start_durable};

fn signal(process: u32, signal: Signal) {
    kill(Pid::from_raw(i32::try_from(process).unwrap()), signal).unwrap();
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
        assert!(Instant::now() < end, "nothing came of it");
        thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn a_server_that_was_killed_starts_again_with_its_data() {
    let folder = folder();
    let killed = start_durable(folder.path());
    execute(&killed, "CREATE TABLE kept AS SELECT 'as it was' AS text");
    signal(first_process(&killed), Signal::SIGKILL);

    let cluster = start_durable(folder.path());

    assert_eq!(ask(&cluster, "SELECT text FROM kept"), "as it was");
}

#[test]
fn a_backend_that_outlives_its_killed_server_is_no_hindrance() {
    let folder = folder();
    let killed = start(folder.path());
    let url = killed.url("portcullis");
    let busy = thread::spawn(move || {
        let mut connection = PgConnection::establish(&url).unwrap();
        // Computes without looking up, so that it does not notice the death.
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
fn a_server_whose_program_was_killed_is_adopted() {
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
fn a_server_that_two_programs_use_outlives_the_death_of_one() {
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
fn a_server_that_another_program_uses_is_not_stopped() {
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

#[test]
fn a_data_folder_that_was_being_made_is_made_again() {
    let folder = folder();
    let home = home(folder.path());
    let mut program = holder::spawn(folder.path());
    wait_until(|| !unfinished(&home).is_empty());
    program.kill().unwrap();
    program.wait().unwrap();
    assert!(!home.join("data").exists());

    let cluster = start(folder.path());

    assert_eq!(ask(&cluster, "1"), "1");
    assert_eq!(unfinished(&home), Vec::<String>::new());
}

#[test]
fn a_number_that_another_program_has_got_since_is_not_taken_for_the_server() {
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

#[test]
fn a_frozen_server_is_stopped_at_once() {
    let folder = folder();
    let cluster = start(folder.path());
    for process in cluster.processes() {
        signal(process, Signal::SIGSTOP);
    }
    let begin = Instant::now();

    cluster.stop().unwrap();

    assert!(begin.elapsed() < Duration::from_secs(15));
}
