//! Another process that uses a cluster, for tests that kill it.

use std::env;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::fixture::start;

const FOLDER: &str = "PORTCULLIS_TEST_HELD_FOLDER";

const SIGN: &str = "the cluster is in use";

/// Starts this program again as a process that uses the cluster in this folder.
pub(crate) fn spawn(folder: &Path) -> Child {
    Command::new(env::current_exe().unwrap())
        .args(["--exact", "holder::uses_a_cluster_until_its_input_ends"])
        .arg("--nocapture")
        .env(FOLDER, folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Waits until the process uses its cluster.
pub(crate) fn wait_until_held(holder: &mut Child) {
    let output = BufReader::new(holder.stdout.as_mut().unwrap());
    assert!(
        output.lines().any(|line| line.unwrap().contains(SIGN)),
        "the holder ended without a cluster"
    );
}

/// Other tests start this in its own process. Without the variable it does nothing.
#[test]
fn uses_a_cluster_until_its_input_ends() {
    #[expect(clippy::disallowed_methods, reason = "passes the folder to this process")]
    let Some(folder) = env::var_os(FOLDER) else {
        return;
    };
    let _cluster = start(Path::new(&folder));

    #[expect(clippy::print_stdout, reason = "the test that started this process reads it")]
    {
        println!("{SIGN}");
    }

    // Ends at the latest with the test that started this process.
    io::stdin().read_to_end(&mut Vec::new()).unwrap();
}
