//! The table of targets (`tests/vectors/targets.json`), and lists of hosts.

use std::fmt::Write as _;
use std::io::Cursor;

use serde::Deserialize;
use url::Url;

use super::*;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    target: String,
    leads_to: Option<String>,
    refused: Option<String>,
    looks_like: Option<String>,
    #[serde(default)]
    mixed_scripts: bool,
}

fn rules(allow_http: bool, allow_private: bool) -> TargetRules {
    let own = Url::parse("https://qr.example.com/codes/").unwrap();
    TargetRules::of(&own, allow_http, allow_private)
}

fn parsed(text: &str) -> Result<Target, TargetRefused> {
    Target::parse(text, &rules(false, false))
}

#[test]
fn every_target_of_the_table_leads_where_the_table_says_or_is_refused_for_its_reason() {
    let rows: Vec<Row> =
        serde_json::from_str(include_str!("../../tests/vectors/targets.json")).unwrap();
    let hostile = rows
        .iter()
        .filter(|row| row.refused.is_some() || row.looks_like.is_some() || row.mixed_scripts);
    assert!(hostile.count() >= 80);
    let wrong: Vec<_> = rows.iter().filter_map(differs).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What is not as the row says.
fn differs(row: &Row) -> Option<String> {
    let parsed = parsed(&row.target);
    let given = format!("{:?}: {parsed:?}", row.target);
    let target = match &parsed {
        Err(refused) => {
            return (Some(refused.word()) != row.refused.as_deref()).then_some(given);
        }
        Ok(target) => target,
    };
    let look_alike = match (&row.looks_like, row.mixed_scripts) {
        (Some(host), _) => Some(LookAlike::Of(host.clone())),
        (None, true) => Some(LookAlike::MixedScripts),
        (None, false) => None,
    };
    let (before, after) = target.around_host();
    let whole = [before, target.host(), after].concat();
    let same = Some(target.as_str()) == row.leads_to.as_deref()
        && target.look_alike() == look_alike
        && whole == target.as_str();
    (!same).then(|| format!("{given} {} {:?}", target.as_str(), target.look_alike()))
}

#[test]
fn an_installation_may_allow_http_and_private_networks() {
    let http = "http://shop.example/";
    let refused = |text, rules| Target::parse(text, &rules).err();
    assert_eq!(refused(http, rules(true, false)), None);
    assert_eq!(
        refused("ftp://shop.example/", rules(true, false)),
        Some(TargetRefused::SchemeOfBoth)
    );
    for private in [
        "https://10.0.0.1/",
        "https://[::1]/",
        "https://wiki/",
        "https://nas.lan/",
    ] {
        assert!(refused(private, rules(true, false)).is_some(), "{private}");
        assert_eq!(refused(private, rules(false, true)), None, "{private}");
    }
    let own = "https://qr.example.com/1";
    assert_eq!(
        refused(own, rules(true, true)),
        Some(TargetRefused::OwnHost)
    );
}

#[test]
fn the_query_of_a_scan_comes_behind_that_of_the_target_whose_names_win() {
    for (target, query, expected) in [
        ("https://a.example/", "", "https://a.example/"),
        ("https://a.example/", "t=1", "https://a.example/?t=1"),
        (
            "https://a.example/?t=2",
            "t=1&t=3",
            "https://a.example/?t=2",
        ),
        (
            "https://a.example/?t=2#top",
            "t=1&u=%26&u=x",
            "https://a.example/?t=2&u=%26&u=x#top",
        ),
        (
            "https://a.example/?%74=2",
            "t=1",
            "https://a.example/?%74=2",
        ),
        (
            "https://a.example/",
            "next=https://b.example&%00=%ff",
            "https://a.example/?next=https%3A%2F%2Fb.example&%00=%EF%BF%BD",
        ),
    ] {
        assert_eq!(parsed(target).unwrap().with_query(query), expected);
    }
    let long = "a".repeat(2_040);
    let target = parsed("https://a.example/").unwrap();
    assert_eq!(target.with_query(&format!("t={long}")), target.as_str());
}

#[test]
fn trusted_hosts_stand_for_whole_labels() {
    let trusted = TrustedHosts::parse(["shop.example", "BÜCHER.example."]).unwrap();
    for (target, expected) in [
        ("https://shop.example/", true),
        ("https://www.shop.example./", true),
        ("https://xn--bcher-kva.example/", true),
        ("https://my-shop.example/", false),
        ("https://shop.example.evil.example/", false),
        ("https://example.com/", false),
    ] {
        assert_eq!(
            trusted.has(parsed(target).unwrap().host()),
            expected,
            "{target}"
        );
    }
    for wrong in ["", "https://shop.example", "*.shop.example", "shop example"] {
        assert!(TrustedHosts::parse([wrong]).is_err(), "{wrong}");
    }
}

fn list(text: &str) -> Result<BlockList, BrokenList> {
    let mut list = BlockList::default();
    list.add(0, Cursor::new(text)).map(|_| list)
}

#[test]
fn a_list_has_hosts_or_lines_of_a_hosts_file_and_blocks_what_is_below_them() {
    let list = list(
        "\u{feff}# of today\n\
         127.0.0.1 localhost localhost.localdomain local\n\
         ::1 ip6-localhost\nfe80::1%lo0 localhost\n0.0.0.0 0.0.0.0\n\n\
         0.0.0.0 Ads.Example tracker.example # two\r\n\
         evil.example.\n*.wild.example\n.dotted.example\nb\u{fc}cher.example\nzip\n10.0.0.1",
    )
    .unwrap();
    for (host, blocked) in [
        ("ads.example", true),
        ("a.b.ads.example", true),
        ("tracker.example", true),
        ("evil.example", true),
        ("www.wild.example", true),
        ("dotted.example", true),
        ("xn--bcher-kva.example", true),
        ("invoice.zip", true),
        ("10.0.0.1", true),
        ("bads.example", false),
        ("example", false),
        ("localhost", false),
        ("localhost.localdomain", false),
        ("0.0.0.0", false),
        ("", false),
    ] {
        assert_eq!(list.blocks(host).is_some(), blocked, "{host}");
    }
}

#[test]
fn a_name_is_blocked_by_the_first_list_that_has_it() {
    let mut lists = BlockList::default();
    let read = lists.add(0, Cursor::new("a.example\n")).unwrap();
    assert_eq!((read.names, read.unreadable), (1, 0));
    let read = lists
        .add(1, Cursor::new("a.example\nb.example\na b\n"))
        .unwrap();
    assert_eq!((read.names, read.unreadable), (1, 1));
    assert_eq!(lists.blocks("a.example"), Some(0));
    assert_eq!(lists.blocks("b.example"), Some(1));
    assert!(matches!(
        lists.add(MAX_LISTS, Cursor::new("c.example")),
        Err(BrokenList::TooManyLists)
    ));
}

#[test]
fn what_is_no_list_is_refused_and_a_few_odd_lines_are_left_out() {
    assert!(matches!(list(""), Err(BrokenList::Empty)));
    assert_eq!(list("# nothing is blocked").unwrap().len(), 0);
    let odd = "<p>\n".repeat(10) + "a.example\n";
    assert_eq!(list(&odd).unwrap().len(), 1);
    let page = "a.example\n".to_owned() + &"<li>not a host</li>\n".repeat(11);
    assert!(matches!(list(&page), Err(BrokenList::NoList { line: 2 })));
    let long = format!("a.example\n{}\nb.example\n", "x".repeat(1_000_000));
    assert_eq!(list(&long).unwrap().len(), 2);
    let binary = [0xff_u8, 0xfe, b'\n'].repeat(12);
    let read = BlockList::default().add(0, Cursor::new(binary));
    assert!(matches!(read, Err(BrokenList::NoList { line: 1 })));
}

#[test]
fn a_million_names_take_less_than_64_megabytes() {
    let mut text = String::new();
    for n in 0..1_000_000_u32 {
        let number = n.wrapping_mul(2_654_435_761);
        writeln!(text, "0.0.0.0 host-{number:08x}.tracking.example").unwrap();
    }
    let mut lists = BlockList::default();
    let read = lists.add(0, Cursor::new(text)).unwrap();
    lists.finish();
    assert_eq!(read.names, 1_000_000);
    assert!(lists.memory_bytes() <= 64 << 20, "{}", lists.memory_bytes());
    assert_eq!(lists.blocks("www.host-00000000.tracking.example"), Some(0));
    assert_eq!(lists.blocks("www.tracking.example"), None);
}
