//! What an operator copies from `deploy/`, before the programs that it is for: systemd, Prometheus, Kubernetes' schemas, and a root
//! folder that holds nothing but the image.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::fixture::{Server, eventually, new_folder};
use crate::port::free_port;
use crate::tools::{path_text, python_program, run, run_well};

fn deploy(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("deploy")
        .join(name)
}

#[test]
fn systemd_finds_nothing_to_say_of_the_unit() {
    let folder = new_folder();
    let unit = fs::read_to_string(deploy("systemd/qrseal.service")).expect("the unit is there");
    let unit = unit.replace("/usr/bin/qrseal", env!("CARGO_BIN_EXE_qrseal"));
    let file = folder.path().join("qrseal.service");
    fs::write(&file, unit).expect("writable");
    let output = run(Command::new("systemd-analyze").arg("verify").arg(&file));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.is_empty(), "{said}");
}

#[test]
fn the_manifests_are_what_kubernetes_takes() {
    let output = run(Command::new(python_program("kubernetes-validate"))
        .arg("--strict")
        .arg(deploy("kubernetes/qrseal.yaml")));
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}");
    assert_eq!(said.matches("passed").count(), 3, "{said}");
}

#[test]
fn the_image_holds_all_that_the_program_needs_and_runs_as_its_user() {
    let folder = new_folder();
    let image = folder.path().join("image");
    run_well(
        as_root()
            .arg(deploy("image/collect"))
            .arg(env!("CARGO_BIN_EXE_qrseal"))
            .arg(&image),
    );
    assert!(!image.join("bin/sh").exists());
    let listen = format!("127.0.0.1:{}", free_port());
    let in_image = |arguments: &[&str]| {
        let mut command = as_root();
        command
            .args(["-i", "PATH=/usr/sbin:/usr/bin"])
            .arg("QRSEAL_KEYS__FILE=/data/keyring.json")
            .arg(format!("QRSEAL_SERVER__LISTEN={listen}"))
            .args(["chroot", "--userspec=65532:65532"])
            .arg(&image)
            .arg("/bin/qrseal")
            .args(arguments);
        command
    };
    run_well(&mut in_image(&["keys", "init"]));
    let mut server = Running(
        in_image(&["serve"])
            .stderr(Stdio::null())
            .spawn()
            .expect("chroot starts"),
    );
    eventually("the health check of the image", || {
        let healthy = run(&mut in_image(&["healthcheck"])).status;
        healthy.success().then_some(())
    });
    assert!(server.0.try_wait().expect("it can be asked").is_none());
}

#[test]
fn what_a_build_with_pgo_asks_of_the_program_is_answered() {
    run_well(
        Command::new(deploy("pgo/load"))
            .arg(env!("CARGO_BIN_EXE_qrseal"))
            .arg("1"),
    );
}

#[test]
fn the_alerts_fire_when_they_should_and_only_then() {
    run_well(
        Command::new("promtool")
            .args(["check", "config"])
            .arg(deploy("prometheus/prometheus.yml")),
    );
    run_well(
        Command::new("promtool")
            .args(["test", "rules"])
            .arg(deploy("prometheus/rules_test.yml")),
    );
}

#[test]
fn every_query_of_the_dashboard_has_an_answer_from_a_prometheus_that_scrapes_the_server() {
    let metrics = format!("127.0.0.1:{}", free_port());
    let server = Server::start_with(&[("QRSEAL_METRICS__LISTEN", &metrics)]);
    let folder = new_folder();
    let config = fs::read_to_string(deploy("prometheus/prometheus.yml")).expect("it is there");
    let rules = deploy("prometheus/rules.yml");
    let config = config
        .replace("127.0.0.1:9464", &metrics)
        .replace("15s", "250ms")
        .replace("rules.yml", path_text(&rules));
    let file = folder.path().join("prometheus.yml");
    fs::write(&file, config).expect("writable");
    let address = format!("127.0.0.1:{}", free_port());
    let _prometheus = Running(
        Command::new("prometheus")
            .arg(format!("--config.file={}", file.display()))
            .arg(format!("--storage.tsdb.path={}", folder.path().display()))
            .arg(format!("--web.listen-address={address}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("prometheus: tests/run install"),
    );
    let digits = server.seal(r#"{"id":"INV-2026-0042"}"#);
    for (title, query) in dashboard() {
        eventually(&format!("{title}: {query}"), || {
            // Rates need what happens between two scrapes.
            assert_eq!(server.get(&format!("/{digits}"), None).status, 200);
            let stored = "/api/qrcode/encrypted-payload?storage=stored&expires_in=1h";
            assert_eq!(server.post_json(stored, r#"{"id":1}"#).status, 201);
            let answer = run(Command::new("promtool")
                .args(["query", "instant", "-o", "json"])
                .arg(format!("http://{address}"))
                .arg(&query));
            let found: Value = serde_json::from_slice(&answer.stdout).ok()?;
            let found = found.as_array()?;
            let all_numbers = found.iter().all(|one| one["value"][1] != "NaN");
            (!found.is_empty() && all_numbers).then_some(())
        });
    }
}

/// Each query with its panel's title, with what Grafana puts in for its variables.
fn dashboard() -> Vec<(String, String)> {
    let text = fs::read_to_string(deploy("prometheus/dashboard.json")).expect("it is there");
    let dashboard: Value = serde_json::from_str(&text).expect("it is JSON");
    let panels = dashboard["panels"].as_array().expect("panels");
    let queries: Vec<_> = panels
        .iter()
        .flat_map(|panel| {
            let title = panel["title"].as_str().expect("a title");
            let targets = panel["targets"].as_array().expect("targets");
            targets.iter().map(move |target| {
                let query = target["expr"].as_str().expect("a query");
                let query = query
                    .replace("$instance", ".*")
                    .replace("$__rate_interval", "10s");
                (title.to_owned(), query)
            })
        })
        .collect();
    assert!(queries.len() > panels.len());
    queries
}

/// `env` as root, by itself or through sudo: only root may change the root folder.
fn as_root() -> Command {
    let is_root = run_well(Command::new("id").arg("-u")) == b"0\n";
    if is_root {
        return Command::new("env");
    }
    let mut command = Command::new("sudo");
    command.args(["-n", "env"]);
    command
}

/// A program of this test, ended with it.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
