//! The page at `/` and what stands beside it.

use crate::app::TestApp;

#[test]
fn the_start_page_seals_without_script() {
    let app = TestApp::start();
    let page = app.get_as("/", "text/html");
    assert_eq!(page.status, 200);
    assert!(page.text().contains("<form"));
    assert!(page.text().contains("/swagger-ui/"));
    let sealed = app.post_form(
        "/",
        &[
            ("payload", "{\"total\": 12.50}"),
            ("expires_in", "3600"),
            ("ecl", "Q"),
        ],
    );
    assert_eq!(sealed.status, 201);
    assert!(sealed.text().contains("data:image/png;base64,"));
    assert!(sealed.text().contains("data:image/svg+xml;base64,"));
    let digits: String = sealed
        .text()
        .split(&format!(
            "http://{}/",
            app.app.config.public_url().authority()
        ))
        .filter_map(|rest| rest.split(|letter: char| !letter.is_ascii_digit()).next())
        .find(|digits| digits.len() > 60)
        .expect("the link is in the page")
        .to_owned();
    assert_eq!(app.get(&format!("/{digits}")).text(), "{\"total\":12.50}");
}

#[test]
fn a_mistake_stays_beside_its_field() {
    let app = TestApp::start();
    let page = app.post_form("/", &[("payload", "{\"total\": }"), ("ecl", "M")]);
    assert_eq!(page.status, 400);
    assert!(page.text().contains("line 1, column 11"), "{}", page.text());
    assert!(
        page.text().contains("{&quot;total&quot;: }")
            || page.text().contains("{&#34;total&#34;: }")
    );
    assert_eq!(
        app.post_form("/", &[("payload", "1"), ("ecl", "X")]).status,
        422
    );
    assert_eq!(
        app.post_form("/", &[("payload", "1"), ("expires_in", "5")])
            .status,
        422
    );
}

#[test]
fn a_form_of_another_site_is_refused() {
    let app = TestApp::start();
    let form = ("content-type", "application/x-www-form-urlencoded");
    for header in [
        ("sec-fetch-site", "cross-site"),
        ("origin", "https://evil.example"),
    ] {
        app.send("POST", "/", &[form, header], b"payload=1")
            .problem(403, "cross_site");
    }
    let own = format!("http://{}", app.app.config.public_url().authority());
    for header in [
        ("sec-fetch-site", "same-origin"),
        ("origin", "null"),
        ("origin", own.as_str()),
    ] {
        assert_eq!(
            app.send("POST", "/", &[form, header], b"payload=1").status,
            201,
            "{header:?}"
        );
    }
}

#[test]
fn every_problem_has_a_page_and_its_type_leads_there() {
    let app = TestApp::start();
    let index = app.get("/problems");
    assert_eq!(index.status, 200);
    for code in qrseal::http::ProblemCode::ALL {
        let page = app.get(&format!("/problems/{}", code.as_str()));
        assert_eq!(page.status, 200);
        assert!(page.text().contains(code.as_str()));
        assert!(index.text().contains(code.as_str()));
    }
}

#[test]
fn assets_are_cached_and_the_rest_is_not() {
    let app = TestApp::start();
    let page = app.get_as("/", "text/html");
    assert_eq!(page.header("cache-control"), Some("no-store"));
    for asset in qrseal::http::pages::assets() {
        let answer = app.get(asset.path);
        assert_eq!(answer.status, 200, "{}", asset.path);
        assert_eq!(
            answer.header("cache-control"),
            Some("public, max-age=31536000, immutable")
        );
        let etag = answer.header("etag").unwrap();
        assert_eq!(
            app.send("GET", asset.path, &[("if-none-match", etag)], b"")
                .status,
            304
        );
    }
    assert_eq!(app.get("/favicon.ico").status, 200);
    assert!(app.get("/robots.txt").text().contains("Disallow: /"));
}
