//! A PostgreSQL server of the tests' own: one for each test program, gone when that ends, reached through a socket only.

use std::fs;
use std::io::Read as _;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// The URL of a new, empty database.
pub fn new_database() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    let cluster = cluster();
    let name = format!("store{}", NEXT.fetch_add(1, Ordering::Relaxed));
    let made = Command::new(cluster.programs.join("createdb"))
        .args(["-h", &cluster.socket, "-U", "qrseal", &name])
        .output()
        .expect("createdb runs");
    assert!(
        made.status.success(),
        "createdb: {}",
        String::from_utf8_lossy(&made.stderr)
    );
    format!("postgres://qrseal@localhost/{name}?host={}", cluster.socket)
}

/// Does `sql` as the owner of the database at `url`.
pub fn sql(url: &str, sql: &str) {
    let done = Command::new(cluster().programs.join("psql"))
        .args(["-q", "-v", "ON_ERROR_STOP=1", "-d", url, "-c", sql])
        .output()
        .expect("psql runs");
    assert!(
        done.status.success(),
        "psql: {}",
        String::from_utf8_lossy(&done.stderr)
    );
}

struct Cluster {
    programs: PathBuf,
    socket: String,
}

fn cluster() -> &'static Cluster {
    static CLUSTER: OnceLock<Cluster> = OnceLock::new();
    CLUSTER.get_or_init(start)
}

/// The newest PostgreSQL server that is installed.
fn programs() -> PathBuf {
    let mut found: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path().join("bin"))
        .filter(|bin| bin.join("postgres").exists())
        .collect();
    found.sort();
    found
        .pop()
        .expect("the PostgreSQL server is missing; to install it: tests/run install")
}

/// Makes a cluster and starts it. Its guard is a shell that ends the server, and takes everything away, when this process is
/// gone, whatever ended it.
fn start() -> Cluster {
    let programs = programs();
    let folder = tempfile::Builder::new()
        .prefix("qrseal-pg-")
        .tempdir_in("/tmp")
        .expect("a temporary folder")
        .keep();
    let socket = folder.display().to_string();
    let as_owner = owner(&folder);
    let script = "\
        initdb=$1 postgres=$2 folder=$3\n\
        \"$initdb\" -D \"$folder/data\" -U qrseal -A trust -E UTF8 --locale=C --no-sync >\"$folder/initdb.log\" 2>&1 || {\n\
          cat \"$folder/initdb.log\" >&2; rm -rf \"$folder\"; exit 1; }\n\
        \"$postgres\" -D \"$folder/data\" -k \"$folder\" -c listen_addresses= -c max_connections=300 \
          >\"$folder/log\" 2>&1 & server=$!\n\
        until [ -S \"$folder/.s.PGSQL.5432\" ] && grep -q 'ready to accept' \"$folder/log\"; do\n\
          kill -0 $server 2>/dev/null || { cat \"$folder/log\" >&2; exit 1; }; sleep 0.05; done\n\
        echo ready\n\
        exec >&- 2>&-; cat >/dev/null; kill -INT $server; wait $server; rm -rf \"$folder\"\n";
    let mut guard = match &as_owner {
        Some(user) => {
            let mut command = Command::new("setpriv");
            command.args(["--reuid", user, "--regid", user, "--clear-groups", "sh"]);
            command
        }
        None => Command::new("sh"),
    };
    let mut guard = guard
        .args(["-c", script, "sh"])
        .arg(programs.join("initdb"))
        .arg(programs.join("postgres"))
        .arg(&folder)
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("a shell runs");
    let mut said = String::new();
    let mut output = guard.stdout.take().expect("piped");
    output.read_to_string(&mut said).expect("readable");
    assert_eq!(said, "ready\n", "the PostgreSQL server did not start");
    // The pipe to the guard stays open for as long as this process lives.
    std::mem::forget(guard);
    Cluster { programs, socket }
}

/// PostgreSQL does not run as root: then the folder, and the server, are the `postgres` user's.
fn owner(folder: &Path) -> Option<String> {
    let id = |arguments: &[&str]| {
        let output = Command::new("id")
            .args(arguments)
            .output()
            .expect("id runs");
        String::from_utf8(output.stdout)
            .expect("a number")
            .trim()
            .to_owned()
    };
    if id(&["-u"]) != "0" {
        return None;
    }
    let user = id(&["-u", "postgres"]);
    let number = user
        .parse()
        .expect("Debian's PostgreSQL brings a user named postgres");
    chown(folder, Some(number), Some(number)).expect("root may give folders away");
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700)).expect("our folder");
    Some(user)
}
