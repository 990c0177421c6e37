//! The folders that a cluster can be in.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use diesel::Connection;
use diesel::pg::PgConnection;

use crate::fixture::{ask, folder, home, setting, start};

#[test]
fn a_cluster_starts_in_a_folder_whose_path_is_too_long_for_a_socket() {
    let folder = folder();
    let deep = folder.path().join("a".repeat(120));
    let cluster = start(&deep);
    let socket_folder = setting(&cluster, "unix_socket_directories");

    assert_eq!(ask(&cluster, "1"), "1");
    assert!(socket_folder.len() < 90, "{socket_folder}");
    assert!(!socket_folder.starts_with(deep.to_str().unwrap()));
    cluster.stop().unwrap();
    assert!(!fs::exists(socket_folder).unwrap());
}

#[test]
fn a_cluster_with_its_socket_in_another_folder_is_adopted() {
    let folder = folder();
    let deep = folder.path().join("b".repeat(120));
    let one = start(&deep);

    let other = start(&deep);

    assert_eq!(one.url("portcullis"), other.url("portcullis"));
    drop(one);
    assert_eq!(ask(&other, "1"), "1");
}

#[test]
fn the_path_may_contain_characters_that_are_special_in_urls_and_lists() {
    for name in ["50% of two wörds & more?", "a comma, \"quoted\", isn't it"] {
        let folder = folder();

        let cluster = start(&folder.path().join(name));

        assert_eq!(ask(&cluster, "1"), "1", "{name}");
    }
}

#[test]
fn only_the_clusters_user_can_reach_the_socket_and_the_data() {
    let folder = folder();
    let _cluster = start(folder.path());

    for private in ["socket", "data"] {
        let mode = fs::metadata(home(folder.path()).join(private))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o077, 0, "{private}");
    }
}

#[test]
fn a_server_whose_socket_was_deleted_is_restarted() {
    let folder = folder();
    let orphaned = start(folder.path());
    let url = orphaned.url("portcullis");
    fs::remove_file(home(folder.path()).join("socket/.s.PGSQL.5432")).unwrap();
    assert!(PgConnection::establish(&url).is_err());

    let cluster = start(folder.path());

    assert_eq!(ask(&cluster, "1"), "1");
}
