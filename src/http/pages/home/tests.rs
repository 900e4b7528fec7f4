use super::*;
use crate::http::pages::Language;

const SITE: Site<'_> = Site {
    base: "/codes",
    issuer: "shop.example",
    contact: None,
    version: "1.2.3",
    language: Language::English,
    docs: true,
    chosen: false,
    switch: None,
};
const VIEW: HomeView<'_> = HomeView {
    public_url: "https://shop.example/codes",
    payload: SAMPLE,
    form_id: "0123456789abcdef",
    profiles: &[("invoice", "Invoice"), ("ticket", "Ticket")],
    max_logo_bytes: 262_144,
    code: CodeView {
        as_text: false,
        note: "",
        max_opens: "",
        profile: "",
        with_pin: false,
        own_pin: false,
        storage: "",
        expires_in: Some(86_400),
        ecl: "Q",
    },
    style: StyleView {
        module_shape: "",
        finder_shape: "",
        dark: "",
        light: "",
        caption: "",
        logo_share: "",
        logo: None,
    },
    outcome: Outcome::Blank,
    phone_cannot_reach: false,
    issuing_open: true,
    person: None,
    may_sign_in: true,
    message_page: Some("/message"),
};

#[test]
fn the_sample_is_json_and_the_form_keeps_the_choices() {
    serde_json::from_str::<serde_json::Value>(SAMPLE).expect("the sample is JSON");
    let html = home(&SITE, &VIEW);
    assert!(html.contains("<form method=\"post\" action=\"/codes/\""));
    assert!(html.contains("<option value=\"86400\" selected>after 1 day</option>"));
    assert!(html.contains("<option value=\"Q\" selected>"));
    assert!(html.contains("encrypted-payload?expires_in=86400&#38;ecl=Q"));
    assert!(!html.contains("server.public_url"));
}

#[test]
fn a_wrong_document_stays_in_the_form_with_the_place_beside_it() {
    let wrong = [(
        Field::Payload,
        "line 2, column 4: expected a value".to_owned(),
    )];
    let error = FieldErrors {
        wrong: &wrong,
        place: Some((2, 4)),
        may_be_text: true,
        faults: &[],
    };
    let html = home(
        &SITE,
        &HomeView {
            payload: "{\"a\":\n12 </textarea>x",
            outcome: Outcome::Refused(error),
            ..VIEW
        },
    );
    assert!(html.contains("aria-invalid=\"true\" aria-describedby=\"payload-error\""));
    assert!(html.contains("name=\"as_text\" value=\"1\">Seal it as text</button>"));
    assert!(html.contains("<pre>12 <mark>&#60;</mark>/textarea&#62;x</pre>"));
    assert!(html.contains("\n{&#34;a&#34;:\n12 &#60;/textarea&#62;x</textarea>"));
}

#[test]
fn a_sealed_document_is_shown_with_its_link_downloads_and_sizes() {
    let sealed = SealedView {
        pin: Some("493817"),
        max_opens: Some(3),
        is_stored: false,
        png: b"png",
        svg: "<svg/>",
        pdf: b"%PDF",
        link: "https://SHOP.EXAMPLE/codes/0123",
        token_id: "0f1e2d3c4b5a69788796a5b4",
        version: 9,
        modules: 53,
        ecl: "Q",
        contrast: 21.0,
        smallest_mm: 24.4,
        read_back: true,
        is_read_from_aside: false,
        payload_bytes: 224,
        sealed_bytes: 257,
        packed_bytes: Some(40),
        issued_at: 1_795_179_955,
        expires_at: None,
    };
    let html = home(
        &SITE,
        &HomeView {
            payload: "{\"it\":\"it's\"}",
            outcome: Outcome::Sealed(sealed),
            ..VIEW
        },
    );
    for part in [
        "src=\"data:image/png;base64,cG5n\"",
        "download=\"qr-code-0f1e2d3c4b5a69788796a5b4.svg\"",
        "href=\"data:application/pdf;base64,JVBERg==\" download=\"qr-code-0f1e2d3c4b5a69788796a5b4.pdf\"",
        "<a class=\"button\" href=\"#payload\">Make another like it</a>",
        "<code id=\"pin-made\">493817</code>",
        "opens 3 times",
        "href=\"https://SHOP.EXAMPLE/codes/0123\"",
        "version 9, 53 × 53 dots, level Q",
        "read back, at its own size",
        "From aside and in poor light our reader did not",
        "ratio of its colours is 21.0, and 3",
        "24.4 mm wide",
        "224 bytes of JSON, packed into 40, 82 % smaller; 257 bytes sealed",
        "--data-binary &#39;{&#34;it&#34;:&#34;it&#39;\\&#39;&#39;s&#34;}&#39;",
    ] {
        assert!(html.contains(part), "{part} in {html}");
    }
}

#[test]
fn a_style_is_kept_and_is_in_the_command() {
    let logo: &[u8] = b"\x89PNG";
    let style = StyleView {
        module_shape: "dots",
        finder_shape: "circle",
        dark: "#123c7a",
        light: "transparent",
        caption: "It's mine",
        logo_share: "15",
        logo: None,
    };
    let html = home(&SITE, &HomeView { style, ..VIEW });
    for part in [
        "<details class=\"style\" open>",
        "<option value=\"dots\" selected>",
        "value=\"#123c7a\"",
        "value=\"It&#39;s mine\"",
        "&#38;module_shape=dots&#38;finder_shape=circle&#38;dark=%23123c7a&#38;light=transparent&#38;caption=It%27s+mine",
    ] {
        assert!(html.contains(part), "{part} in {html}");
    }
    let with_logo = StyleView {
        logo: Some(logo),
        ..style
    };
    let html = home(
        &SITE,
        &HomeView {
            style: with_logo,
            ..VIEW
        },
    );
    for part in [
        "name=\"kept_logo\" value=\"iVBORw==\"",
        "base64 &#60; logo.png",
        "/api/tokens",
        "&#34;logo_share&#34;:15",
    ] {
        assert!(html.contains(part), "{part} in {html}");
    }
    let html = home(&SITE, &VIEW);
    assert!(html.contains("<details class=\"style\">") && !html.contains("kept_logo"));
}

#[test]
fn where_issuing_is_closed_the_form_takes_a_key_for_once() {
    let html = home(
        &SITE,
        &HomeView {
            issuing_open: false,
            phone_cannot_reach: true,
            ..VIEW
        },
    );
    assert!(
        html.contains("<input id=\"api_key\" name=\"api_key\" type=\"password\"")
            && html.contains("authorization: Bearer $QRSEAL_API_KEY")
            && !home(&SITE, &VIEW).contains("api_key")
            && html.contains("server.public_url")
    );
}

#[test]
fn a_profile_and_a_pin_of_ones_own_are_in_the_command_and_the_pin_is_in_no_page() {
    let code = CodeView {
        profile: "invoice",
        ..VIEW.code
    };
    let html = home(&SITE, &HomeView { code, ..VIEW });
    for part in [
        "<option value=\"\">none</option>\n<option value=\"invoice\" selected>Invoice (invoice)</option>",
        "encrypted-payload?expires_in=86400&#38;profile=invoice&#38;ecl=Q",
    ] {
        assert!(html.contains(part), "{part} in {html}");
    }
    assert!(!html.contains("pin_again"));
    let code = CodeView {
        own_pin: true,
        ..code
    };
    let html = home(&SITE, &HomeView { code, ..VIEW });
    for part in [
        "{&#34;payload&#34;:%s,&#34;pin&#34;:&#34;%s&#34;,&#34;expires_in&#34;:86400,",
        "&#34;profile&#34;:&#34;invoice&#34;",
        "&#34;$(printf %s &#34;$QRSEAL_PIN&#34; | sed &#39;s/[\\\\&#34;]/\\\\&#38;/g&#39;)&#34; |\ncurl -o qr-code.png",
        "name=\"pin_again\" value=\"1\" checked",
    ] {
        assert!(html.contains(part), "{part} in {html}");
    }
}

#[test]
fn everything_that_is_wrong_stands_beside_its_field() {
    let wrong = [
        (Field::Payload, "It is none of the profile:".to_owned()),
        (Field::Pin, "too short".to_owned()),
        (Field::Style, "Dots: no such shape".to_owned()),
        (Field::Style, "Dark: no colour".to_owned()),
    ];
    let error = FieldErrors {
        wrong: &wrong,
        place: None,
        may_be_text: false,
        faults: &[("/amount", "must be a number"), ("", "must be an object")],
    };
    let outcome = Outcome::Refused(error);
    let html = home(&SITE, &HomeView { outcome, ..VIEW });
    for part in [
        "id=\"payload-error\" role=\"alert\"><p>It is none of the profile:</p>",
        "<li><code>/amount</code>: must be a number</li><li>the whole: must be an object</li>",
        "id=\"pin-error\" role=\"alert\">too short</p>",
        "id=\"style-error\" role=\"alert\"><p>Dots: no such shape; Dark: no colour</p>",
    ] {
        assert!(html.contains(part), "{part} in {html}");
    }
}
