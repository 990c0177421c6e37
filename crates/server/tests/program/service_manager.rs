//! What a service manager sees: notifications by systemd's protocol, and lines for its journal.

use std::{
    fs::{self, File},
    io::{self, BufRead, BufReader, PipeReader, Read},
    os::{
        fd::AsFd,
        unix::{fs::MetadataExt, net::UnixDatagram},
    },
    path::Path,
    process::{Child, Command},
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use portcullis_test_database::TestDatabase;

use crate::support::{PATIENCE, in_production, portcullis};

/// Runs a command with its standard error in the journal: in a pipe that `JOURNAL_STREAM` describes.
fn in_journal(command: &mut Command) -> (Child, BufReader<PipeReader>) {
    let (reader, writer) = io::pipe().unwrap();
    let pipe = File::from(writer.as_fd().try_clone_to_owned().unwrap());
    let status = pipe.metadata().unwrap();
    let journal = format!("{}:{}", status.dev(), status.ino());
    let child = command.env("JOURNAL_STREAM", journal).stderr(writer).spawn();
    command.stderr(io::stderr());
    (child.unwrap(), BufReader::new(reader))
}

fn receive(socket: &UnixDatagram) -> String {
    let mut buffer = [0; 4096];
    let length = socket.recv(&mut buffer).unwrap();
    String::from_utf8(buffer.get(..length).unwrap().to_vec()).unwrap()
}

fn write_file(directory: &Path, text: &str) {
    fs::write(directory.join("portcullis.toml"), text).unwrap();
}

#[test]
fn the_service_manager_is_notified_of_the_start_of_reloads_and_of_the_stop() {
    let (directory, database) = (tempfile::tempdir().unwrap(), TestDatabase::new());
    write_file(directory.path(), "");
    let socket = directory.path().join("notify");
    let manager = UnixDatagram::bind(&socket).unwrap();
    manager.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut program = in_production(directory.path(), database.url());
    let (mut child, mut log) = in_journal(program.env("NOTIFY_SOCKET", &socket));
    let signal = |signal| kill(Pid::from_raw(i32::try_from(child.id()).unwrap()), signal).unwrap();

    let started = receive(&manager);
    assert!(
        started.starts_with("READY=1\nSTATUS=Listening on 127.0.0.1:"),
        "{started}"
    );

    for (file, outcome) in [
        ("", "READY=1\nSTATUS=Reloaded the configuration\n"),
        (
            "wrong",
            "READY=1\nSTATUS=Could not reload the configuration; the previous one stays in effect\n",
        ),
    ] {
        write_file(directory.path(), file);
        signal(Signal::SIGHUP);
        let begun = receive(&manager);
        assert!(begun.starts_with("RELOADING=1\nMONOTONIC_USEC="), "{begun}");
        assert_eq!(receive(&manager), outcome);
    }

    signal(Signal::SIGTERM);
    assert_eq!(receive(&manager), "STOPPING=1\nEXTEND_TIMEOUT_USEC=35000000\n");
    assert!(child.wait().unwrap().success());
    let mut text = String::new();
    log.read_to_string(&mut text).unwrap();
    for start in [
        "<6>INFO  portcullis ",
        "<6>INFO  reloaded the configuration",
        "<3>ERROR could not reload the configuration",
        "<6>INFO  stopped",
    ] {
        assert!(
            text.lines().any(|line| line.starts_with(start)),
            "{start}: {text}"
        );
    }
}

#[test]
fn a_failed_start_is_an_error_in_the_journal() {
    let directory = tempfile::tempdir().unwrap();
    write_file(directory.path(), "unknown = 1");
    let (mut child, log) = in_journal(&mut portcullis(directory.path()));
    assert!(!child.wait().unwrap().success());
    let lines: Vec<_> = log.lines().map(Result::unwrap).collect();
    assert!(lines.len() > 1, "{lines:?}");
    assert!(lines.iter().all(|line| line.starts_with("<3>")), "{lines:?}");
}

#[test]
fn a_redirected_standard_error_is_not_taken_for_the_journal() {
    let directory = tempfile::tempdir().unwrap();
    write_file(directory.path(), "unknown = 1");
    let output = portcullis(directory.path()).env("JOURNAL_STREAM", "8:1").output();
    let text = String::from_utf8(output.unwrap().stderr).unwrap();
    assert!(text.starts_with("portcullis: "), "{text}");
}
