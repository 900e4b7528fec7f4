//! Rows as programs write them, and as nobody should.

use proptest::prelude::*;

use super::*;

/// The rows of an input that arrives in small pieces: their line, and their cells or what is wrong.
fn read(
    input: &[u8],
    format: RowsFormat,
    dialect: Dialect,
) -> Result<Vec<(u64, Result<Vec<String>, String>)>, String> {
    struct Drops<'a>(&'a [u8]);
    impl Read for Drops<'_> {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            // More than small inputs have, and odd, so that letters are cut.
            let most = into
                .len()
                .min(if self.0.len() > 100_000 { 60_001 } else { 7 });
            self.0.read(&mut into[..most])
        }
    }
    let mut reader =
        RowsReader::new(Drops(input), format, dialect).map_err(|error| error.to_string())?;
    let mut rows = Vec::new();
    while let Some(row) = reader.next_row().map_err(|error| error.to_string())? {
        assert_eq!(row.number, rows.len() as u64 + 1);
        let content = row.content.map(|content| match content {
            RowContent::Cells(cells) => cells.iter().map(str::to_owned).collect(),
            RowContent::Json(text) => vec![text],
        });
        rows.push((row.line, content));
    }
    Ok(rows)
}

fn csv(input: &[u8]) -> Vec<(u64, Result<Vec<String>, String>)> {
    read(input, RowsFormat::Csv, Dialect::default()).unwrap()
}

fn cells(cells: &[&str]) -> Result<Vec<String>, String> {
    Ok(cells.iter().map(ToString::to_string).collect())
}

fn in_encoding(name: &str) -> Dialect {
    Dialect {
        encoding: Some(name.parse().unwrap()),
        delimiter: None,
    }
}

#[test]
fn malformed_bytes_by_the_thousand_cost_their_row_and_letters_around_them_are_whole() {
    // Longer than what is decoded at once, and than what is read at once.
    for length in [4_095, 4_096, 4_097, 70_000] {
        let sound = "é".repeat(length);
        let mut table = b"a\n".to_vec();
        table.extend(std::iter::repeat_n(0xe9, length));
        table.push(b'\n');
        let windows = read(&table, RowsFormat::Csv, in_encoding("windows-1252")).unwrap();
        assert_eq!(windows, [(2, cells(&[&sound]))]);

        let mut table = b"a\n".to_vec();
        table.extend(std::iter::repeat_n(0xff, length));
        table.extend(b"\n\xa4\xa4\n");
        let big5 = read(&table, RowsFormat::Csv, in_encoding("big5")).unwrap();
        assert!(big5[0].1.as_ref().unwrap_err().contains("no UTF-8"));
        assert_eq!(big5[1..], [(3, cells(&["中"]))]);
    }
}

#[test]
fn every_dialect_is_read_to_the_same_rows() {
    let expected = vec![
        (2, cells(&["1", "Žofie; \"A\", B\nC", "1,5"])),
        (4, cells(&["2", "", "é"])),
    ];
    let comma = "id,name,n\r\n1,\"Žofie; \"\"A\"\", B\nC\",\"1,5\"\r\n2,,é\r\n";
    let semicolon = "id;name;n\n1;\"Žofie; \"\"A\"\", B\nC\";1,5\n\n2;;é";
    let tab = "id\tname\tn\n1\t\"Žofie; \"\"A\"\", B\nC\"\t1,5\n2\t\té\n";
    assert_eq!(csv(comma.as_bytes()), expected);
    assert_eq!(csv(tab.as_bytes()), expected);
    let mut with_blank = expected.clone();
    with_blank[1].0 = 5;
    assert_eq!(csv(semicolon.as_bytes()), with_blank);
    let marked = ["\u{feff}", comma].concat();
    assert_eq!(csv(marked.as_bytes()), expected);
    let little: Vec<u8> = marked.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(csv(&little), expected);
    let big: Vec<u8> = marked.encode_utf16().flat_map(u16::to_be_bytes).collect();
    assert_eq!(csv(&big), expected);
    let unmarked: Vec<u8> = comma.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(
        read(&unmarked, RowsFormat::Csv, in_encoding("utf-16le")).unwrap(),
        expected
    );
    let pipe = Dialect {
        encoding: None,
        delimiter: Some(b'|'),
    };
    assert_eq!(
        read(b"a|b\n1|2\n", RowsFormat::Csv, pipe).unwrap(),
        [(2, cells(&["1", "2"]))]
    );
}

#[test]
fn windows_1252_is_read_when_it_is_said_and_told_when_it_is_not() {
    let table = b"Name;Betrag\r\nM\xfcller \x80;1,5\r\nPlain;2\r\n";
    let said = read(table, RowsFormat::Csv, in_encoding("windows-1252")).unwrap();
    assert_eq!(
        said,
        [
            (2, cells(&["Müller €", "1,5"])),
            (3, cells(&["Plain", "2"]))
        ]
    );
    let unsaid = csv(table);
    assert!(
        unsaid[0]
            .1
            .as_ref()
            .is_err_and(|why| why.contains("windows-1252"))
    );
    assert_eq!(unsaid[1].1, cells(&["Plain", "2"]));
    assert!("klingon".parse::<TextEncoding>().is_err());
}

#[test]
fn a_bad_row_costs_itself_wherever_it_stands() {
    for bad in 0..5 {
        for (line, told) in [
            ("1", "has 1 cells"),
            ("1,2,3", "has 3 cells"),
            ("a\"b,\"open", "never closed"),
            ("1,2\r3,4", "has a carriage return outside of quotes"),
        ] {
            let mut rows = ["1,2"; 5];
            rows[bad] = line;
            let table = format!("a,b\n{}\n", rows.join("\n"));
            let found = csv(table.as_bytes());
            assert_eq!(found.len(), 5, "{table}");
            for (at, (_, row)) in found.iter().enumerate() {
                match at == bad {
                    true => assert!(row.as_ref().is_err_and(|why| why.contains(told)), "{row:?}"),
                    false => assert_eq!(row, &cells(&["1", "2"])),
                }
            }
        }
    }
    assert_eq!(
        csv(b"a,b\n1,2,,\n")[0].1,
        cells(&["1", "2"]),
        "delimiters at the end are nothing"
    );
    assert_eq!(
        csv(b"a,b\r\n\"1\r2\",3\r\n")[0].1,
        cells(&["1\r2", "3"]),
        "what stands in quotes is kept"
    );
}

#[test]
fn a_row_that_is_too_long_is_not_kept() {
    let long = "x".repeat(2 << 20);
    for (middle, told) in [
        (format!("{long},1"), "has more than 1048576 bytes"),
        (format!("\"{long}\",1"), "never closed"),
    ] {
        let table = format!("a,b\n1,2\n{middle}\n3,4\n");
        let found = csv(table.as_bytes());
        assert_eq!(found.len(), 3);
        assert!(
            found[1].1.as_ref().is_err_and(|why| why.contains(told)),
            "{told}"
        );
        assert_eq!(found[2], (4, cells(&["3", "4"])));
    }
    let lines = format!("{{}}\n{long}\n{{}}\n");
    let found = read(lines.as_bytes(), RowsFormat::NdJson, Dialect::default()).unwrap();
    assert_eq!((found.len(), found[1].1.is_err()), (3, true));
}

#[test]
fn quotes_that_are_never_closed_again_and_again_end_it() {
    // From the start of any of these lines on, the last quote of each is open.
    let rows = |count: usize| format!("a,b\n{}", "a\",\"x\n".repeat(count));
    assert!(read(rows(8).as_bytes(), RowsFormat::Csv, Dialect::default()).is_ok());
    let told = read(rows(9).as_bytes(), RowsFormat::Csv, Dialect::default());
    assert!(told.is_err_and(|why| why.contains("again a quote")));
}

#[test]
fn there_have_to_be_columns() {
    for (table, told) in [
        (&b""[..], "there are no rows"),
        (b"\n \n", "there are no rows"),
        (b"a,\xff\n1,2\n", "UTF-8"),
        (b"\"a,b\n1,2\n", "never closed"),
        (
            b"a,b\r1,2\r",
            "has a carriage return outside of quotes: lines end with LF or CRLF",
        ),
    ] {
        let error = read(table, RowsFormat::Csv, Dialect::default()).unwrap_err();
        assert!(error.contains(told), "{error}");
    }
    let wide = format!("{}\n", "x,".repeat(2_000));
    assert!(
        read(wide.as_bytes(), RowsFormat::Csv, Dialect::default())
            .is_err_and(|why| why.contains("1024"))
    );
    assert_eq!(csv(b"a;b\n"), []);
}

proptest! {
    #[test]
    fn what_is_written_as_csv_is_read_as_it_was(rows in prop::collection::vec(prop::collection::vec("[ -~éß日\n\"]{0,12}", 3), 1..20)) {
        let mut writer = ::csv::WriterBuilder::new().quote_style(::csv::QuoteStyle::Always).from_writer(Vec::new());
        writer.write_record(["a", "b", "c"]).unwrap();
        for row in &rows {
            writer.write_record(row).unwrap();
        }
        let table = writer.into_inner().unwrap();
        let found: Vec<_> = super::tests::csv(&table).into_iter().map(|(_, row)| row.unwrap()).collect();
        prop_assert_eq!(found, rows);
    }

    #[test]
    fn no_bytes_stop_or_confuse_it(input in prop::collection::vec(any::<u8>(), 0..400)) {
        for format in [RowsFormat::Csv, RowsFormat::NdJson] {
            if let Ok(rows) = read(&input, format, Dialect::default()) {
                prop_assert!(rows.len() <= input.len());
            }
        }
    }
}
