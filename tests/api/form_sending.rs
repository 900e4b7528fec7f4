//! How a form is sent: once or twice, too often, from elsewhere, and where no code can be made.

use qrseal::store::Role;

use crate::accounts::person;
use crate::app::{Answer, TestApp};
use crate::failing_store::Failure;
use crate::profile_forms::{HTML, VISITOR, WISH, opened};
use crate::profiles::with_profiles;
use crate::store_failures::failing_app;

/// What a page puts into a field that nobody sees.
fn hidden(page: &Answer, name: &str) -> String {
    let before = format!("name=\"{name}\" value=\"");
    let (_, rest) = page.text().split_once(&before).unwrap();
    rest.split_once('"').unwrap().0.to_owned()
}

fn is_kept(answer: &Answer, parts: &[&str]) {
    for part in parts {
        assert!(answer.text().contains(part), "{part} in {}", answer.text());
    }
    assert!(
        !answer.text().contains("class=\"languages\""),
        "another language would lose what was typed"
    );
}

#[test]
fn the_same_form_sent_twice_makes_one_code() {
    let (app, _folder) = with_profiles(&[("wish", WISH)], &[]);
    let _key = app.api_key("issue");
    let form = app.get_as("/f/wish?.form=chosen-by-a-link", HTML);
    let id = hidden(&form, ".form");
    assert!(id.len() >= 16 && id != "chosen-by-a-link", "{id}");
    let send = |path: &str, id: &str, text: &str| {
        let sent = app.submit(path, &[("text", text), (".form", id)]);
        assert_eq!(sent.status, 303, "{}", sent.text());
        let place = sent.header("location").unwrap();
        place.split_once('?').unwrap().0.to_owned()
    };
    let first = send("/f/wish", &id, "tea");
    assert_eq!(send("/f/wish", &id, "tea"), first);
    assert_eq!(send("/f/wish?lang=de", &id, "tea"), first);
    assert_ne!(send("/f/wish", &id, "coffee"), first);
    let other = hidden(&app.get_as("/f/wish", HTML), ".form");
    assert_ne!(send("/f/wish", &other, "tea"), first);
    // A form that is shown again for what is wrong is the same form.
    let wrong = app.submit("/f/wish", &[("text", ""), (".form", &other)]);
    assert_eq!(hidden(&wrong, ".form"), other);
}

#[test]
fn a_form_that_is_wrong_again_and_again_is_looked_at_so_often_and_no_more() {
    let (app, _folder) = with_profiles(&[("wish", WISH)], &[("LIMITS__OPENS_PER_MINUTE", "2")]);
    let long = "x".repeat(51);
    for status in [422, 422, 429] {
        let answer = app.submit("/f/wish", &[("text", &long)]);
        assert_eq!(answer.status, status);
        is_kept(&answer, &[&format!("value=\"{long}\"")]);
    }
    assert_eq!(app.get_as("/f/wish", HTML).status, 200);
}

#[test]
fn where_no_code_can_be_made_the_form_says_so_and_keeps_what_was_typed() {
    let long = WISH.replace("maxLength = 50", "maxLength = 10000");
    let (app, _folder) = with_profiles(&[("wish", &long)], &[]);
    let mut state = 1_u32;
    let letters = std::iter::repeat_with(|| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        char::from(b'0' + u8::try_from(state >> 26).unwrap())
    });
    let text: String = letters
        .filter(char::is_ascii_alphanumeric)
        .take(9_000)
        .collect();
    let refused = app.submit("/f/wish", &[("text", &text)]);
    assert_eq!(refused.status, 422);
    is_kept(&refused, &["This is more than fits into a code.", &text]);

    let (app, failing, _folder) = failing_app();
    failing.fail(1, Failure::Unavailable);
    let refused = app.submit("/f/sign-in", &VISITOR);
    assert_eq!(refused.status, 503, "{}", refused.text());
    assert!(refused.header("retry-after").is_some());
    is_kept(
        &refused,
        &["No code was made.", "value=\"Grace\"", " checked"],
    );
    assert_eq!(app.submit("/f/sign-in", &VISITOR).status, 303);
}

/// Sends what a visitor types with these headers.
fn sent(app: &TestApp, headers: &[(&str, &str)], token: &str) -> u16 {
    let fields = VISITOR.iter().copied().chain([(".token", token)]);
    let body = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish();
    let typed = ("content-type", "application/x-www-form-urlencoded");
    let headers = [&[typed], headers].concat();
    app.send("POST", "/f/sign-in", &headers, body.as_bytes())
        .status
}

#[test]
fn a_form_is_taken_from_a_page_of_ours_and_of_somebody_who_has_signed_in_with_its_token() {
    let (app, _folder) = with_profiles(&[("sign-in", &opened("open"))], &[]);
    let ours = app.app.config.public_url().origin().ascii_serialization();
    let form = app.get_as("/f/sign-in", HTML);
    // Then browsers that know no Sec-Fetch-Site say where a form is from.
    assert_eq!(form.header("referrer-policy"), Some("same-origin"));
    for (headers, status) in [
        (&[][..], 303),
        (&[("origin", ours.as_str())][..], 303),
        (&[("origin", "null")][..], 403),
        (&[("origin", "https://evil.example")][..], 403),
        (
            &[("origin", "null"), ("sec-fetch-site", "same-origin")][..],
            303,
        ),
    ] {
        assert_eq!(sent(&app, headers, ""), status, "{headers:?}");
    }
    let (cookie, _) = person(&app, "ana", Role::Issuer);
    let form = crate::accounts::get(&app, &cookie, "/f/sign-in");
    let token = hidden(&form, ".token");
    let headers = [("cookie", cookie.as_str())];
    assert_eq!(sent(&app, &headers, ""), 403);
    assert_eq!(sent(&app, &headers, "another"), 403);
    assert_eq!(sent(&app, &headers, &token), 303);
    let says = [
        ("cookie", cookie.as_str()),
        ("sec-fetch-site", "same-origin"),
    ];
    assert_eq!(sent(&app, &says, ""), 303);
}
