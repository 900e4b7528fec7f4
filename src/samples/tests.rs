use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use serde_json::{Value, json};

use super::*;
use crate::payload::minify;

const ONE: &str = r#"{"id":"INV-1","amount":12.50}"#;
const OTHER: &str = r#"{"id":"INV-2","amount":3}"#;

fn wanted(profile: u32, texts: &[&str]) -> AddSamples {
    AddSamples {
        profile: ClaimValue::try_from(profile).unwrap(),
        documents: texts
            .iter()
            .map(|text| minify(text.as_bytes()).unwrap())
            .collect(),
        mend: false,
        told: Vec::new(),
        lost: false,
    }
}

/// Adds a set and uses it.
fn used(keyring: &Path, wanted: AddSamples) -> Arc<SampleSet> {
    let set = append_set(keyring, wanted).unwrap().set;
    append_use(keyring, &set).unwrap();
    set
}

fn told(set: &SampleSet) -> ToldSet {
    ToldSet {
        number: set.number(),
        sha256: Some(set.sha256()),
    }
}

fn sets(keyring: &Path) -> Arc<SampleSets> {
    KnownSamples::beside(keyring).unwrap().sets()
}

/// Why the file cannot be used if it is this.
fn refused(keyring: &Path, text: &str) -> String {
    fs::write(path_beside(keyring), text).unwrap();
    KnownSamples::beside(keyring).unwrap_err().to_string()
}

#[test]
fn no_two_keyrings_share_a_file() {
    for (keyring, file) in [
        ("data/keyring.json", "data/keyring.samples"),
        ("data/keyring.shop-a", "data/keyring.shop-a-samples"),
        ("data/keyring.shop-a.json", "data/keyring.shop-a.samples"),
        ("keyring", "keyring-samples"),
        ("keyring.json", "keyring.samples"),
    ] {
        assert_eq!(path_beside(Path::new(keyring)), Path::new(file));
    }
}

#[test]
fn sets_are_numbered_kept_to_the_byte_and_used_from_when_that_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let keyring = folder.path().join("keyring.json");
    let invoice = ClaimValue::try_from(1).unwrap();
    assert_eq!(*sets(&keyring), SampleSets::default());
    let first = append_set(&keyring, wanted(1, &[ONE])).unwrap();
    let second = append_set(&keyring, wanted(1, &[ONE, OTHER])).unwrap();
    assert_eq!((first.set.number(), second.set.number()), (1, 2));
    assert!(!first.before && !second.before);
    // The same of another profile is another one.
    let third = append_set(&keyring, wanted(40, &[ONE])).unwrap();
    assert_ne!(third.set.fingerprint(), first.set.fingerprint());
    let again = append_set(&keyring, wanted(1, &[ONE])).unwrap();
    assert_eq!((again.set.number(), again.before), (1, true));

    let found = sets(&keyring);
    assert_eq!(found.all().count(), 3);
    assert_eq!(found.numbered(2).unwrap().documents()[0].as_str(), ONE);
    assert_eq!(found.fingerprints().len(), 3 * FINGERPRINT_BYTES);
    assert_eq!(found.in_use(invoice), None);
    for set in [&first.set, &second.set, &first.set] {
        let number = set.number();
        assert!(append_use(&keyring, set).unwrap());
        assert!(!append_use(&keyring, set).unwrap());
        let found = sets(&keyring);
        assert_eq!(found.in_use(invoice).unwrap().number(), number);
        assert!(found.uses(found.numbered(number).unwrap()));
    }
    // Neither one that is not there nor another with the number of one that is.
    let elsewhere = folder.path().join("elsewhere.json");
    let other = append_set(&elsewhere, wanted(1, &[OTHER])).unwrap().set;
    let refused = append_use(&keyring, &other).unwrap_err();
    assert!(matches!(refused, SamplesError::Unknown(1)));
    let file = path_beside(&keyring);
    let mode = fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert_eq!(fs::read_to_string(&file).unwrap().lines().count(), 6);
}

#[test]
fn documents_that_are_too_many_too_large_or_say_no_end_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let keyring = folder.path().join("keyring.json");
    let text = |bytes: usize| format!("\"{}\"", "a".repeat(bytes - 2));
    let (largest, larger) = (text(MAX_DOCUMENT_BYTES), text(MAX_DOCUMENT_BYTES + 1));
    for (texts, told) in [
        (vec![], "1 to 8 documents"),
        (vec![ONE; 9], "1 to 8 documents"),
        (vec![ONE, larger.as_str()], "document 2 has 2049 bytes"),
        (vec!["12"], "document 1 is neither"),
    ] {
        let said = append_set(&keyring, wanted(1, &texts)).unwrap_err();
        assert!(said.to_string().contains(told), "{said}");
    }
    assert!(!path_beside(&keyring).exists());
    append_set(&keyring, wanted(1, &[largest.as_str(); 8])).unwrap();
    assert_eq!(sets(&keyring).all().count(), 1);
}

#[test]
fn the_known_sets_have_the_hashes_that_printed_codes_name() {
    let folder = tempfile::tempdir().unwrap();
    let keyring = folder.path().join("keyring.json");
    let vectors: Value =
        serde_json::from_str(include_str!("../../tests/vectors/codec-3.json")).unwrap();
    let lines = vectors["sets"].as_array().unwrap().iter().map(|set| {
        let mut set = set.clone();
        set.as_object_mut().unwrap().remove("primed_sha256");
        json!({ "set": set }).to_string()
    });
    let lines: Vec<_> = lines.collect();
    fs::write(path_beside(&keyring), lines.join("\n") + "\n").unwrap();
    let known = KnownSamples::beside(&keyring).unwrap();
    assert_eq!(known.sets().all().count(), 3);
    for vector in vectors["bodies"].as_array().unwrap() {
        let hex = vector["body"].as_str().unwrap();
        let head: Vec<u8> = (0..3)
            .map(|at| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).unwrap())
            .collect();
        let (head, rest) = SampleHead::split(&head).unwrap();
        assert!(rest.is_empty());
        let found = known.find(head).map(|set| u64::from(set.number()));
        match vector["expect"].as_str().unwrap() {
            "missing" => assert!(found.is_err(), "{}", vector["name"]),
            _ => assert_eq!(found.ok(), vector["set"].as_u64()),
        }
    }
}

#[test]
fn a_head_with_any_bit_changed_or_cut_names_no_set() {
    let folder = tempfile::tempdir().unwrap();
    let keyring = folder.path().join("keyring.json");
    let set = append_set(&keyring, wanted(1, &[ONE])).unwrap().set;
    let known = KnownSamples::beside(&keyring).unwrap();
    let body = [&set.head().bytes()[..], b"rest"].concat();
    let (head, rest) = SampleHead::split(&body).unwrap();
    assert_eq!((known.find(head).unwrap(), rest), (set, &b"rest"[..]));
    for bit in 0..24 {
        let mut other = body.clone();
        other[bit / 8] ^= 1 << (bit % 8);
        let found = SampleHead::split(&other).map(|(head, _)| known.find(head));
        assert!(matches!(found, None | Some(Err(_))), "bit {bit}");
    }
    for end in 0..3 {
        assert_eq!(SampleHead::split(&body[..end]), None);
    }
}

#[test]
fn a_file_that_ends_within_a_line_is_used_up_to_there_and_added_to_once_it_is_mended() {
    let folder = tempfile::tempdir().unwrap();
    let keyring = folder.path().join("keyring.json");
    let file = path_beside(&keyring);
    let first = used(&keyring, wanted(1, &[ONE]));
    let before = fs::read(&file).unwrap();
    append_set(&keyring, wanted(1, &[OTHER])).unwrap();
    let after = fs::read(&file).unwrap();
    let pieces = (before.len() + 1..after.len()).map(|end| after[..end].to_vec());
    // With its end, and with something else in it than its digest says.
    let damaged = String::from_utf8(after.clone()).unwrap();
    let damaged = damaged.replace("INV-2", "INV-3").into_bytes();
    for piece in pieces.chain([damaged]) {
        fs::write(&file, &piece).unwrap();
        assert_eq!(bytes_for_backup(&keyring).unwrap().unwrap(), before);
        let found = sets(&keyring);
        assert!(found.is_cut());
        assert_eq!(found.all().count(), 1);
        assert!(found.uses(found.numbered(1).unwrap()));
    }
    let refused = append_set(&keyring, wanted(1, &[OTHER])).unwrap_err();
    assert!(refused.to_string().contains("--mend"), "{refused}");
    assert!(matches!(
        append_use(&keyring, &first).unwrap_err(),
        SamplesError::Cut(_)
    ));
    let mended = AddSamples {
        mend: true,
        ..wanted(1, &[OTHER])
    };
    assert_eq!(append_set(&keyring, mended).unwrap().set.number(), 2);
    assert_eq!(fs::read(&file).unwrap(), after);
}

#[test]
fn what_is_no_file_of_samples_is_refused_with_the_line() {
    let folder = tempfile::tempdir().unwrap();
    let keyring = folder.path().join("keyring.json");
    let set = append_set(&keyring, wanted(1, &[ONE])).unwrap().set;
    let good = fs::read_to_string(path_beside(&keyring)).unwrap();
    for (text, told) in [
        (format!("{good}{{}}\n"), "line 2"),
        (
            format!("{good}{{\"skip\":9}}\n{}", good.replace("1,", "2,")),
            "line 3: the set that comes here has the number 9",
        ),
        (
            format!("{good}{good}"),
            "line 2: the set that comes here has the number 2",
        ),
        (
            format!("{good}{{\"use\":2}}\n"),
            "line 2: it names a set that is not there",
        ),
        (
            format!("{{\"use\":0}}\n{good}"),
            "line 1: it names a set that is not there",
        ),
        (good.replace("12.50", "12.51"), "line 1: it was changed"),
        (
            good.replace("\"profile\":1", "\"profile\":2"),
            "line 1: it was changed",
        ),
        (good.replace("\"profile\":1", "\"profile\":0"), "line 1"),
        (good.replace("12.50", "12.50 "), "white space"),
        ("\n".to_owned(), "line 1"),
    ] {
        // Behind the last one it would be a piece that is not used.
        let text = text + "{\"use\":1}\n";
        let said = refused(&keyring, &text);
        assert!(said.contains(told), "{said}");
        assert!(append_use(&keyring, &set).is_err());
        assert_eq!(fs::read_to_string(path_beside(&keyring)).unwrap(), text);
    }
}

#[test]
fn a_running_program_takes_what_is_added_and_lets_go_of_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let keyring = folder.path().join("keyring.json");
    let file = path_beside(&keyring);
    let known = KnownSamples::beside(&keyring).unwrap();
    assert!(!known.look(false).unwrap());
    let first = append_set(&keyring, wanted(1, &[ONE])).unwrap().set;
    // A code that names it is the first to ask.
    assert_eq!(known.find(first.head()).unwrap(), first);
    assert!(known.look(false).unwrap(), "which nobody was told yet");
    assert!(!known.look(false).unwrap());
    let second = append_set(&keyring, wanted(1, &[OTHER])).unwrap().set;
    assert!(known.look(false).unwrap());
    assert!(!known.look(true).unwrap());
    assert_eq!(known.find(second.head()).unwrap(), second);

    let whole = fs::read(&file).unwrap();
    let line = whole.iter().position(|&byte| byte == b'\n').unwrap() + 1;
    for less in [&whole[..line], &b""[..], &b"{}\n"[..]] {
        fs::write(&file, less).unwrap();
        assert!(known.look(true).is_err());
        assert_eq!(known.sets().all().count(), 2);
    }
    fs::remove_file(&file).unwrap();
    assert!(known.look(true).is_err());
    // What cannot be read is tried again, though it looks the same.
    fs::create_dir(&file).unwrap();
    for _ in 0..2 {
        assert!(known.look(false).is_err());
    }
    fs::remove_dir(&file).unwrap();
    fs::write(&file, &whole).unwrap();
    assert!(!known.look(true).unwrap());
}

#[test]
fn the_file_of_a_backup_comes_back_where_none_or_a_part_of_it_is() {
    let (old, new) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (old, new) = (
        old.path().join("keyring.json"),
        new.path().join("keyring.json"),
    );
    assert_eq!(bytes_for_backup(&old).unwrap(), None);
    used(&old, wanted(1, &[ONE]));
    let backup = bytes_for_backup(&old).unwrap().unwrap();
    let file = path_beside(&new);
    let restored = [&backup[..], b"{\"skip\":9}\n"].concat();
    for there in [0, 10, backup.len(), restored.len() - 3, restored.len()] {
        if there > 0 {
            fs::write(&file, &restored[..there]).unwrap();
        }
        put_back(&new, &backup).unwrap();
        assert_eq!(fs::read(&file).unwrap(), restored);
    }
    // Sets that were added after the backup had the numbers between.
    let next = append_set(&new, wanted(1, &[OTHER])).unwrap().set;
    assert_eq!(next.number(), 9);
    assert_eq!(sets(&new).numbered(9), Some(&next));
    assert_eq!(sets(&new).numbered(2), None);
    // It goes on from the backup.
    assert!(!is_wanted(&new, &backup).unwrap());
    let before = fs::read(&file).unwrap();
    put_back(&new, &backup).unwrap();
    assert_eq!(fs::read(&file).unwrap(), before);
    assert_eq!(bytes_for_backup(&new).unwrap().unwrap(), before);

    fs::remove_file(&file).unwrap();
    assert!(none_beside(&new).is_ok());
    append_set(&new, wanted(1, &[OTHER])).unwrap();
    let before = fs::read(&file).unwrap();
    for refused in [put_back(&new, &backup), none_beside(&new)] {
        assert!(matches!(refused.unwrap_err(), SamplesError::InTheWay(_)));
    }
    assert_eq!(fs::read(&file).unwrap(), before);
}

#[test]
fn a_backup_without_a_file_leaves_numbers_free_too() {
    let folder = tempfile::tempdir().unwrap();
    let keyring = folder.path().join("keyring.json");
    let line = b"{\"skip\":8}\n";
    for there in [0, 5, line.len()] {
        if there > 0 {
            fs::write(path_beside(&keyring), &line[..there]).unwrap();
        }
        none_beside(&keyring).unwrap();
        put_back(&keyring, b"").unwrap();
        assert_eq!(fs::read(path_beside(&keyring)).unwrap(), line);
    }
    let next = append_set(&keyring, wanted(1, &[ONE])).unwrap().set;
    assert_eq!(next.number(), 8);
    let before = fs::read(path_beside(&keyring)).unwrap();
    let refused = none_beside(&keyring).unwrap_err();
    assert!(matches!(refused, SamplesError::InTheWay(_)));
    put_back(&keyring, b"").unwrap();
    assert_eq!(fs::read(path_beside(&keyring)).unwrap(), before);
}

#[test]
fn no_number_is_given_again_that_the_audit_log_tells_of() {
    let folder = tempfile::tempdir().unwrap();
    let (keyring, elsewhere) = (
        folder.path().join("keyring.json"),
        folder.path().join("elsewhere.json"),
    );
    let all: Vec<_> = [ONE, OTHER, "{}"]
        .iter()
        .map(|text| told(&append_set(&elsewhere, wanted(1, &[text])).unwrap().set))
        .collect();
    let add = |text: &str, told: &[ToldSet], lost| {
        let wanted = AddSamples {
            told: told.to_vec(),
            lost,
            ..wanted(1, &[text])
        };
        append_set(&keyring, wanted)
            .map(|added| added.set.number())
            .map_err(|error| error.to_string())
    };
    let said = add("[1]", &all, false).unwrap_err();
    assert!(said.contains("lacks sample set"), "{said}");
    assert!(fs::read(path_beside(&keyring)).unwrap().is_empty());
    // Nor is its place taken by another of them.
    assert!(add(OTHER, &all, false).is_err());
    // The same documents in their order are the sets that they were.
    assert_eq!(add(ONE, &all, false), Ok(1));
    assert_eq!(sets(&keyring).lacks(&all).count(), 2);
    assert!(add("[1]", &all, false).is_err());
    assert!(!sets(&keyring).passes_over(2));
    assert_eq!(add("[1]", &all, true), Ok(4));
    assert!(sets(&keyring).passes_over(2) && !sets(&keyring).passes_over(4));
    assert_eq!(add("[2]", &all, false), Ok(5));
    // A row that cannot be read tells of its number at least.
    let unreadable = ToldSet {
        number: 7,
        sha256: None,
    };
    assert!(add("[3]", std::slice::from_ref(&unreadable), false).is_err());
    assert_eq!(add("[3]", &[unreadable], true), Ok(8));
    let other = ToldSet {
        number: 5,
        ..all[0].clone()
    };
    let said = add("[4]", &[other], false).unwrap_err();
    assert!(said.contains("sample set 5"), "{said}");
}

#[test]
fn a_file_that_others_may_write_is_not_used() {
    let folder = tempfile::tempdir().unwrap();
    let keyring = folder.path().join("keyring.json");
    let set = append_set(&keyring, wanted(1, &[ONE])).unwrap().set;
    for (mode, good) in [
        (0o400, true),
        (0o440, true),
        (0o644, true),
        (0o660, false),
        (0o602, false),
    ] {
        fs::set_permissions(path_beside(&keyring), fs::Permissions::from_mode(mode)).unwrap();
        let read = KnownSamples::beside(&keyring);
        assert_eq!(read.is_ok(), good, "{mode:o}");
        if !good {
            let said = append_use(&keyring, &set).unwrap_err().to_string();
            assert!(said.contains(&format!("has mode {mode:04o}")), "{said}");
        }
    }
}

#[test]
fn a_running_program_reads_a_file_as_soon_as_others_may_not_write_it_any_more() {
    let folder = tempfile::tempdir().unwrap();
    let keyring = folder.path().join("keyring.json");
    let known = KnownSamples::beside(&keyring).unwrap();
    append_set(&keyring, wanted(1, &[ONE])).unwrap();
    let may = |mode| {
        fs::set_permissions(path_beside(&keyring), fs::Permissions::from_mode(mode)).unwrap();
    };
    may(0o660);
    for _ in 0..2 {
        assert!(known.look(false).is_err());
    }
    // Neither its time nor its size changes.
    may(0o600);
    assert!(known.look(false).unwrap());
    assert_eq!(known.sets().all().count(), 1);
}
