//! Styled symbols as SVG.

use super::*;

#[test]
fn svg_has_shapes_rings_logo_and_caption() {
    let design = Design {
        style: Style {
            module_size: Some(ModuleSize::from_mm(0.5).unwrap()),
            ..Style::default()
        },
        modules: ModuleShape::Dots,
        finders: FinderShape::Circle,
        logo: Some(logo(20)),
        caption: Some("A < B & C".parse().unwrap()),
    };
    let styled = StyledSymbol::encode(&text(5), LevelChoice::Auto, design).unwrap();
    let drawing = styled.svg("Ticket <1>");
    let side = styled.symbol().modules();
    let width = side + 8;
    assert!(
        drawing.contains("<title>Ticket &lt;1&gt;</title>"),
        "{drawing}"
    );
    assert!(drawing.contains("; below it: A &lt; B &amp; C</desc>"));
    assert!(
        drawing.contains(&format!(
            r#"viewBox="0 0 {width} {}" width="{}mm""#,
            width + 4,
            f64::from(u32::try_from(width).unwrap()) / 2.0
        )),
        "{drawing}"
    );
    assert_eq!(drawing.matches(r#"width="6" height="6" rx="3""#).count(), 3);
    assert_eq!(drawing.matches("data:image/png;base64,").count(), 1);
    // A dot for each dark module that is neither finder, alignment nor hidden.
    let hole = styled.hole.unwrap();
    let dots = (0..side * side)
        .map(|index| (index % side, index / side))
        .filter(|&(x, y)| {
            let symbol = styled.symbol();
            let is_plain = !symbol.is_finder(x, y) && !symbol.is_alignment(x, y);
            symbol.is_dark(x, y) && is_plain && !hole.contains(x, y)
        })
        .count();
    assert_eq!(drawing.matches("h0").count(), dots);
}

#[test]
fn rounded_svg_of_the_example_of_the_standard_is_as_it_was() {
    let expected = concat!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 29 29" width="232" height="232" role="img">"##,
        r##"<title>Golden</title><desc>QR code, 21 by 21 modules</desc><path fill="#ffffff" d="M0 0h29v29H0z"##,
        r##""/><g fill="#000000"><path d="M13.4 4h.2a.4.4 0 0 1 .4.4v.6h1v-.6a.4.4 0 0 1 .4-.4h1.2a.4.4 0 0 "##,
        r##"1 .4.4v1.2a.4.4 0 0 1 -.4.4h-3.2a.4.4 0 0 1 -.4-.4v-1.2a.4.4 0 0 1 .4-.4zm-1 2h.2a.4.4 0 0 1 .4."##,
        r##"4v.6h.6a.4.4 0 0 1 .4.4v.2a.4.4 0 0 1 -.4.4h-.6v3.6a.4.4 0 0 1 -.4.4h-.2a.4.4 0 0 1 -.4-.4v-5.2a"##,
        r##".4.4 0 0 1 .4-.4zm2 2h2.2a.4.4 0 0 1 .4.4v5.2a.4.4 0 0 1 -.4.4h-.2a.4.4 0 0 1 -.4-.4v-1.6h-.6a.4"##,
        r##".4 0 0 1 -.4-.4v-.2a.4.4 0 0 1 .4-.4h.6v-2h-1.6a.4.4 0 0 1 -.4-.4v-.2a.4.4 0 0 1 .4-.4zm0 2h.2a."##,
        r##"4.4 0 0 1 .4.4v.2a.4.4 0 0 1 -.4.4h-.2a.4.4 0 0 1 -.4-.4v-.2a.4.4 0 0 1 .4-.4zm-10 2h.2a.4.4 0 0"##,
        r##" 1 .4.4v.2a.4.4 0 0 1 -.4.4h-.2a.4.4 0 0 1 -.4-.4v-.2a.4.4 0 0 1 .4-.4zm2 0h4.2a.4.4 0 0 1 .4.4v"##,
        r##".2a.4.4 0 0 1 -.4.4h-.6v.6a.4.4 0 0 1 -.4.4h-.2a.4.4 0 0 1 -.4-.4v-.6h-1v.6a.4.4 0 0 1 -.4.4h-.2"##,
        r##"a.4.4 0 0 1 -.4-.4v-.6h-.6a.4.4 0 0 1 -.4-.4v-.2a.4.4 0 0 1 .4-.4zm7 0h.2a.4.4 0 0 1 .4.4v.2a.4."##,
        r##"4 0 0 1 -.4.4h-.2a.4.4 0 0 1 -.4-.4v-.2a.4.4 0 0 1 .4-.4zm5 0h4.2a.4.4 0 0 1 .4.4v1.6h1.6a.4.4 0"##,
        r##" 0 1 .4.4v.2a.4.4 0 0 1 -.4.4h-1.6v.6a.4.4 0 0 1 -.4.4h-1.6v.6a.4.4 0 0 1 -.4.4h-.2a.4.4 0 0 1 -"##,
        r##".4-.4v-.6h-.6a.4.4 0 0 1 -.4-.4v-.2a.4.4 0 0 1 .4-.4h.6v-.6a.4.4 0 0 1 .4-.4h.6v-1h-1v.6a.4.4 0 "##,
        r##"0 1 -.4.4h-.2a.4.4 0 0 1 -.4-.4v-.6h-.6a.4.4 0 0 1 -.4-.4v-.2a.4.4 0 0 1 .4-.4zm-7 1h1.2a.4.4 0 "##,
        r##"0 1 .4.4v.2a.4.4 0 0 1 -.4.4h-.6v.6a.4.4 0 0 1 -.4.4h-1.2a.4.4 0 0 1 -.4-.4v-.2a.4.4 0 0 1 .4-.4"##,
        r##"h.6v-.6a.4.4 0 0 1 .4-.4zm3 0h.2a.4.4 0 0 1 .4.4v.2a.4.4 0 0 1 -.4.4h-.2a.4.4 0 0 1 -.4-.4v-.2a."##,
        r##"4.4 0 0 1 .4-.4zm-8 1h.2a.4.4 0 0 1 .4.4v.2a.4.4 0 0 1 -.4.4h-.2a.4.4 0 0 1 -.4-.4v-.2a.4.4 0 0 "##,
        r##"1 .4-.4zm7 0h.2a.4.4 0 0 1 .4.4v1.2a.4.4 0 0 1 -.4.4h-.2a.4.4 0 0 1 -.4-.4v-1.2a.4.4 0 0 1 .4-.4"##,
        r##"zm2 0h.2a.4.4 0 0 1 .4.4v.2a.4.4 0 0 1 -.4.4h-.2a.4.4 0 0 1 -.4-.4v-.2a.4.4 0 0 1 .4-.4zm2 0h.2a"##,
        r##".4.4 0 0 1 .4.4v.2a.4.4 0 0 1 -.4.4h-.2a.4.4 0 0 1 -.4-.4v-.2a.4.4 0 0 1 .4-.4zm-9 1h.2a.4.4 0 0"##,
        r##" 1 .4.4v.6h3.6a.4.4 0 0 1 .4.4v1.2a.4.4 0 0 1 -.4.4h-.2a.4.4 0 0 1 -.4-.4v-.6h-4.6a.4.4 0 0 1 -."##,
        r##"4-.4v-.2a.4.4 0 0 1 .4-.4h.6v-.6a.4.4 0 0 1 .4-.4zm7 1h.2a.4.4 0 0 1 .4.4v.6h1v-.6a.4.4 0 0 1 .4"##,
        r##"-.4h.2a.4.4 0 0 1 .4.4v.6h.6a.4.4 0 0 1 .4.4v.6h.6a.4.4 0 0 1 .4.4v.2a.4.4 0 0 1 -.4.4h-.6v.6a.4"##,
        r##".4 0 0 1 -.4.4h-1.6v1.6a.4.4 0 0 1 -.4.4h-.2a.4.4 0 0 1 -.4-.4v-1.6h-1.6a.4.4 0 0 1 -.4-.4v-.6h-"##,
        r##".6a.4.4 0 0 1 -.4-.4v-.2a.4.4 0 0 1 .4-.4h.6v-.6a.4.4 0 0 1 .4-.4h.6v-.6a.4.4 0 0 1 .4-.4zm6 1h1"##,
        r##".2a.4.4 0 0 1 .4.4v.2a.4.4 0 0 1 -.4.4h-1.2a.4.4 0 0 1 -.4-.4v-.2a.4.4 0 0 1 .4-.4zm-9 2h.2a.4.4"##,
        r##" 0 0 1 .4.4v1.6h.6a.4.4 0 0 1 .4.4v.2a.4.4 0 0 1 -.4.4h-.6v.6a.4.4 0 0 1 -.4.4h-.2a.4.4 0 0 1 -."##,
        r##"4-.4v-3.2a.4.4 0 0 1 .4-.4zm2.6 0h1v-1h-1v1zm2 0h1v-1h-1v1zm5.4 0h.2a.4.4 0 0 1 .4.4v1.2a.4.4 0 "##,
        r##"0 1 -.4.4h-1.2a.4.4 0 0 1 -.4-.4v-.2a.4.4 0 0 1 .4-.4h.6v-.6a.4.4 0 0 1 .4-.4zm2 0h.2a.4.4 0 0 1"##,
        r##" .4.4v.2a.4.4 0 0 1 -.4.4h-.2a.4.4 0 0 1 -.4-.4v-.2a.4.4 0 0 1 .4-.4zm-5 1h.2a.4.4 0 0 1 .4.4v1."##,
        r##"2a.4.4 0 0 1 -.4.4h-.2a.4.4 0 0 1 -.4-.4v-1.2a.4.4 0 0 1 .4-.4zm-5 2h1.2a.4.4 0 0 1 .4.4v.2a.4.4"##,
        r##" 0 0 1 -.4.4h-1.2a.4.4 0 0 1 -.4-.4v-.2a.4.4 0 0 1 .4-.4zm3 0h.2a.4.4 0 0 1 .4.4v.2a.4.4 0 0 1 -"##,
        r##".4.4h-.2a.4.4 0 0 1 -.4-.4v-.2a.4.4 0 0 1 .4-.4zm3 0h.2a.4.4 0 0 1 .4.4v2.2a.4.4 0 0 1 -.4.4h-.2"##,
        r##"a.4.4 0 0 1 -.4-.4v-.6h-.6a.4.4 0 0 1 -.4-.4v-.2a.4.4 0 0 1 .4-.4h.6v-.6a.4.4 0 0 1 .4-.4zm2 0h."##,
        r##"2a.4.4 0 0 1 .4.4v.6h.6a.4.4 0 0 1 .4.4v.2a.4.4 0 0 1 -.4.4h-.6v.6a.4.4 0 0 1 -.4.4h-.2a.4.4 0 0"##,
        r##" 1 -.4-.4v-2.2a.4.4 0 0 1 .4-.4zm-10 2h3.2a.4.4 0 0 1 .4.4v.2a.4.4 0 0 1 -.4.4h-3.2a.4.4 0 0 1 -"##,
        r##".4-.4v-.2a.4.4 0 0 1 .4-.4zm5 0h.2a.4.4 0 0 1 .4.4v.2a.4.4 0 0 1 -.4.4h-.2a.4.4 0 0 1 -.4-.4v-.2"##,
        r##"a.4.4 0 0 1 .4-.4z"/><rect x="4.5" y="4.5" width="6" height="6" rx="1.5" fill="none" stroke="#00"##,
        r##"0000"/><rect x="6" y="6" width="3" height="3" rx="0.75"/><rect x="18.5" y="4.5" width="6" height"##,
        r##"="6" rx="1.5" fill="none" stroke="#000000"/><rect x="20" y="6" width="3" height="3" rx="0.75"/><"##,
        r##"rect x="4.5" y="18.5" width="6" height="6" rx="1.5" fill="none" stroke="#000000"/><rect x="6" y="##,
        r##""20" width="3" height="3" rx="0.75"/></g></svg>"##,
        "\n"
    );
    let design = Design {
        modules: ModuleShape::Rounded,
        finders: FinderShape::Rounded,
        ..Design::default()
    };
    let styled = StyledSymbol::encode("01234567", Level::Medium, design).unwrap();
    assert_eq!(styled.svg("Golden"), expected);
}

#[test]
fn a_caption_is_drawn_alike_in_svg_and_in_pixels() {
    let design = |caption: Option<Caption>| Design {
        caption,
        ..Design::default()
    };
    let text = "01234567";
    // A full stop is one rectangle: of the font's units, 187 to 382 across and 0 to 219 up, and 569 wide with its sides.
    let dot = design(Some(".".parse().unwrap()));
    let styled = StyledSymbol::encode(text, Level::Medium, dot).unwrap();
    // The picture is 29 modules wide; an em is 2.8 modules, of 2,048 units.
    let em = |units: f64| 2.8 * units / 2048.0;
    let left = 14.5 - em(569.0) / 2.0;
    let baseline = 29.0 + em(1854.0);
    let corner = format!("{:.2} {baseline:.2}", left + em(187.0));
    let drawing = styled.svg("x");
    let path = drawing.rsplit(r#"<path d=""#).next().unwrap();
    assert_eq!(path.matches('M').count(), 1, "{path}");
    assert!(path.contains(&corner), "{corner} is not in {path}");

    let picture = image::load_from_memory(&styled.png()).unwrap().into_luma8();
    let below = 29 * 8;
    let dark = |(_, y, pixel): &(u32, u32, &image::Luma<u8>)| *y >= below && pixel.0[0] < 128;
    let found: Vec<_> = picture.enumerate_pixels().filter(dark).collect();
    assert!(!found.is_empty());
    for (x, y, _) in found {
        let (x, y) = ((f64::from(x) + 0.5) / 8.0, (f64::from(y) + 0.5) / 8.0);
        let px = 1.0 / 8.0;
        assert!(
            x > left + em(187.0) - px && x < left + em(382.0) + px,
            "{x}"
        );
        assert!(y > baseline - em(219.0) - px && y < baseline + px, "{y}");
    }
}
