//! Fixtures of the tests.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use diesel::connection::SimpleConnection;
use diesel::deserialize::QueryableByName;
use diesel::pg::PgConnection;
use diesel::sql_types::Text;
use diesel::{Connection, QueryResult, RunQueryDsl, sql_query};
use portcullis_cluster::{Cluster, Durability, Error, Options, Programs, search_path};
use tempfile::TempDir;

pub(crate) fn programs() -> Programs {
    Programs::find(search_path().as_deref()).unwrap()
}

/// Creates a temporary folder that the user who runs PostgreSQL can enter.
pub(crate) fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
    folder
}

pub(crate) fn try_start(folder: &Path, durability: Durability) -> Result<Cluster, Error> {
    let options = Options {
        folder: folder.to_owned(),
        database: "portcullis".to_owned(),
        durability,
        settings: Vec::new(),
    };
    Cluster::start(&programs(), &options)
}

pub(crate) fn start(folder: &Path) -> Cluster {
    try_start(folder, Durability::Ephemeral).unwrap()
}

pub(crate) fn start_durable(folder: &Path) -> Cluster {
    try_start(folder, Durability::Durable).unwrap()
}

pub(crate) fn home(folder: &Path) -> PathBuf {
    folder.join(programs().major().to_string())
}

pub(crate) fn first_process(cluster: &Cluster) -> u32 {
    *cluster.processes().first().unwrap()
}

pub(crate) fn execute(cluster: &Cluster, statement: &str) {
    try_execute(cluster, statement).unwrap();
}

pub(crate) fn try_execute(cluster: &Cluster, statement: &str) -> QueryResult<()> {
    connect(cluster).batch_execute(statement)
}

pub(crate) fn ask(cluster: &Cluster, expression: &str) -> String {
    let answer: Answer = sql_query(format!("SELECT ({expression})::text AS value"))
        .get_result(&mut connect(cluster))
        .unwrap();
    answer.value
}

pub(crate) fn setting(cluster: &Cluster, name: &str) -> String {
    ask(cluster, &format!("current_setting('{name}')"))
}

fn connect(cluster: &Cluster) -> PgConnection {
    PgConnection::establish(&cluster.url("portcullis")).unwrap()
}

#[derive(QueryableByName)]
struct Answer {
    #[diesel(sql_type = Text)]
    value: String,
}
