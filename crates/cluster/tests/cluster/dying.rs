//! A process that looks like the first process of a server, and ends at the first connection, like a server that was
//! killed a moment ago.

use std::env;
use std::fs::{self, Permissions};
use std::io::{self, Read};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixListener;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{self, Child, Command, Stdio};
use std::thread;

const SOCKET: &str = "PORTCULLIS_TEST_DYING_SOCKET";

/// Starts this program again with the title of a server's process. It listens on this socket as soon as the file exists.
pub(crate) fn spawn(cluster_name: &str, socket: &Path) -> Child {
    Command::new(env::current_exe().unwrap())
        .arg0(format!("postgres: {cluster_name}: "))
        .args(["--exact", "dying::listens_until_the_first_connection"])
        .env(SOCKET, socket)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

/// Other tests start this in its own process. Without the variable it does nothing.
#[test]
fn listens_until_the_first_connection() {
    #[expect(clippy::disallowed_methods, reason = "passes the socket to this process")]
    let Some(socket) = env::var_os(SOCKET) else {
        return;
    };
    // Ends at the latest with the test that started this process.
    thread::spawn(|| {
        io::stdin().read_to_end(&mut Vec::new()).ok();
        process::exit(1);
    });
    let unready = Path::new(&socket).with_extension("unready");
    let listener = UnixListener::bind(&unready).unwrap();
    // PostgreSQL's programs may run as another user.
    fs::set_permissions(&unready, Permissions::from_mode(0o777)).unwrap();
    fs::rename(&unready, &socket).unwrap();

    let _connection = listener.accept().unwrap();

    // The end of the process closes the connection, as it does when a server is killed.
    process::exit(0);
}
