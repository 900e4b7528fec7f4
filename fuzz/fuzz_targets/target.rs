//! Any text as a target: what is accepted is accepted again as it is written, leads to a name, and is shown whole.
#![no_main]

use libfuzzer_sys::fuzz_target;
use qrseal::targets::{Target, TargetRules};
use url::Url;

fuzz_target!(|text: &str| {
    let own = Url::parse("https://qr.example.com/codes/").expect("a URL");
    let rules = TargetRules::of(&own, false, false);
    let Ok(target) = Target::parse(text, &rules) else {
        return;
    };
    let written = target.as_str();
    assert!(written.is_ascii() && written.len() <= 2048 && written.starts_with("https://"));
    assert!(!written.bytes().any(|byte| byte <= b' '));
    assert_eq!(Target::parse(written, &rules).as_ref(), Ok(&target));
    assert!(target.host().contains('.') && !target.host().ends_with('.'));
    let (before, after) = target.around_host();
    assert_eq!([before, target.host(), after].concat(), written);
    let _ = (target.look_alike(), target.unicode_host());
    let query = text.split_once('?').map_or(text, |(_, query)| query);
    let forwarded = target.with_query(query);
    let url = Url::parse(&forwarded).expect("a URL");
    assert_eq!(url.host_str(), Some(target.host()));
});
