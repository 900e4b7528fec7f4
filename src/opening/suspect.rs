//! Which clients look like programs that open links by themselves. It decides nothing: a receipt tells it, so that an
//! issuer sees which opens may have been a mail scanner's.

/// What such programs write into `User-Agent`, in small letters.
const WORDS: [&str; 38] = [
    "bot",
    "crawl",
    "spider",
    "slurp",
    "preview",
    "externalhit",
    "facebookcatalog",
    "whatsapp",
    "viber/",
    "embedly",
    "iframely",
    "bluesky cardyb",
    "mastodon/",
    "misskey",
    "pleroma",
    "kakaotalk-scrap",
    "line-poker",
    "imageproxy",
    "yahoomailproxy",
    "feedfetcher",
    "scanner",
    "safelinks",
    "safe browsing",
    "proofpoint",
    "mimecast",
    "barracuda",
    "ironport",
    "fireeye",
    "urldefense",
    "symantec",
    "trendmicro",
    "sophos",
    "fortiguard",
    "zscaler",
    "headlesschrome",
    "phantomjs",
    "virustotal",
    "urlscan",
];

/// Whether a request with these headers looks like a program's that opens links by itself: it says so, says that it
/// fetches ahead, says nothing about itself, or calls itself a browser and speaks no language, which every browser does.
///
/// `header` gives a request's header by its name in small letters.
pub fn is_suspected_bot<'a>(header: impl Fn(&str) -> Option<&'a str>) -> bool {
    let agent = header("user-agent")
        .unwrap_or_default()
        .to_ascii_lowercase();
    let ahead = ["purpose", "sec-purpose", "x-purpose", "x-moz"]
        .into_iter()
        .filter_map(&header)
        .any(|purpose| {
            let purpose = purpose.to_ascii_lowercase();
            ["prefetch", "preview", "prerender", "instant"]
                .iter()
                .any(|word| purpose.contains(word))
        });
    let claims_browser = agent.starts_with("mozilla/");
    agent.trim().is_empty()
        || ahead
        || WORDS.iter().any(|word| agent.contains(word))
        || claims_browser && header("accept-language").is_none()
}
