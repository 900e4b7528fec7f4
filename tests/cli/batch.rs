//! Many codes at once from the command line: rows in; pictures, labels, results out.
#![allow(clippy::pedantic, clippy::type_complexity, reason = "tables of cases")]

use std::fs;
use std::io::Read as _;
use std::path::Path;
use std::process::Output;

use super::{err, new_folder, out, run};

/// A table of so many invoices, as Excel saves it in Germany: semicolons, decimal commas, Windows-1252.
fn german_table(rows: usize) -> Vec<u8> {
    let mut table = b"Rechnungsnr.;Kunde;Betrag\r\n".to_vec();
    for row in 1..=rows {
        let amount = match row {
            217 => "zw\u{f6}lf".to_owned(),
            row => format!("1.{:03},{:02}", row % 1000, row % 100),
        };
        let line = format!("R-{row:04};M\u{fc}ller \u{201e}A\u{201c};{amount}\r\n");
        table.extend(line.chars().map(|char| match char {
            '\u{201e}' => 0x84,
            '\u{201c}' => 0x93,
            char => u8::try_from(u32::from(char)).unwrap(),
        }));
    }
    table
}

const GERMAN: [&str; 8] = [
    "--encoding",
    "windows-1252",
    "--decimal",
    "comma",
    "--map",
    "id=Rechnungsnr.",
    "--map",
    "amount:number=Betrag",
];

pub fn batch(folder: &Path, rows: &[u8], further: &[&str]) -> Output {
    fs::write(folder.join("rows.csv"), rows).unwrap();
    run(folder, &[&["batch", "rows.csv"], further].concat(), b"")
}

/// The rows of a table of results.
pub fn results(folder: &Path, name: &str) -> Vec<csv::StringRecord> {
    let mut reader = csv::Reader::from_path(folder.join(name)).unwrap();
    reader.records().map(Result::unwrap).collect()
}

/// What the link of a result opens to.
fn opened(folder: &Path, link: &str) -> String {
    out(&run(folder, &["open", link], b""))
        .trim_end()
        .to_owned()
}

pub fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt as _;
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn invoices_as_excel_saves_them_become_named_pictures_and_the_broken_row_is_named() {
    let folder = new_folder();
    let folder = folder.path();
    let asked = [&GERMAN[..], &["--name", "{{id}}.png", "-o", "out.zip"]].concat();
    let made = batch(folder, &german_table(500), &asked);
    assert_eq!(made.status.code(), Some(1), "{}", err(&made));
    let told = "row 217: amount: must be a number such as 1234,50 or 1.234,50";
    assert!(
        err(&made).contains(told) && err(&made).contains("499 codes made, 1 rows failed"),
        "{}",
        err(&made)
    );

    let results = results(folder, "out.csv");
    assert_eq!(results.len(), 500);
    assert_eq!(mode(&folder.join("out.csv")), 0o600);
    assert!(!folder.join("out.csv.run").exists());
    let failed: Vec<&str> = results
        .iter()
        .filter(|row| !row[5].is_empty())
        .map(|row| &row[0])
        .collect();
    assert_eq!(failed, ["217"]);
    assert_eq!(&results[216][1], "218", "the line of the file");

    let mut archive =
        zip::ZipArchive::new(fs::File::open(folder.join("out.zip")).unwrap()).unwrap();
    assert_eq!(archive.len(), 499);
    let mut picture = Vec::new();
    archive
        .by_name("R-0042.png")
        .unwrap()
        .read_to_end(&mut picture)
        .unwrap();
    fs::write(folder.join("one.png"), picture).unwrap();
    assert_eq!(
        opened(folder, "one.png"),
        r#"{"id":"R-0042","amount":1042.42}"#
    );
    assert_eq!(
        opened(folder, &results[41][3]),
        r#"{"id":"R-0042","amount":1042.42}"#
    );
    assert!(archive.by_name("R-0217.png").is_err());
}

#[test]
fn the_results_never_take_the_place_of_the_rows() {
    let folder = new_folder();
    let folder = folder.path();
    let made = batch(folder, b"a\n1\n", &["-o", "rows.zip"]);
    assert_eq!(made.status.code(), Some(0), "{}", err(&made));
    assert_eq!(fs::read(folder.join("rows.csv")).unwrap(), b"a\n1\n");
    assert_eq!(results(folder, "rows.results.csv").len(), 1);
    let again = batch(folder, b"a\n1\n", &["-o", "rows.zip"]);
    assert!(
        err(&again).contains("rows.results.csv is there already"),
        "{}",
        err(&again)
    );
}

#[test]
fn a_dry_run_says_what_would_come_of_it_and_leaves_nothing() {
    let folder = new_folder();
    let folder = folder.path();
    let looked = batch(
        folder,
        &german_table(220),
        &[&GERMAN[..], &["--dry-run"]].concat(),
    );
    assert_eq!(looked.status.code(), Some(1));
    assert!(
        out(&looked).contains("220 rows: 219 would be made, 1 would fail\nversion "),
        "{}",
        out(&looked)
    );
    assert!(err(&looked).contains("row 217: amount"));
    let left: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert!(
        left.iter()
            .all(|name| name != "qrseal.db" && name != "rows.csv.run"),
        "{left:?}"
    );

    // What it says of versions is what comes out.
    let small = [
        &GERMAN[..],
        &["--dry-run", "--expires-in", "30d", "--pin-auto"],
    ]
    .concat();
    let looked = batch(folder, &german_table(1), &small);
    let sealed = [
        &GERMAN[..],
        &[
            "--expires-in",
            "30d",
            "--pin-auto",
            "--format",
            "svg",
            "-o",
            "pictures/",
        ],
    ]
    .concat();
    let made = batch(folder, &german_table(1), &sealed);
    assert_eq!(made.status.code(), Some(0), "{}", err(&made));
    assert!(err(&made).contains("PINs are hashed"), "{}", err(&made));
    let text = fs::read_to_string(folder.join("pictures/00001.svg")).unwrap();
    let (_, size) = text.split_once("QR code, ").unwrap();
    let modules: usize = size.split(' ').next().unwrap().parse().unwrap();
    let version = (modules - 17) / 4;
    assert!(
        out(&looked).contains(&format!("version {version} (1)")),
        "{version}: {}",
        out(&looked)
    );
}

#[test]
fn envelopes_say_for_each_row_what_it_is_to_be() {
    let folder = new_folder();
    let folder = folder.path();
    let rows = concat!(
        r#"{"payload":{"id":"A","seat":7},"max_opens":1,"expires_in":"2h","note":"row \u0041"}"#,
        "\n",
        r#"{"payload":{"id":"B"},"colour":"red"}"#,
        "\n",
        r#"{"payload":{"id":"C","id":"D"}}"#,
        "\n",
        r#"{"id":"E"}"#,
        "\n",
        "not json\n",
        r#"{"payload":{"id":"F"},"expires_in":"soon"}"#,
        "\n",
        r#"{"payload":{"id":"G"},"storage":"stored","expires_in":"1d"}"#,
        "\n",
    );
    fs::write(folder.join("rows.ndjson"), rows).unwrap();
    run(
        folder,
        &["seal", "--note", "makes the store", "-o", "first.png"],
        b"{}",
    );
    let made = run(
        folder,
        &[
            "batch",
            "rows.ndjson",
            "--name",
            "{{id}}.svg",
            "--note",
            "made of {{id}}",
            "-o",
            "out/",
        ],
        b"",
    );
    assert_eq!(made.status.code(), Some(1), "{}", err(&made));
    let results = results(folder, "out/results.csv");
    let errors: Vec<&str> = results.iter().map(|row| &row[5]).collect();
    for (error, told) in errors.iter().zip([
        "",
        "colour: unknown",
        "payload: ",
        "id: unknown",
        "is not JSON",
        "expires_in: ",
        "",
    ]) {
        assert!(
            error.is_empty() == told.is_empty() && error.contains(told),
            "{error} {told}"
        );
    }
    assert!(
        fs::read_to_string(folder.join("out/A.svg"))
            .unwrap()
            .starts_with("<svg")
    );
    let listed = run(folder, &["tokens", "list", "--note", "row A"], b"");
    assert!(out(&listed).contains(&results[0][2]), "{}", out(&listed));
    let listed = run(folder, &["tokens", "list", "--note", "made of G"], b"");
    assert!(out(&listed).contains(&results[6][2]), "{}", out(&listed));
    assert!(folder.join("out/G.svg").exists());
}

#[test]
fn links_are_made_of_the_column_target() {
    let folder = new_folder();
    let folder = folder.path();
    let table = "target,Shelf\nhttps://shop.example/a,A 1\njavascript:alert(1),A 2\nhttps://shop.example/c,A 3\n";
    let made = batch(
        folder,
        table.as_bytes(),
        &[
            "--kind",
            "link",
            "--note",
            "shelf {{Shelf}}",
            "-o",
            "out.zip",
        ],
    );
    assert_eq!(made.status.code(), Some(1), "{}", err(&made));
    assert!(err(&made).contains("row 2: target: "), "{}", err(&made));
    let listed = run(folder, &["links", "list"], b"");
    assert!(
        out(&listed).contains("https://shop.example/a  (shelf A 1)"),
        "{}",
        out(&listed)
    );
    assert_eq!(out(&listed).lines().count(), 2);
}

#[test]
fn pins_are_told_in_a_table_of_their_own_and_open_what_they_are_for() {
    let folder = new_folder();
    let folder = folder.path();
    let asked = [
        "--pin-auto",
        "--expires-in",
        "1d",
        "--max-opens",
        "2",
        "--pins",
        "pins.csv",
        "-o",
        "out/",
    ];
    let made = batch(folder, b"seat\n1\n2\n", &asked);
    assert_eq!(made.status.code(), Some(0), "{}", err(&made));
    assert_eq!(mode(&folder.join("pins.csv")), 0o600);
    let results = results(folder, "out/results.csv");
    let pins = self::results(folder, "pins.csv");
    assert_eq!(pins.len(), 2);
    for (result, pin) in results.iter().zip(&pins) {
        assert_eq!((&result[7], &result[2]), ("", &pin[1]));
        fs::write(folder.join("pin"), &pin[2]).unwrap();
        let opened = run(
            folder,
            &["open", &result[3], "--count", "--pin-file", "pin"],
            b"",
        );
        assert_eq!(
            out(&opened),
            format!("{{\"seat\":\"{}\"}}\n", &result[0]),
            "{}",
            err(&opened)
        );
    }
}

#[test]
fn a_sheet_has_pages_and_a_label_that_is_too_small_says_how_much_it_needs() {
    let folder = new_folder();
    let folder = folder.path();
    let table = "No,Name\n1,Zoë\n2,日本\n3,Ω\n";
    let asked = [
        "--map",
        "no=No",
        "--sheet",
        "avery-l7160",
        "--line",
        "{{Name}}",
        "--skip",
        "20",
        "-o",
        "out.pdf",
    ];
    let made = batch(folder, table.as_bytes(), &asked);
    assert_eq!(made.status.code(), Some(1), "{}", err(&made));
    assert!(
        err(&made).contains("row 2: line: a line has the letter '日'"),
        "{}",
        err(&made)
    );
    let pdf = fs::read(folder.join("out.pdf")).unwrap();
    let text = String::from_utf8_lossy(&pdf);
    assert!(text.contains("/PrintScaling /None") && text.matches("/MediaBox").count() == 2);

    let small = ["--page", "20x20", "-o", "small.pdf"];
    let made = batch(folder, table.as_bytes(), &small);
    let told = "row 1: the label is too small for this code: at 0.4 mm a dot it takes ";
    assert!(
        err(&made).contains(told) && err(&made).contains("there are 17.0 by 17.0 mm"),
        "{}",
        err(&made)
    );

    let outlines = run(
        folder,
        &[
            "batch",
            "--outlines",
            "--sheet",
            "avery-5160",
            "-o",
            "test.pdf",
        ],
        b"",
    );
    assert_eq!(outlines.status.code(), Some(0), "{}", err(&outlines));
    assert!(
        fs::read(folder.join("test.pdf"))
            .unwrap()
            .starts_with(b"%PDF")
    );
    let unknown = batch(
        folder,
        table.as_bytes(),
        &["--sheet", "herma", "-o", "x.pdf"],
    );
    assert!(
        err(&unknown).contains("there is no sheet \"herma\": avery-l7160"),
        "{}",
        err(&unknown)
    );
    let configured =
        "[sheet.shelf]\npage = \"a4\"\ncolumns = 2\nrows = 4\nwidth = 90\nheight = 60\n";
    fs::write(folder.join("own.toml"), configured).unwrap();
    let own = batch(
        folder,
        table.as_bytes(),
        &["--sheet", "shelf", "-o", "own.pdf", "--config", "own.toml"],
    );
    assert_eq!(own.status.code(), Some(0), "{}", err(&own));
}
