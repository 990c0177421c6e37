//! Runs all tests again as a user other than root.

use std::env;
use std::fs;
use std::os::unix::process::CommandExt;
use std::process::Command;

use nix::unistd::{User, geteuid};

use crate::fixture::folder;

#[test]
fn every_test_passes_as_an_ordinary_user_without_home() {
    if !geteuid().is_root() {
        return; // The test run itself is one of an ordinary user.
    }
    let user = User::from_name("nobody").unwrap().unwrap();
    let folder = folder();
    let program = folder.path().join("cluster");
    fs::copy(env::current_exe().unwrap(), &program).unwrap();

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
