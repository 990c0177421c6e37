//! What each crate may depend on: a new edge is a decision, made here.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    process::Command,
};

use super::{files, root, shown};

/// Crates of the workspace and crates from outside, by folder; what only tests use is not listed.
const ALLOWED: &[(&str, &str, &str)] = &[
    (
        "crates/application",
        "domain",
        "async-trait base64 chrono futures-util mockall moka serde_json thiserror tokio tracing url uuid",
    ),
    (
        "crates/cluster",
        "",
        "nix percent-encoding sha2 thiserror tracing",
    ),
    (
        "crates/crypto",
        "application domain",
        "argon2 async-trait base64 bcrypt chacha20poly1305 chrono getrandom hkdf hmac josekit openssl percent-encoding ryu-js serde serde_json sha2 subtle tokio totp-rs unicode-normalization url",
    ),
    (
        "crates/delivery",
        "application domain",
        "async-trait base64 chrono hmac lettre minijinja native-tls reqwest serde serde_json sha2 thiserror tokio tokio-native-tls url",
    ),
    (
        "crates/domain",
        "",
        "chrono serde_json subtle thiserror unicode-normalization url zeroize",
    ),
    (
        "crates/http",
        "application domain",
        "actix-http actix-server actix-service actix-web base64 chrono futures-util ipnet nix percent-encoding schemars serde serde_json tokio tracing url",
    ),
    (
        "crates/oauth",
        "application domain outbound",
        "async-trait base64 chrono percent-encoding serde_json sha2 thiserror tokio tracing url",
    ),
    (
        "crates/outbound",
        "application domain",
        "async-trait native-tls reqwest serde_json sha1 thiserror tokio url",
    ),
    (
        "crates/persistence",
        "application domain",
        "async-trait base64 chrono diesel diesel_migrations nix pq-sys serde_json sha2 thiserror tokio tracing uuid",
    ),
    (
        "crates/server",
        "application cluster crypto delivery domain http oauth outbound persistence",
        "async-trait chrono clap ipnet nix psl sd-notify serde_json strsim thiserror tokio toml tracing tracing-subscriber url",
    ),
    (
        "crates/test_database",
        "cluster persistence",
        "diesel nix thiserror url",
    ),
    (
        "crates/testkit",
        "application crypto domain http persistence server test-database",
        "async-trait base64 chrono diesel reqwest serde_json sha2 tokio",
    ),
    (
        "crates/verify",
        "",
        "actix-web aws-lc-rs axum-core base64 chrono http reqwest serde serde_json thiserror tokio tower-layer tower-service tracing url",
    ),
];

/// The names under a manifest's `[dependencies]`, ours without their prefix.
fn dependencies(manifest: &str) -> (Vec<String>, Vec<String>) {
    section(manifest, "[dependencies]")
        .iter()
        .filter_map(|line| line.split_once([' ', '.', '=']))
        .map(|(name, _)| name.to_owned())
        .partition(|name| name.starts_with("portcullis-"))
}

fn section<'a>(manifest: &'a str, title: &str) -> Vec<&'a str> {
    manifest
        .lines()
        .skip_while(|line| *line != title)
        .skip(1)
        .take_while(|line| !line.starts_with('['))
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .collect()
}

#[test]
fn each_crate_depends_on_what_it_may_and_on_nothing_else() {
    let mut allowed: BTreeMap<&str, (Vec<String>, Vec<String>)> = BTreeMap::new();
    for (folder, ours, outside) in ALLOWED {
        let ours = ours
            .split_whitespace()
            .map(|name| format!("portcullis-{name}"))
            .collect();
        let outside = outside.split_whitespace().map(str::to_owned).collect();
        allowed.insert(folder, (ours, outside));
    }
    let found: BTreeMap<String, (Vec<String>, Vec<String>)> = files("crates", "toml")
        .into_iter()
        .filter(|path| path.ends_with("Cargo.toml"))
        .map(|path| {
            let folder = shown(path.parent().unwrap());
            (folder, dependencies(&fs::read_to_string(path).unwrap()))
        })
        .collect();
    let allowed: BTreeMap<String, _> = allowed.into_iter().map(|(k, v)| (k.to_owned(), v)).collect();
    assert_eq!(found, allowed);
}

#[test]
fn every_manifest_is_sorted_and_takes_versions_and_lints_from_the_workspace() {
    let mut manifests = files("crates", "toml");
    manifests.push(root().join("tests/Cargo.toml"));
    for path in manifests.iter().filter(|path| path.ends_with("Cargo.toml")) {
        let manifest = fs::read_to_string(path).unwrap();
        assert!(
            manifest.contains("[lints]\nworkspace = true"),
            "{}: no lints",
            shown(path)
        );
        for title in ["[dependencies]", "[dev-dependencies]"] {
            let lines = section(&manifest, title);
            assert!(lines.is_sorted(), "{}: {title} is not sorted", shown(path));
            for line in lines {
                assert!(line.contains("workspace = true"), "{}: {line}", shown(path));
            }
        }
    }
}

/// Services choose their TLS. By default it is rustls, which needs no system library.
#[test]
fn the_crate_for_services_needs_no_openssl() {
    let tree = |features: &[&str]| {
        let arguments = ["tree", "--offline", "--locked", "--package", "portcullis-verify"];
        let output = Command::new(env!("CARGO"))
            .args(arguments)
            .args(["--edges", "normal,build", "--prefix", "none", "--format", "{p}"])
            .args(features)
            .current_dir(root())
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        let tree = String::from_utf8(output.stdout).unwrap();
        let names = tree.lines().filter_map(|line| line.split(' ').next());
        names.map(str::to_owned).collect::<BTreeSet<_>>()
    };
    let has_openssl =
        |names: &BTreeSet<String>| names.contains("openssl-sys") || names.contains("native-tls");
    let default = tree(&[]);
    assert!(
        default.contains("rustls") && !has_openssl(&default),
        "{default:?}"
    );
    assert!(!default.contains("actix-web") && !default.contains("axum-core"));
    assert!(has_openssl(&tree(&["--features", "native-tls"])));
}
