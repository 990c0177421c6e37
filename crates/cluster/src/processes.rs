//! The processes of a cluster, found by the cluster's name, which PostgreSQL includes in their titles.

use std::fs;
use std::path::Path;
use std::process::Command;

/// Returns all running processes of this cluster, without zombies.
pub(crate) fn from_name(name: &str) -> Vec<u32> {
    let commands = if Path::new("/proc/self/cmdline").exists() {
        commands_from_proc()
    } else {
        commands_from_ps()
    };
    commands
        .into_iter()
        .filter(|(_, command)| is_postgres(command) && command.contains(name))
        .map(|(id, _)| id)
        .collect()
}

/// Child processes have a title; the first process has the command line that we started it with.
fn is_postgres(command: &str) -> bool {
    command.starts_with("postgres: ") || command.contains("/postgres -D ")
}

fn commands_from_proc() -> Vec<(u32, String)> {
    fs::read_dir("/proc")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let id = entry.file_name().to_str()?.parse().ok()?;
            let command = fs::read(entry.path().join("cmdline")).ok()?;
            Some((id, String::from_utf8_lossy(&command).replace('\0', " ")))
        })
        .collect()
}

fn commands_from_ps() -> Vec<(u32, String)> {
    let answer = Command::new("ps")
        .args(["-A", "-ww", "-o", "pid=,command="])
        .output();
    answer.map_or_else(
        |_| Vec::new(),
        |answer| listed(&String::from_utf8_lossy(&answer.stdout)),
    )
}

fn listed(answer: &str) -> Vec<(u32, String)> {
    answer
        .lines()
        .filter_map(|line| {
            let (id, command) = line.trim_start().split_once(' ')?;
            Some((id.parse().ok()?, command.to_owned()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_output_of_ps_is_parsed() {
        let listed = listed("    1 /sbin/launchd\n  815 /opt/bin/postgres -D /data\n");

        assert_eq!(
            listed,
            [
                (1, "/sbin/launchd".to_owned()),
                (815, "/opt/bin/postgres -D /data".to_owned())
            ]
        );
    }

    #[test]
    fn only_postgres_processes_are_recognised() {
        assert!(is_postgres(
            "/usr/lib/postgresql/15/bin/postgres -D /data -c cluster_name=x"
        ));
        assert!(is_postgres("postgres: portcullis-0123: checkpointer "));
        assert!(!is_postgres("vim /usr/lib/postgres"));
    }
}
