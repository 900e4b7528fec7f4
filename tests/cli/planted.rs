//! What somebody planted in the folder in which commands write: links, hard links, pipes.
//!
//! As root the planter is another user, and the commands run as root. What takes two users is ignored by `cargo test`, and run by
//! `tests/run system`.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown, lchown, symlink};
use std::path::Path;
use std::process::Command;

use super::{err, new_folder, run};

/// Nobody, as Linux has it: not root, and not whoever runs the tests.
const SERVICE: u32 = 65_534;

fn is_root(folder: &Path) -> bool {
    fs::metadata(folder).unwrap().uid() == 0
}

/// Fails with what to do where there is no second user.
fn expect_root(folder: &Path) {
    assert!(
        is_root(folder),
        "this takes two users, and is run as root: sudo -E env \"PATH=$PATH\" tests/run system"
    );
}

/// A folder of the service's, with a keyring of the service's in `data`, and a file of the operator's beside it.
fn of_the_service() -> tempfile::TempDir {
    let home = new_folder();
    let folder = home.path();
    assert!(run(folder, &["keys", "init"], b"").status.success());
    let data = folder.join("data");
    fs::remove_file(data.join("keyring.json.lock")).unwrap();
    if is_root(folder) {
        chown(data.join("keyring.json"), Some(SERVICE), Some(SERVICE)).unwrap();
        chown(&data, Some(SERVICE), Some(SERVICE)).unwrap();
    }
    fs::write(folder.join("precious"), "root:secret").unwrap();
    home
}

fn fails(folder: &Path, arguments: &[&str]) -> String {
    let output = run(folder, arguments, b"");
    assert_eq!(output.status.code(), Some(1), "{}", err(&output));
    err(&output).to_owned()
}

/// The operator's file is whole, and still the operator's.
fn assert_untouched(folder: &Path) {
    let precious = folder.join("precious");
    assert_eq!(fs::read_to_string(&precious).unwrap(), "root:secret");
    let owner = |path: &Path| fs::metadata(path).unwrap().uid();
    assert_eq!(owner(&precious), owner(folder));
}

#[test]
fn a_planted_lock_is_neither_followed_nor_given_away_nor_waited_for() {
    let home = of_the_service();
    let folder = home.path();
    let lock = folder.join("data/keyring.json.lock");

    symlink(folder.join("precious"), &lock).unwrap();
    let said = fails(folder, &["keys", "add"]);
    assert!(said.contains("not a regular file"), "{said}");
    assert_untouched(folder);
    fs::remove_file(&lock).unwrap();

    fs::hard_link(folder.join("precious"), &lock).unwrap();
    let said = fails(folder, &["keys", "add"]);
    assert!(said.contains("a second name"), "{said}");
    assert_untouched(folder);
    fs::remove_file(&lock).unwrap();

    let made = Command::new("mkfifo").arg(&lock).status().unwrap();
    assert!(made.success());
    let said = fails(folder, &["keys", "add"]);
    assert!(said.contains("not a regular file"), "{said}");
    fs::remove_file(&lock).unwrap();

    let added = run(folder, &["keys", "add"], b"");
    assert!(added.status.success(), "{}", err(&added));
    let owner = |path: &str| fs::metadata(folder.join(path)).unwrap().uid();
    assert_eq!(owner("data/keyring.json"), owner("data"));
    assert_eq!(owner("data/keyring.json.lock"), owner("data"));
}

#[test]
fn a_planted_file_of_numbers_is_left_alone_and_a_new_one_is_the_services() {
    let home = of_the_service();
    let folder = home.path();
    fs::create_dir(folder.join("profiles")).unwrap();
    let badge = "number = 40\ntitle = \"Badge\"\nschema = { type = \"object\" }\n";
    fs::write(folder.join("profiles/badge.toml"), badge).unwrap();
    let config = "[profiles]\nfolder = \"profiles\"\n";
    fs::write(folder.join("with.toml"), config).unwrap();
    fs::write(folder.join("document.json"), "{}").unwrap();
    let mut seal = vec!["--config", "with.toml", "seal", "document.json"];
    seal.extend(["--profile", "badge", "-o", "code.svg"]);

    let numbers = folder.join("data/profile-numbers");
    fs::hard_link(folder.join("precious"), &numbers).unwrap();
    let said = fails(folder, &seal);
    assert!(said.contains("a second name"), "{said}");
    assert_untouched(folder);
    fs::remove_file(&numbers).unwrap();

    let sealed = run(folder, &seal, b"");
    assert!(sealed.status.success(), "{}", err(&sealed));
    assert_eq!(fs::read_to_string(&numbers).unwrap(), "40 badge\n");
    let owner = |path: &str| fs::metadata(folder.join(path)).unwrap().uid();
    assert_eq!(owner("data/profile-numbers"), owner("data"));
}

#[test]
fn a_new_file_of_samples_is_of_whoever_has_the_keyring_behind_a_link() {
    let home = of_the_service();
    let folder = home.path();
    fs::create_dir(folder.join("linked")).unwrap();
    symlink("../data/keyring.json", folder.join("linked/keyring.json")).unwrap();
    let config = "[keys]\nfile = \"linked/keyring.json\"\n";
    fs::write(folder.join("linked.toml"), config).unwrap();
    fs::write(folder.join("one.json"), r#"{"id":"INV-1","amount":1}"#).unwrap();
    let mut add = vec!["--config", "linked.toml", "profiles", "samples", "add"];
    add.extend(["invoice", "one.json"]);
    let file = folder.join("linked/keyring.samples");
    let owner = |path: &Path| fs::metadata(path).unwrap().uid();
    // Also where somebody was interrupted who had just made it.
    for interrupted in [false, true] {
        if interrupted {
            fs::remove_file(&file).unwrap();
            fs::write(&file, "").unwrap();
            fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
        }
        let added = run(folder, &add, b"");
        assert!(added.status.success(), "{}", err(&added));
        assert_eq!(owner(&file), owner(&folder.join("data")));
    }
}

#[test]
#[ignore = "takes two users: tests/run system"]
fn a_link_that_another_user_planted_leads_no_command_anywhere() {
    let home = of_the_service();
    let folder = home.path();
    expect_root(folder);
    fs::create_dir(folder.join("elsewhere")).unwrap();
    let link = folder.join("data/deep");
    symlink(folder.join("elsewhere"), &link).unwrap();
    lchown(&link, Some(SERVICE), Some(SERVICE)).unwrap();
    let config = |text: &str| fs::write(folder.join("planted.toml"), text).unwrap();

    config("[keys]\nfile = \"data/deep/keyring.json\"\n");
    let said = fails(folder, &["--config", "planted.toml", "keys", "init"]);
    assert!(
        said.contains("a symbolic link that user 65534 made"),
        "{said}"
    );
    assert_eq!(fs::read_dir(folder.join("elsewhere")).unwrap().count(), 0);

    // The keyring itself, as a link to another's.
    let other = folder.join("elsewhere/keyring.json");
    fs::copy(folder.join("data/keyring.json"), &other).unwrap();
    fs::set_permissions(&other, fs::Permissions::from_mode(0o600)).unwrap();
    let before = fs::read(&other).unwrap();
    let ours = folder.join("data/keyring.json");
    fs::remove_file(&ours).unwrap();
    symlink(&other, &ours).unwrap();
    lchown(&ours, Some(SERVICE), Some(SERVICE)).unwrap();
    let said = fails(folder, &["keys", "add"]);
    assert!(
        said.contains("a symbolic link that user 65534 made"),
        "{said}"
    );
    assert_eq!(fs::read(&other).unwrap(), before);
    assert_eq!(fs::read_dir(folder.join("elsewhere")).unwrap().count(), 1);

    // The operator's own link is the operator's business.
    lchown(&ours, Some(0), Some(0)).unwrap();
    let added = run(folder, &["keys", "add"], b"");
    assert!(added.status.success(), "{}", err(&added));

    // The database.
    let db = folder.join("data/qrseal.db");
    symlink(folder.join("elsewhere/qrseal.db"), &db).unwrap();
    lchown(&db, Some(SERVICE), Some(SERVICE)).unwrap();
    let said = fails(folder, &["tokens", "list"]);
    assert!(
        said.contains("a symbolic link that user 65534 made"),
        "{said}"
    );
    assert!(!folder.join("elsewhere/qrseal.db").exists());
}

#[test]
fn a_batch_writes_through_nothing_that_was_planted_and_over_nothing_that_is_there() {
    let home = of_the_service();
    let folder = home.path();
    fs::write(folder.join("rows.csv"), "a\n1\n").unwrap();
    let zip = ["batch", "rows.csv", "--pins", "pins.csv", "-o", "out.zip"];
    let pictures = ["batch", "rows.csv", "-o", "pictures/"];
    let outlines = ["batch", "--outlines", "--page", "62x29", "-o", "lines.pdf"];
    for (planted, command) in [
        ("out.zip", &zip[..]),
        ("out.zip.part", &zip),
        ("out.csv", &zip),
        ("out.csv.run", &zip),
        ("pins.csv", &zip),
        ("lines.pdf", &outlines),
        ("lines.pdf.part", &outlines),
        ("pictures/00001.png", &pictures),
    ] {
        let planted = folder.join(planted);
        fs::create_dir_all(planted.parent().unwrap()).unwrap();
        for target in ["precious", "nowhere"] {
            symlink(folder.join(target), &planted).unwrap();
            fails(folder, command);
            assert_untouched(folder);
            assert!(!folder.join("nowhere").exists(), "{planted:?}");
            fs::remove_file(&planted).unwrap();
            let _run = fs::remove_dir_all(folder.join("pictures"));
            let _made = fs::create_dir(folder.join("pictures"));
        }
        fs::hard_link(folder.join("precious"), &planted).unwrap();
        fails(folder, command);
        assert_untouched(folder);
        fs::remove_file(&planted).unwrap();
        let _run = fs::remove_dir_all(folder.join("pictures"));
    }
    let made = run(folder, &zip, b"");
    assert!(made.status.success(), "{}", err(&made));
    let again = ["batch", "rows.csv", "--pins", "pins.csv", "-o", "two.zip"];
    let said = fails(folder, &again);
    assert!(said.contains("pins.csv is there already"), "{said}");
    assert!(!folder.join("two.csv.run").exists());
}

#[test]
fn the_database_of_another_program_is_left_alone() {
    let home = of_the_service();
    let folder = home.path();
    // SQLite makes it, as another program would.
    let another = folder.join("another.db");
    let made = actix_web::rt::System::new().block_on(async {
        use sqlx::Connection as _;
        let options = sqlx::sqlite::SqliteConnectOptions::new()
            .filename(&another)
            .create_if_missing(true);
        let mut conn = sqlx::SqliteConnection::connect_with(&options).await?;
        sqlx::raw_sql("CREATE TABLE theirs (id INTEGER)")
            .execute(&mut conn)
            .await?;
        conn.close().await
    });
    made.unwrap();
    let before = fs::read(&another).unwrap();
    let db = folder.join("data/qrseal.db");

    fs::hard_link(&another, &db).unwrap();
    let said = fails(folder, &["tokens", "list"]);
    assert!(said.contains("a second name"), "{said}");
    fs::remove_file(&db).unwrap();

    symlink(&another, &db).unwrap();
    let said = fails(folder, &["tokens", "list"]);
    assert!(said.contains("the database of another program"), "{said}");
    assert_eq!(fs::read(&another).unwrap(), before);
}
