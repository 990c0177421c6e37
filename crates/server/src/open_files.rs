//! The process's limit of open files, which also limits connections.

use nix::sys::resource::{Resource, getrlimit, setrlimit};
use portcullis_http::Options;
use portcullis_persistence::PoolOptions;

/// Descriptors for everything but connections to clients and to the database: the log, listening sockets, the pollers
/// of the runtimes, connections of message delivery, and files that are read.
const OTHERS: usize = 48;
/// Descriptors of each thread that serves requests.
const FOR_THREAD: usize = 4;

/// Minimum number of client connections, even if they use the reserve. With fewer, most new connections would close the
/// idle connection of another client.
const FEWEST: usize = 16;

/// Raises the soft limit to the hard limit. Many shells set a soft limit of 1024, which is fewer than the connections
/// of a server.
pub(crate) fn raise_limit() {
    let raised = getrlimit(Resource::RLIMIT_NOFILE)
        .and_then(|(_soft, hard)| setrlimit(Resource::RLIMIT_NOFILE, hard, hard));
    if let Err(error) = raised {
        tracing::warn!(%error, "could not raise the limit of open files");
    }
}

/// Lowers the number of connections to what the limit of open files allows: without a free descriptor, no client could
/// be served.
pub(crate) fn fit_connections(options: &mut Options, pool: &PoolOptions) {
    let Ok((files, _hard)) = getrlimit(Resource::RLIMIT_NOFILE) else {
        return;
    };
    let wanted = options.connections;
    let needed = options.max_descriptors() + reserve(options, pool);
    let missing = needed.saturating_sub(usize::try_from(files).unwrap_or(usize::MAX));
    options.connections = wanted.saturating_sub(missing).max(FEWEST.min(wanted));
    if missing > 0 {
        tracing::warn!(
            open_files = files,
            connections = options.connections,
            "the limit of open files allows fewer connections than `limits.connections`"
        );
    }
}

/// Number of descriptors that are reserved. Connections to the database count twice, since a connection may be replaced
/// before it is closed.
fn reserve(options: &Options, pool: &PoolOptions) -> usize {
    let database = 2 * usize::try_from(pool.size).unwrap_or(usize::MAX);
    OTHERS + FOR_THREAD * options.threads() + database
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_of_open_files_is_raised_to_the_hard_limit() {
        let (_soft, hard) = getrlimit(Resource::RLIMIT_NOFILE).unwrap();
        setrlimit(Resource::RLIMIT_NOFILE, hard.min(512), hard).unwrap();
        raise_limit();
        assert_eq!(getrlimit(Resource::RLIMIT_NOFILE).unwrap(), (hard, hard));
    }
}
