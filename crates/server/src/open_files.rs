//! How many files, and so connections, the process may have open.

use nix::sys::resource::{Resource, getrlimit, setrlimit};
use portcullis_http::Options;
use portcullis_persistence::PoolOptions;

/// What the process has open beside connections to clients and to the database: the log, sockets that listen, what
/// the runtimes wait with, connections of the delivery, and files that are read.
const OTHERS: usize = 48;
/// How many files each thread that serves requests has open.
const FOR_THREAD: usize = 4;

/// With fewer connections than this, honest clients would close each other's: the reserve gives way first.
const FEWEST: usize = 16;

/// Raises the limit as far as the system lets one without asking: many a shell's own is 1024, which is fewer than
/// the connections that a server has.
pub(crate) fn raise_limit() {
    let raised = getrlimit(Resource::RLIMIT_NOFILE)
        .and_then(|(_soft, hard)| setrlimit(Resource::RLIMIT_NOFILE, hard, hard));
    if let Err(error) = raised {
        tracing::warn!(%error, "the limit of open files cannot be raised");
    }
}

/// Lowers the number of connections to what the limit of open files allows: without a descriptor that is free, no
/// client could be served.
pub(crate) fn fit_connections(options: &mut Options, pool: &PoolOptions) {
    let Ok((files, _hard)) = getrlimit(Resource::RLIMIT_NOFILE) else {
        return;
    };
    let wanted = options.connections;
    let needed = options.most_descriptors() + reserve(options, pool);
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

/// How many descriptors are kept from clients. A connection to the database may be replaced before it is closed.
fn reserve(options: &Options, pool: &PoolOptions) -> usize {
    let database = 2 * usize::try_from(pool.size).unwrap_or(usize::MAX);
    OTHERS + FOR_THREAD * options.threads() + database
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_files_may_be_open_as_the_system_allows() {
        let (_soft, hard) = getrlimit(Resource::RLIMIT_NOFILE).unwrap();
        setrlimit(Resource::RLIMIT_NOFILE, hard.min(512), hard).unwrap();
        raise_limit();
        assert_eq!(getrlimit(Resource::RLIMIT_NOFILE).unwrap(), (hard, hard));
    }
}
