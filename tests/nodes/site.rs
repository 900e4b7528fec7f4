//! Three nodes on one PostgreSQL, behind nginx.

use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::process::Command;

use serde_json::{Value, json};
use socket2::{Domain, Socket, Type};
use tempfile::TempDir;

use crate::balancer::{Balancer, NAME};
use crate::clients::{Client, Reply, new_open_id};
use crate::cluster::{Cluster, Reach};
use crate::fixture::{Server, eventually, new_folder, qrseal, qrseal_by};
use crate::mint::{Code, Mint};
use crate::port::free_port;
use crate::wire::Wire;

/// The path of `public_url`: everything is served below it.
pub const PATH: &str = "/codes";

pub struct Site {
    pub nodes: Vec<Server>,
    pub balancer: Balancer,
    pub wire: Option<Wire>,
    pub cluster: Cluster,
    /// What all nodes share: the keyring.
    shared: TempDir,
    /// The address of their store.
    store: String,
    /// An API key that may do everything.
    pub key: String,
}

impl Site {
    /// Three nodes with these settings besides those that make them a site.
    pub fn start(settings: &[(&str, &str)]) -> Self {
        let cluster = Cluster::start(Reach::Tcp);
        let port = cluster.port();
        Self::on(cluster, None, &[port], settings)
    }

    /// The same, where a test can make the way to the database slow.
    pub fn behind_wire(settings: &[(&str, &str)]) -> Self {
        let cluster = Cluster::start(Reach::Tcp);
        let wire = Wire::to(cluster.port());
        let port = wire.port();
        Self::on(cluster, Some(wire), &[port], settings)
    }

    /// The same with two databases in `store.url`, of which there is one so far, and the port of the other.
    pub fn with_two_databases() -> (Self, u16) {
        let cluster = Cluster::start(Reach::Tcp);
        let ports = [cluster.port(), free_port()];
        (Self::on(cluster, None, &ports, &[]), ports[1])
    }

    fn on(
        cluster: Cluster,
        wire: Option<Wire>,
        database_ports: &[u16],
        settings: &[(&str, &str)],
    ) -> Self {
        let hosts: Vec<String> = database_ports
            .iter()
            .map(|port| format!("127.0.0.1:{port}"))
            .collect();
        let database = cluster.new_database();
        let store = format!("postgres://qrseal@{}/{database}", hosts.join(","));
        let shared = new_folder();
        let keyring = shared.path().join("keyring.json").display().to_string();
        let run = |arguments: &[&str]| {
            let output = qrseal()
                .args(arguments)
                .current_dir(shared.path())
                .env("QRSEAL_KEYS__FILE", &keyring)
                .env("QRSEAL_STORE__URL", &store)
                .output()
                .unwrap();
            assert!(output.status.success(), "{output:?}");
            String::from_utf8(output.stdout).unwrap()
        };
        run(&["keys", "init"]);
        let made = run(&[
            "api-keys",
            "create",
            "--name",
            "all",
            "--scope",
            "issue,read:all,revoke:all,lists,check,visits",
        ]);
        let key = made
            .split_whitespace()
            .find(|word| word.starts_with("qrs_"))
            .unwrap_or_else(|| panic!("no key in {made}"))
            .to_owned();
        let ports: Vec<u16> = (0..3).map(|_| free_port()).collect();
        let addresses: Vec<_> = ports
            .iter()
            .map(|port| ([127, 0, 0, 1], *port).into())
            .collect();
        let balancer = Balancer::before(&addresses);
        let public_url = format!("https://{NAME}:{}{PATH}", balancer.port());
        let nodes = addresses
            .iter()
            .map(|address| {
                let listen = address.to_string();
                let mut all = vec![
                    ("QRSEAL_SERVER__LISTEN", listen.as_str()),
                    ("QRSEAL_SERVER__PUBLIC_URL", &public_url),
                    ("QRSEAL_SERVER__TRUSTED_PROXIES", "127.0.0.1"),
                    ("QRSEAL_KEYS__FILE", &keyring),
                    ("QRSEAL_STORE__URL", &store),
                    ("QRSEAL_LOG__REQUESTS", "false"),
                ];
                all.extend_from_slice(settings);
                Server::start_by(program(), new_folder(), &all)
            })
            .collect();
        Self {
            nodes,
            balancer,
            wire,
            cluster,
            shared,
            store,
            key,
        }
    }

    /// Runs a command with the keyring and the store of the nodes; it must succeed. Its standard output.
    pub fn command(&self, arguments: &[&str]) -> String {
        let output = qrseal()
            .args(arguments)
            .current_dir(self.shared.path())
            .env("QRSEAL_KEYS__FILE", self.shared.path().join("keyring.json"))
            .env("QRSEAL_STORE__URL", &self.store)
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// A holder who comes through nginx and keeps the connection.
    pub fn client(&self) -> Client {
        self.balancer.client(PATH)
    }

    /// A holder who comes with a new connection each time.
    pub fn passing_client(&self) -> Client {
        self.balancer.passing_client(PATH)
    }

    /// The issuer, through nginx.
    pub fn issuer(&self) -> Client {
        self.client().with_key(&self.key)
    }

    /// Whoever speaks with one node, past nginx, with the API key.
    pub fn at_node(&self, node: usize) -> Client {
        Client::of(&self.nodes[node].url("")).with_key(&self.key)
    }

    /// Codes of this site.
    pub fn mint(&self) -> Mint {
        Mint::of(&self.shared.path().join("keyring.json"))
    }

    /// Resident memory of each node, in MiB.
    pub fn memory_mib(&self) -> Vec<u64> {
        self.nodes.iter().map(memory_mib).collect()
    }
}

/// Starts a node again that has ended, and waits until it is ready.
pub fn start_again(node: &mut Server) {
    node.start_again_by(program());
    let client = Client::of(&node.url(""));
    eventually("the node is ready", || {
        (client.get("/readyz")?.status == 200).then_some(())
    });
}

/// A connection from this address of ours.
pub fn connect_from(from: Ipv4Addr, to: SocketAddr) -> TcpStream {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).expect("a socket");
    let from = SocketAddr::from((from, 0));
    socket
        .bind(&from.into())
        .expect("all of 127.0.0.0/8 is ours");
    socket.connect(&to.into()).expect("the system takes it");
    let stream = TcpStream::from(socket);
    stream.set_nodelay(true).expect("a socket");
    stream
}

/// What the ledger knows of a code, which must be something.
pub fn receipt(issuer: &Client, id: impl std::fmt::Display) -> Value {
    let reply = issuer.get(&format!("/api/tokens/{id}")).expect("an answer");
    assert_eq!(reply.status, 200, "{reply:?}");
    reply.json()
}

/// Opens a code. If there is no answer, or one that says to ask again, the client does so with the same `open_id`. The
/// answer, and how often it asked again.
pub fn open_until_told(client: &Client, code: &Code) -> (Reply, usize) {
    let body = json!({"open_id": new_open_id()});
    let path = format!("/{}", code.digits);
    let mut again = 0;
    let reply = eventually("an answer that tells", || {
        let reply = client.post(&path, &body);
        let told = reply.filter(|reply| !matches!(reply.status, 502..=504));
        again += usize::from(told.is_none());
        told
    });
    (reply, again)
}

/// The program, so that it ends with this thread, whatever ends that: a test starts its nodes itself, not in threads that
/// end before it.
fn program() -> Command {
    let mut launcher = Command::new("setpriv");
    launcher.args(["--pdeathsig", "KILL"]);
    qrseal_by(launcher)
}

/// Resident memory of a server, in MiB.
pub fn memory_mib(node: &Server) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", node.process_id())).unwrap();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmRSS:"))
        .unwrap();
    let kib: u64 = line.split_whitespace().nth(1).unwrap().parse().unwrap();
    kib / 1024
}
