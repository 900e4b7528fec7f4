//! TLS to the database.

use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::path::Path;
use std::process::Command;
use std::{fs, str};

use qrseal::store;
use tempfile::TempDir;

use crate::actors::{Now as _, START, attempt, counted, limited};
use crate::cluster::{Cluster, Reach};

fn openssl(folder: &Path, arguments: &str) {
    let done = Command::new("openssl")
        .args(arguments.split(' '))
        .current_dir(folder)
        .output()
        .expect("openssl is missing; to install it: tests/run install");
    assert!(
        done.status.success(),
        "{}",
        str::from_utf8(&done.stderr).unwrap()
    );
}

/// `NAME.crt`, a certificate authority.
fn authority(folder: &Path, name: &str) {
    openssl(
        folder,
        &format!(
            "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN={name} \
             -keyout {name}.key -out {name}.crt"
        ),
    );
}

/// A server with a certificate for 127.0.0.1 of the authority `ca`, in a folder with `ca.crt` and `other.crt`.
fn server_with_tls() -> (Cluster, TempDir) {
    let folder = TempDir::new().unwrap();
    authority(folder.path(), "ca");
    authority(folder.path(), "other");
    openssl(
        folder.path(),
        "req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=db -keyout server.key -out server.csr",
    );
    fs::write(folder.path().join("names"), "subjectAltName=IP:127.0.0.1").unwrap();
    openssl(
        folder.path(),
        "x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 2 -extfile names -out server.crt",
    );
    let cluster = Cluster::start(Reach::Tcp);
    let data = cluster.sql("SHOW data_directory");
    let data = Path::new(data.trim_end());
    let owner = fs::metadata(data).unwrap();
    for file in ["server.key", "server.crt"] {
        let there = data.join(file);
        fs::copy(folder.path().join(file), &there).unwrap();
        fs::set_permissions(&there, fs::Permissions::from_mode(0o600)).unwrap();
        chown(&there, Some(owner.uid()), Some(owner.gid())).unwrap();
    }
    cluster.sql("ALTER SYSTEM SET ssl = on");
    cluster.sql("SELECT pg_reload_conf()");
    (cluster, folder)
}

#[test]
fn a_server_is_believed_by_its_authority_only_and_nothing_travels_in_the_clear() {
    let (cluster, folder) = server_with_tls();
    let database = cluster.new_database();
    let url = |authority: &str| {
        format!(
            "postgres://qrseal:s3cret@127.0.0.1:{}/{database}?sslmode=verify-full&sslrootcert={}",
            cluster.port(),
            folder.path().join(authority).display()
        )
    };
    let node = store::connect(&url("ca.crt"), true).unwrap();
    assert_eq!(node.open(attempt(limited(1, 1), 1, START)), counted(1));
    super::hints::passes(&*node, &*store::connect(&url("ca.crt"), true).unwrap());
    let encrypted = cluster.sql(
        "SELECT DISTINCT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE application_name = 'qrseal'",
    );
    assert_eq!(encrypted, "t\n", "those that listen, too");
    let why = store::connect(&url("other.crt"), true)
        .err()
        .unwrap()
        .to_string();
    assert!(
        why.contains("certificate") && !why.contains("s3cret"),
        "{why}"
    );
}
