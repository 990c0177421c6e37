//! Connections that fail because of TLS.

use std::{
    fs::{self, Permissions},
    hash::{BuildHasher, Hasher, RandomState},
    os::unix::fs::{MetadataExt, PermissionsExt, chown},
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use diesel::{Connection, PgConnection, connection::SimpleConnection};
use portcullis_persistence::{DatabaseUrl, DeclaredFields, migrations::inspect};
use portcullis_test_database::Server;

use super::{assert_reason, set_rules, setting};

/// Longer than anything here takes, also on a busy machine.
const PATIENCE: Duration = Duration::from_mins(3);
/// What `openssl ca` needs.
const AUTHORITY: &str = "[ca]\ndefault_ca = own\n[own]\ndatabase = index\nserial = serial\nnew_certs_dir = .\n\
                         default_md = sha256\npolicy = names\n[names]\ncommonName = supplied\n";

/// A server with TLS at an address of its own.
struct Fixture {
    _server: Server,
    admin: PgConnection,
    folder: PathBuf,
    address: String,
}

impl Fixture {
    fn new() -> Self {
        let [_, second, third, fourth, ..] = RandomState::new().build_hasher().finish().to_be_bytes();
        // Every address in 127.0.0.0/8 is this machine, and the port is that of all servers for tests.
        let address = format!("127.{second}.{third}.{}", fourth.clamp(2, 254));
        let server = Server::start_with(&[format!("listen_addresses={address}")]);
        let mut admin = PgConnection::establish(&server.url("postgres")).unwrap();
        set_rules(
            &mut admin,
            &["local all all trust", "hostssl all all 127.0.0.0/8 trust"],
        );
        let folder = PathBuf::from(setting(&mut admin, "data_directory"));
        Self {
            _server: server,
            admin,
            folder,
            address,
        }
    }

    fn url(&self, parameters: &str) -> String {
        format!("postgres://postgres@{}:5432/postgres?{parameters}", self.address)
    }

    /// Returns the parameters with a file of this name as the root certificate.
    fn trusting(&self, mode: &str, root: &str) -> String {
        self.url(&format!(
            "sslmode={mode}&sslrootcert={}",
            self.folder.join(root).display()
        ))
    }

    fn openssl(&self, arguments: &[&str]) {
        let output = Command::new("openssl")
            .args(arguments)
            .current_dir(&self.folder)
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }

    /// Makes a key and a certificate for the host `db.test`, which has signed itself.
    fn certify(&self, name: &str) {
        let (key, certificate) = (format!("{name}.key"), format!("{name}.crt"));
        self.openssl(&[
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=db.test",
            "-keyout",
            &key,
            "-out",
            &certificate,
        ]);
        protect(&self.folder, &key);
    }

    /// Replaces a certificate by one that has expired.
    fn expire(&self, name: &str) {
        let (key, certificate) = (format!("{name}.key"), format!("{name}.crt"));
        fs::write(self.folder.join("ca.conf"), AUTHORITY).unwrap();
        fs::write(self.folder.join("index"), "").unwrap();
        fs::write(self.folder.join("serial"), "01\n").unwrap();
        self.openssl(&[
            "req",
            "-new",
            "-key",
            &key,
            "-subj",
            "/CN=db.test",
            "-out",
            "request",
        ]);
        self.openssl(&[
            "ca",
            "-batch",
            "-config",
            "ca.conf",
            "-selfsign",
            "-keyfile",
            &key,
            "-in",
            "request",
            "-notext",
            "-startdate",
            "20200101000000Z",
            "-enddate",
            "20200102000000Z",
            "-out",
            &certificate,
        ]);
    }

    /// Lets the server use a key and its certificate.
    fn present(&mut self, name: &str) {
        for setting in [
            format!("ssl_cert_file = '{name}.crt'"),
            format!("ssl_key_file = '{name}.key'"),
            "ssl = on".to_owned(),
        ] {
            self.admin
                .batch_execute(&format!("ALTER SYSTEM SET {setting}"))
                .unwrap();
        }
        self.admin.batch_execute("SELECT pg_reload_conf()").unwrap();
    }
}

/// Gives a key to the user of the server: PostgreSQL refuses one that others may read.
fn protect(folder: &Path, key: &str) {
    let (owner, key) = (fs::metadata(folder).unwrap(), folder.join(key));
    chown(&key, Some(owner.uid()), Some(owner.gid())).unwrap();
    fs::set_permissions(&key, Permissions::from_mode(0o600)).unwrap();
}

#[test]
fn what_is_wrong_with_a_certificate_is_reported_with_what_to_do() {
    let mut fixture = Fixture::new();
    assert_reason(&fixture.url("sslmode=require"), "the server does not support TLS");

    for name in ["own", "other", "old"] {
        fixture.certify(name);
    }
    fixture.expire("old");
    fs::write(fixture.folder.join("empty.crt"), "").unwrap();
    fixture.present("own");
    let own = fixture.trusting("verify-ca", "own.crt");
    wait_until(|| is_accepted(&own));
    for (url, expected) in [
        (
            fixture.url("sslmode=disable"),
            "pg_hba.conf of the server does not allow this client",
        ),
        (
            fixture.trusting("verify-full", "own.crt"),
            "the server's certificate is for another host name",
        ),
        (
            fixture.trusting("verify-ca", "other.crt"),
            "the server's certificate could not be verified",
        ),
        (
            fixture.trusting("verify-ca", "empty.crt"),
            "the file that `sslrootcert` in the URL names cannot be read or contains no certificate",
        ),
        (
            fixture.trusting("verify-ca", "own.key"),
            "the file that `sslrootcert` in the URL names cannot be read or contains no certificate",
        ),
        (
            fixture.trusting("verify-ca", "missing.crt"),
            "`sslmode` requires a root certificate",
        ),
        (
            fixture.url(&format!(
                "sslmode=require&sslcert={}",
                fixture.folder.join("own.crt").display()
            )),
            "the client certificate or its key cannot be used",
        ),
    ] {
        assert_reason(&url, expected);
    }

    fixture.present("old");
    wait_until(|| !is_accepted(&own));
    assert_reason(
        &fixture.trusting("verify-ca", "old.crt"),
        "the server's certificate could not be verified: it has expired",
    );
}

fn is_accepted(url: &str) -> bool {
    inspect(&DatabaseUrl::parse(url).unwrap(), &DeclaredFields::default()).is_ok()
}

/// Waits until the server, which was asked to read its settings again, has done so.
fn wait_until(mut has_read: impl FnMut() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !has_read() {
        assert!(Instant::now() < end, "the server does not read its settings");
    }
}
