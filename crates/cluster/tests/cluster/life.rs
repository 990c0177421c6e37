//! Creation, start, adoption and stop.

use std::thread;

use diesel::Connection;
use diesel::pg::PgConnection;
use portcullis_cluster::{Cluster, Durability, Options, Programs};

use crate::fixture::{
    ask, execute, first_process, folder, home, programs, setting, start, start_durable, try_execute,
    try_start,
};

#[test]
fn a_new_cluster_listens_only_on_a_socket_and_uses_utf8() {
    let folder = folder();
    let cluster = start(folder.path());

    assert_eq!(setting(&cluster, "listen_addresses"), "");
    assert_eq!(setting(&cluster, "server_encoding"), "UTF8");
    assert_eq!(ask(&cluster, "current_database()"), "portcullis");
    assert_eq!(ask(&cluster, "current_user"), "postgres");
}

#[test]
fn only_a_durable_cluster_flushes_writes_to_disk() {
    let (hasty, careful) = (folder(), folder());
    let ephemeral = start(hasty.path());
    let durable = start_durable(careful.path());

    for name in ["fsync", "synchronous_commit", "full_page_writes"] {
        assert_eq!(setting(&ephemeral, name), "off", "{name}");
        assert_eq!(setting(&durable, name), "on", "{name}");
    }
}

#[test]
fn data_survives_a_stop_and_a_start() {
    let folder = folder();
    let cluster = start(folder.path());
    execute(&cluster, "CREATE TABLE kept AS SELECT 'as it was' AS text");
    cluster.stop().unwrap();

    let cluster = start(folder.path());

    assert_eq!(ask(&cluster, "SELECT text FROM kept"), "as it was");
}

#[test]
fn a_stopped_cluster_has_no_process_and_no_socket() {
    let folder = folder();
    let cluster = start(folder.path());
    let url = cluster.url("portcullis");
    let socket = home(folder.path()).join("socket/.s.PGSQL.5432");
    assert!(socket.exists());

    cluster.stop().unwrap();

    assert!(PgConnection::establish(&url).is_err());
    assert!(!socket.exists());
}

#[test]
fn a_running_cluster_is_adopted_and_stops_with_its_last_user() {
    let folder = folder();
    let one = start(folder.path());
    let other = start(folder.path());
    assert_eq!(first_process(&one), first_process(&other));

    drop(one);
    let after_the_first = ask(&other, "1");
    let url = other.url("portcullis");
    drop(other);

    assert_eq!(after_the_first, "1");
    assert!(PgConnection::establish(&url).is_err());
}

#[test]
fn concurrent_starts_share_one_server() {
    let folder = folder();
    let path = folder.path();

    let clusters: Vec<Cluster> = thread::scope(|scope| {
        let starters: Vec<_> = (0..4).map(|_| scope.spawn(|| start(path))).collect();
        starters
            .into_iter()
            .map(|starter| starter.join().unwrap())
            .collect()
    });

    let mut processes: Vec<u32> = clusters.iter().map(first_process).collect();
    processes.dedup();
    assert_eq!(processes.len(), 1);
}

#[test]
fn every_start_creates_the_missing_database() {
    let folder = folder();
    let _first = start(folder.path());
    let options = Options {
        folder: folder.path().to_owned(),
        database: "a second".to_owned(),
        durability: Durability::Ephemeral,
        settings: Vec::new(),
    };

    let adopted = Cluster::start(&programs(), &options).unwrap();

    PgConnection::establish(&adopted.url("a second")).unwrap();
}

#[test]
fn without_postgresql_the_error_contains_the_install_command() {
    let refusal = Programs::find_in([]).unwrap_err().to_string();

    assert!(refusal.starts_with("found no PostgreSQL server"), "{refusal}");
    assert!(refusal.contains("install "), "{refusal}");
}

#[test]
fn a_failed_start_reports_postgresqls_message() {
    let folder = folder();
    start(folder.path()).stop().unwrap();
    let configuration = home(folder.path()).join("data/postgresql.conf");
    std::fs::write(configuration, "no_such_setting = 1\n").unwrap();

    let refusal = try_start(folder.path(), Durability::Ephemeral)
        .unwrap_err()
        .to_string();

    assert!(refusal.contains("no_such_setting"), "{refusal}");
}

#[test]
fn the_log_contains_no_values() {
    let folder = folder();
    let cluster = start(folder.path());
    execute(&cluster, "CREATE TABLE address (email text UNIQUE)");
    let insertion = "INSERT INTO address VALUES ('ada@example.com')";
    execute(&cluster, insertion);

    try_execute(&cluster, insertion).unwrap_err();

    let log = std::fs::read_to_string(home(folder.path()).join("log")).unwrap();
    assert!(log.contains("duplicate key"), "{log}");
    assert!(!log.contains("ada@"), "{log}");
}
