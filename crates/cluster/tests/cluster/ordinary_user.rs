//! Runs all tests again as a user other than root.

use std::env;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use nix::unistd::{User, geteuid};

use crate::fixture::folder;

/// Copies a program in a process of its own: a file that is open for writing cannot be run, and every process that
/// another test starts has our open files for a moment.
fn copy(from: &Path, to: &Path) {
    assert!(Command::new("cp").arg(from).arg(to).status().unwrap().success());
}

#[test]
fn every_test_passes_as_an_ordinary_user_without_home() {
    if !geteuid().is_root() {
        return; // The test run itself is one of an ordinary user.
    }
    let user = User::from_name("nobody").unwrap().unwrap();
    let folder = folder();
    let program = folder.path().join("cluster");
    copy(&env::current_exe().unwrap(), &program);

    let answer = Command::new(program)
        .args(["--skip", "ordinary_user::"])
        .uid(user.uid.as_raw())
        .gid(user.gid.as_raw())
        .current_dir("/")
        .env("HOME", "/nonexistent")
        .env("PGPORT", "1")
        .env("PGHOST", "nowhere.invalid")
        .env("LANG", "xx_YY")
        .output()
        .unwrap();

    assert!(
        answer.status.success(),
        "{}",
        String::from_utf8_lossy(&answer.stdout)
    );
}
