//! The first process of a server: start, detection and stop.

use std::fs::{self, File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::Child;
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::cluster::{Durability, Options};
use crate::error::Error;
use crate::files::wait;
use crate::paths::{ClusterPaths, socket_in};
use crate::processes;
use crate::programs::Programs;
use crate::system_user::SystemUser;

/// Time limit of a start: long enough for recovery after a power cut.
const PATIENCE_TO_START: Duration = Duration::from_mins(2);

/// The signals to send and how long to wait after each: fast shutdown, immediate shutdown, kill.
const STOPS: [(Signal, Duration); 3] = [
    (Signal::SIGINT, Duration::from_secs(20)),
    (Signal::SIGQUIT, Duration::from_secs(10)),
    (Signal::SIGKILL, Duration::from_secs(10)),
];

/// Settings of every server. The log must not contain values of statements: they may be e-mail addresses or secrets.
const SETTINGS: [&str; 6] = [
    "listen_addresses=",
    "port=5432",
    "logging_collector=off",
    "log_destination=stderr",
    "log_error_verbosity=terse",
    "log_min_error_statement=panic",
];

const EPHEMERAL: [&str; 7] = [
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "autovacuum=off",
    "max_connections=300",
    "max_wal_senders=0",
    "max_wal_size=128MB",
];

/// How long the memory of a killed server may stay in use after its processes have disappeared from the process list.
///
/// The system removes a process's command line before it detaches the shared memory, and a process that reads
/// `/proc` at that moment delays the detachment.
const PATIENCE_WITH_OLD_MEMORY: Duration = Duration::from_secs(30);

/// PostgreSQL's message if the shared memory of a killed server is still in use. It is always English, by the locale of
/// the data folder.
const OLD_MEMORY_IN_USE: &str = "pre-existing shared memory block";

/// How many lines of the log an error contains.
const LOG_LINES: usize = 10;

/// The contents of `postmaster.pid`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct ProcessFile {
    pub(crate) process: u32,
    pub(crate) socket_folder: PathBuf,
    is_ready: bool,
}

impl ProcessFile {
    /// Reads the file. `None`: it is missing or incomplete.
    pub(crate) fn read(path: &Path) -> Option<Self> {
        Self::parse(&fs::read_to_string(path).ok()?)
    }

    fn parse(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        let process = lines.next()?.trim().parse().ok()?;
        let socket_folder = PathBuf::from(lines.nth(3)?);
        let status = lines.nth(2).unwrap_or_default();
        Some(Self {
            process,
            socket_folder,
            is_ready: status.trim() == "ready",
        })
    }
}

/// Returns whether the first process of this cluster is alive.
pub(crate) fn runs(place: &ClusterPaths) -> bool {
    ProcessFile::read(&place.process_file())
        .is_some_and(|file| processes::from_name(&place.name).contains(&file.process))
}

/// Starts the server and waits until it accepts connections. Returns its first process, which is our child, and the
/// folder of its socket.
pub(crate) fn start(
    programs: &Programs,
    account: SystemUser,
    place: &ClusterPaths,
    options: &Options,
) -> Result<(Child, PathBuf), Error> {
    let mut outcome = try_start(programs, account, place, options);
    wait(PATIENCE_WITH_OLD_MEMORY, || {
        let is_settled = !outcome.as_ref().is_err_and(is_caused_by_old_memory);
        if !is_settled {
            outcome = try_start(programs, account, place, options);
        }
        Ok(is_settled)
    })?;
    outcome
}

fn is_caused_by_old_memory(error: &Error) -> bool {
    matches!(error, Error::NotStarted { log } if log.contains(OLD_MEMORY_IN_USE))
}

fn try_start(
    programs: &Programs,
    account: SystemUser,
    place: &ClusterPaths,
    options: &Options,
) -> Result<(Child, PathBuf), Error> {
    let mut child = spawn(programs, account, place, options)?;
    let socket_folder = wait_until_ready(place, || child.try_wait().is_ok_and(|end| end.is_some()))?;
    Ok((child, socket_folder))
}

fn spawn(
    programs: &Programs,
    account: SystemUser,
    place: &ClusterPaths,
    options: &Options,
) -> Result<Child, Error> {
    clear(place, account)?;

    let log = open_log(&place.log())?;
    let errors = log.try_clone().map_err(Error::file("write", &place.log()))?;
    let program = programs.path("postgres");
    let mut command = account.command(&program);
    command.arg("-D").arg(place.data()).stdout(log).stderr(errors);
    command.args(["-c", &format!("cluster_name={}", place.name)]);
    command.args(SETTINGS.iter().flat_map(|setting| ["-c", setting]));
    command.arg("-c").arg(format!(
        "unix_socket_directories={}",
        place.socket_folder.display()
    ));
    if options.durability == Durability::Ephemeral {
        command.args(EPHEMERAL.iter().flat_map(|setting| ["-c", setting]));
    }
    command.args(options.settings.iter().flat_map(|setting| ["-c", setting]));
    command.spawn().map_err(Error::run(&program))
}

/// Waits until the server accepts connections, and returns the folder of its socket.
///
/// The wait ends when `has_ended` returns true.
pub(crate) fn wait_until_ready(
    place: &ClusterPaths,
    mut has_ended: impl FnMut() -> bool,
) -> Result<PathBuf, Error> {
    let mut socket_folder = None;
    wait(PATIENCE_TO_START, || {
        socket_folder = ProcessFile::read(&place.process_file())
            .filter(|file| file.is_ready)
            .map(|file| file.socket_folder);
        Ok(socket_folder.is_some() || has_ended())
    })?;
    socket_folder
        .filter(|folder| socket_in(folder).exists())
        .ok_or_else(|| Error::NotStarted {
            log: end_of_log(&place.log()),
        })
}

/// Stops the server and waits until all its processes have ended; sends stronger signals if they do not.
pub(crate) fn stop(place: &ClusterPaths, mut child: Option<&mut Child>) -> Result<(), Error> {
    for (signal, patience) in STOPS {
        let running = processes::from_name(&place.name);
        // A stopped process does not handle other signals.
        send(Signal::SIGCONT, &running);
        let file = ProcessFile::read(&place.process_file());
        match file.filter(|file| running.contains(&file.process)) {
            Some(file) if signal != Signal::SIGKILL => send(signal, &[file.process]),
            _ => send(Signal::SIGKILL, &running),
        }
        let has_ended = wait(patience, || {
            if let Some(child) = &mut child {
                // Reaps the child. The next line checks whether it still runs.
                child.try_wait().ok();
            }
            Ok(processes::from_name(&place.name).is_empty())
        })?;
        if has_ended {
            return Ok(());
        }
    }
    Err(Error::NotStopped(place.home.clone()))
}

/// Removes the leftovers of a killed server, which would prevent the next start.
///
/// PostgreSQL takes any live process with the id in `postmaster.pid` for the owner, even a zombie, or another program
/// that has been given the same id since.
fn clear(place: &ClusterPaths, account: SystemUser) -> Result<(), Error> {
    stop(place, None)?;
    let file = place.process_file();
    if file.exists() {
        fs::remove_file(&file).map_err(Error::file("remove", &file))?;
    }
    place.clear_socket_folder(account)
}

/// Opens the log, truncated and readable only by us. The server inherits the open file.
fn open_log(path: &Path) -> Result<File, Error> {
    OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path)
        .map_err(Error::file("write", path))
}

/// Sends the signal to each process; ignores processes that have ended.
fn send(signal: Signal, processes: &[u32]) {
    for process in processes
        .iter()
        .filter_map(|process| i32::try_from(*process).ok())
    {
        kill(Pid::from_raw(process), signal).ok();
    }
}

fn end_of_log(log: &Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    let first = lines.len().saturating_sub(LOG_LINES);
    lines.get(first..).unwrap_or_default().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &str = "815\n/data\n1700000000\n5432\n/run/socket\n\n  1234567   8\nready   \n";

    #[test]
    fn a_ready_server_is_recognised() {
        assert_eq!(
            ProcessFile::parse(WHOLE),
            Some(ProcessFile {
                process: 815,
                socket_folder: PathBuf::from("/run/socket"),
                is_ready: true,
            })
        );
    }

    #[test]
    fn only_memory_that_is_still_in_use_causes_another_attempt() {
        let failed = |log: &str| Error::NotStarted { log: log.to_owned() };

        assert!(is_caused_by_old_memory(&failed(
            "FATAL:  pre-existing shared memory block (key 11419651, ID 12582923) is still in use"
        )));
        assert!(!is_caused_by_old_memory(&failed(
            "FATAL:  could not create lock file"
        )));
    }

    #[test]
    fn a_starting_or_stopping_server_is_not_ready() {
        for text in [
            WHOLE.replace("ready", "starting"),
            WHOLE.replace("ready", "stopping"),
            WHOLE.replace("ready   \n", ""),
        ] {
            assert!(!ProcessFile::parse(&text).unwrap().is_ready, "{text}");
        }
    }

    #[test]
    fn an_incomplete_process_file_is_ignored() {
        assert_eq!(ProcessFile::parse("815\n/data\n"), None);
        assert_eq!(ProcessFile::parse(""), None);
    }
}
