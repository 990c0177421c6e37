//! Another process that holds a cluster, to be killed.

use std::env;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::world::start;

const FOLDER: &str = "PORTCULLIS_TEST_HELD_FOLDER";

const SIGN: &str = "the cluster is held";

/// This program again, as a holder of the cluster in this folder.
pub(crate) fn spawn(folder: &Path) -> Child {
    Command::new(env::current_exe().unwrap())
        .args(["--exact", "holder::holds_a_cluster_until_killed"])
        .arg("--nocapture")
        .env(FOLDER, folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Waits until the holder has its cluster.
pub(crate) fn wait_until_held(holder: &mut Child) {
    let output = BufReader::new(holder.stdout.as_mut().unwrap());
    assert!(
        output.lines().any(|line| line.unwrap().contains(SIGN)),
        "the holder ended without a cluster"
    );
}

/// A part that other tests start as a process of its own; by itself it has nothing to hold.
#[test]
fn holds_a_cluster_until_killed() {
    #[expect(clippy::disallowed_methods, reason = "how this part is told its folder")]
    let Some(folder) = env::var_os(FOLDER) else {
        return;
    };
    let _cluster = start(Path::new(&folder));

    #[expect(
        clippy::print_stdout,
        reason = "it is read by the test that started this part"
    )]
    {
        println!("{SIGN}");
    }

    // Ends with the test that started it, at the latest.
    io::stdin().read_to_end(&mut Vec::new()).unwrap();
}
