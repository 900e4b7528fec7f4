use image::{ExtendedColorType, ImageEncoder as _, Rgba, RgbaImage};

use super::super::{
    Caption, Colours, FinderShape, Light, Logo, LogoShare, ModuleSize, PictureError, Scale, Style,
    read,
};
use super::*;

mod svg;

const LINK: &str = "https://QR.EXAMPLE.COM/";

/// A text that needs this version at level M.
fn text(version: u8) -> String {
    (0..3_000)
        .map(|digits| format!("{LINK}{}", "31415926535".repeat(300).get(..digits).unwrap()))
        .find(|text| {
            Symbol::encode(text, Level::Medium).is_ok_and(|symbol| symbol.version() == version)
        })
        .unwrap()
}

fn encoded(picture: &RgbaImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    let (width, height) = picture.dimensions();
    image::codecs::png::PngEncoder::new(&mut bytes)
        .write_image(picture.as_raw(), width, height, ExtendedColorType::Rgba8)
        .unwrap();
    bytes
}

/// A red disc on nothing.
fn disc() -> Vec<u8> {
    encoded(&RgbaImage::from_fn(120, 100, |x, y| {
        let inside = (f64::from(x) - 60.0).hypot(f64::from(y) - 50.0) < 50.0;
        if inside {
            Rgba([190, 20, 40, 255])
        } else {
            Rgba([0, 0, 0, 0])
        }
    }))
}

fn logo(percent: u64) -> Logo {
    Logo::decode(&disc(), LogoShare::try_from(percent).unwrap()).unwrap()
}

fn style(scale: u64) -> Style {
    Style {
        scale: Scale::try_from(scale).unwrap(),
        ..Style::default()
    }
}

#[test]
fn every_combination_of_shapes_logo_and_caption_reads_back_at_versions_3_to_15() {
    let mut made = 0;
    for (index, version) in [3, 5, 7, 10, 12, 15].into_iter().enumerate() {
        let text = text(version);
        for modules in ModuleShape::ALL {
            for finders in FinderShape::ALL {
                for with_logo in [false, true] {
                    let colours = [
                        Colours::default(),
                        Colours::new("#123c7a".parse().unwrap(), "#fdf6e3".parse().unwrap())
                            .unwrap(),
                        Colours::new("#7a1020".parse().unwrap(), Light::Transparent).unwrap(),
                    ];
                    let caption: Option<Caption> =
                        (made % 2 == 0).then(|| "Table 12".parse().unwrap());
                    let design = Design {
                        style: Style {
                            colours: colours[made % 3],
                            ..style([4, 6, 9][index % 3])
                        },
                        modules,
                        finders,
                        logo: with_logo.then(|| logo(20)),
                        caption,
                    };
                    let styled =
                        StyledSymbol::encode(&text, LevelChoice::Auto, design.clone()).unwrap();
                    // Not only the pixels that were drawn, but the file that is handed out.
                    assert_eq!(
                        read(&styled.png()).as_deref(),
                        Ok(&*text),
                        "version {version}, {design:?}"
                    );
                    made += 1;
                }
            }
        }
    }
    assert!(made >= 60, "{made}");
}

#[test]
fn a_logo_raises_the_level_when_it_is_left_open() {
    let text = text(10);
    let with = |logo, level: LevelChoice| {
        StyledSymbol::encode(
            &text,
            level,
            Design {
                logo,
                ..Design::default()
            },
        )
        .map(|styled| (styled.symbol().level(), styled.symbol().version()))
    };
    assert_eq!(with(None, LevelChoice::Auto), Ok((Level::Medium, 10)));
    // At level M half of what can be corrected is enough for 20 %, not for 30 %.
    assert_eq!(
        with(Some(logo(20)), LevelChoice::Auto),
        Ok((Level::Medium, 10))
    );
    let (level, version) = with(Some(logo(30)), LevelChoice::Auto).unwrap();
    assert!(level > Level::Medium && version > 10, "{level} {version}");
    // Where only a higher level would do and the text is too long for it, the logo is what is refused.
    let long = StyledSymbol::encode(
        &"1".repeat(4_000),
        LevelChoice::Auto,
        Design {
            logo: Some(logo(30)),
            ..Design::default()
        },
    );
    assert!(
        matches!(
            long,
            Err(StyledError::Unscannable(Unscannable::Logo { .. }))
        ),
        "{long:?}"
    );
    let refused = with(Some(logo(20)), Level::Low.into()).unwrap_err();
    let StyledError::Unscannable(Unscannable::Logo {
        hidden,
        allowed,
        fitting_percent,
        level: Level::Low,
        ..
    }) = refused
    else {
        panic!("{refused:?}");
    };
    assert!(hidden > allowed);
    if let Some(fitting) = fitting_percent {
        assert!(with(Some(logo(fitting.into())), Level::Low.into()).is_ok());
        assert!(
            refused
                .to_string()
                .contains(&format!("a logo of {fitting} % would pass")),
            "{refused}"
        );
    }
}

#[test]
fn what_would_not_scan_is_refused_with_the_number_that_would() {
    let refusal = |text: &str, level: LevelChoice, design: Design| match StyledSymbol::encode(
        text, level, design,
    ) {
        Err(StyledError::Unscannable(refusal)) => refusal,
        other => panic!("{other:?}"),
    };
    let dots = Design {
        modules: ModuleShape::Dots,
        ..Design::default()
    };

    let narrow = Style {
        quiet_zone: QuietZone::try_from(3).unwrap(),
        ..Style::default()
    };
    let refused = refusal(
        "1",
        LevelChoice::Auto,
        Design {
            style: narrow,
            ..dots.clone()
        },
    );
    assert_eq!(
        refused,
        Unscannable::QuietZone {
            modules: 3,
            least: 4
        }
    );

    let refused = refusal(
        "1",
        LevelChoice::Auto,
        Design {
            style: style(3),
            ..dots.clone()
        },
    );
    assert_eq!(refused, Unscannable::Scale { scale: 3, least: 4 });

    let refused = refusal(&text(26), Level::Medium.into(), dots);
    assert_eq!(
        refused,
        Unscannable::Version {
            version: 26,
            most: 25
        }
    );

    let refused = refusal(
        "1",
        LevelChoice::Auto,
        Design {
            logo: Some(logo(30)),
            ..Design::default()
        },
    );
    assert_eq!(
        refused,
        Unscannable::LogoHidesPatterns {
            percent: 30,
            modules: 21,
            fitting_percent: Some(19)
        }
    );
    assert!(
        StyledSymbol::encode(
            "1",
            LevelChoice::Auto,
            Design {
                logo: Some(logo(19)),
                ..Design::default()
            }
        )
        .is_ok()
    );
}

#[test]
fn a_plain_style_is_not_asked_more_than_a_plain_picture() {
    let plain = Style {
        quiet_zone: QuietZone::try_from(2).unwrap(),
        ..style(3)
    };
    assert!(Design::from(plain).is_plain());
    assert!(StyledSymbol::encode(LINK, LevelChoice::Auto, plain.into()).is_ok());
}

#[test]
fn a_picture_that_is_too_large_is_told_what_fits() {
    let design = Design {
        style: style(64),
        caption: Some("x".parse().unwrap()),
        ..Design::default()
    };
    let Err(StyledError::PictureTooLarge(error)) =
        StyledSymbol::encode(&text(12), LevelChoice::Auto, design.clone())
    else {
        panic!("it was made");
    };
    let fitting = Style {
        scale: Scale::try_from(u64::from(error.fitting_scale)).unwrap(),
        ..design.style
    };
    assert!(
        StyledSymbol::encode(
            &text(12),
            LevelChoice::Auto,
            Design {
                style: fitting,
                ..design
            }
        )
        .is_ok()
    );
}

#[test]
fn logos_from_anywhere_are_bounded_and_said_no_to_clearly() {
    let decode = |bytes: &[u8]| Logo::decode(bytes, LogoShare::default());
    assert!(matches!(
        decode(b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        Err(PictureError::UnknownFormat)
    ));
    assert!(matches!(
        decode(b"GIF89a"),
        Err(PictureError::UnknownFormat)
    ));
    assert!(matches!(
        decode(b"\x89PNG\r\n\x1a\n"),
        Err(PictureError::Damaged)
    ));
    assert!(matches!(
        decode(b"\xff\xd8\xff\xe0"),
        Err(PictureError::Damaged)
    ));
    assert!(matches!(
        decode(&vec![0; (1 << 20) + 1]),
        Err(PictureError::TooManyBytes { .. })
    ));

    let mut claims = disc();
    claims[16..24].copy_from_slice(&[0, 0, 0x4e, 0x20, 0, 0, 0x4e, 0x20]);
    let crc = crc32fast::hash(&claims[12..29]).to_be_bytes();
    claims[29..33].copy_from_slice(&crc);
    assert!(matches!(
        decode(&claims),
        Err(PictureError::TooLarge {
            width: 20_000,
            height: 20_000,
            ..
        })
    ));

    let whole = disc();
    for end in 0..whole.len() - 12 {
        assert!(
            decode(&whole[..end]).is_err(),
            "{end} bytes of {} were taken",
            whole.len()
        );
    }
    // A bomb: few bytes, many pixels, each within the bounds alone.
    let wide = encoded(&RgbaImage::new(4_096, 1_025));
    assert!(wide.len() < 100_000);
    assert!(matches!(decode(&wide), Err(PictureError::TooLarge { .. })));
}

#[test]
fn a_logo_keeps_pixels_only_and_few_of_them() {
    let large = encoded(&RgbaImage::from_pixel(1_000, 300, Rgba([1, 2, 3, 255])));
    let logo = Logo::decode(&large, LogoShare::default()).unwrap();
    assert_eq!(logo.picture().dimensions(), (512, 153));
    let again = image::load_from_memory(&logo.png()).unwrap().into_rgba8();
    assert_eq!(&again, logo.picture());
}

#[test]
fn captions_are_one_short_line_of_letters_that_can_be_drawn() {
    for good in [
        "Table 12",
        "Größe: 4,50",
        "čeština",
        "ñ",
        "Ελληνικά · Русский · Ґанок",
        "Tiếng Việt",
        "– — “ ” ’ … € № ™",
        "12345678901234567890123456789012",
        "  trimmed  ",
    ] {
        let caption: Caption = good.parse().unwrap();
        assert_eq!(caption.as_str(), good.trim());
    }
    let decomposed: Caption = "Cafe\u{301}".parse().unwrap();
    assert_eq!(decomposed.as_str(), "Café");
    for (bad, told) in [
        ("", "1 to 32 characters"),
        ("   ", "1 to 32 characters"),
        ("123456789012345678901234567890123", "has 33 characters"),
        ("日本", "the character '日'"),
        ("שלום", "Latin, Greek and Cyrillic"),
        ("a\nb", "the character '\\n'"),
    ] {
        let error = bad.parse::<Caption>().unwrap_err().to_string();
        assert!(error.contains(told), "{bad:?}: {error}");
    }
}

#[test]
fn printed_size_is_in_the_file() {
    let style = Style {
        module_size: Some(ModuleSize::from_mm(0.5).unwrap()),
        ..Style::default()
    };
    let design = Design {
        style,
        modules: ModuleShape::Rounded,
        ..Design::default()
    };
    let styled = StyledSymbol::encode(LINK, LevelChoice::Auto, design).unwrap();
    let place = styled
        .png()
        .windows(4)
        .position(|name| name == b"pHYs")
        .unwrap();
    assert_eq!(styled.png()[place + 4..place + 8], 16_000_u32.to_be_bytes());
    assert_eq!(read(&styled.png()).as_deref(), Ok(LINK));
    let larger = styled.with_module_size(ModuleSize::from_mm(1.0).unwrap());
    assert_eq!(larger.png()[place + 4..place + 8], 8_000_u32.to_be_bytes());
    assert_eq!(
        larger
            .png()
            .windows(4)
            .filter(|name| name == b"pHYs")
            .count(),
        1
    );
    assert!(larger.svg("x").contains("mm\""));
}

#[test]
fn a_logo_that_looks_like_a_code_is_refused() {
    let refused = |logo: &[u8]| {
        let design = Design {
            logo: Some(Logo::decode(logo, LogoShare::default()).unwrap()),
            ..Design::default()
        };
        StyledSymbol::encode(&text(10), LevelChoice::Auto, design).map(drop)
    };
    let like_code = Err(StyledError::Unscannable(Unscannable::LogoLikeCode));
    for scale in [1, 3, 8] {
        let code = Symbol::encode("HTTPS://EVIL.EXAMPLE/", Level::High).unwrap();
        let picture = raster::draw(&code, &Design::from(style(scale)), None).unwrap();
        assert_eq!(refused(&encoded(&picture)), like_code, "scale {scale}");
        let mut light_on_dark = picture;
        image::imageops::invert(&mut light_on_dark);
        assert_eq!(
            refused(&encoded(&light_on_dark)),
            like_code,
            "scale {scale}"
        );
    }
    // One finder, square or round, in colours.
    for round in [false, true] {
        let finder = RgbaImage::from_fn(90, 90, |x, y| {
            let (x, y) = (f64::from(x) - 44.5, f64::from(y) - 44.5);
            let far = if round {
                x.hypot(y)
            } else {
                x.abs().max(y.abs())
            } / 10.0;
            match far {
                ..1.5 | 2.5..3.5 => Rgba([190, 20, 40, 255]),
                _ => Rgba([240, 230, 200, 255]),
            }
        });
        assert_eq!(refused(&encoded(&finder)), like_code, "round: {round}");
    }
    assert_eq!(refused(&disc()), Ok(()));
}

#[test]
fn the_proof_refuses_a_picture_in_which_a_reader_finds_another_text() {
    let drawn = |text: &str| {
        let symbol = Symbol::encode(text, Level::Medium).unwrap();
        raster::draw(&symbol, &Design::default(), None).unwrap()
    };
    let (ours, theirs) = (drawn(LINK), drawn("HTTPS://EVIL.EXAMPLE/"));
    let mut both = RgbaImage::from_pixel(
        ours.width() + theirs.width(),
        ours.height().max(theirs.height()),
        Rgba([255; 4]),
    );
    image::imageops::replace(&mut both, &ours, 0, 0);
    image::imageops::replace(&mut both, &theirs, i64::from(ours.width()), 0);
    let design = Design {
        logo: Some(logo(20)),
        ..Design::default()
    };
    let another = Err(Unscannable::AnotherText);
    assert_eq!(proof::read_back(&both, &design, LINK), another);
    assert_eq!(proof::read_back(&ours, &design, LINK), Ok(true));
}

#[test]
fn it_is_told_which_styles_are_not_read_from_aside() {
    let is_read = |finders| {
        let design = Design {
            style: style(8),
            modules: ModuleShape::Rounded,
            finders,
            ..Design::default()
        };
        let styled = StyledSymbol::encode(&text(7), Level::Medium, design).unwrap();
        styled.is_read_from_aside()
    };
    let read = FinderShape::ALL.map(is_read);
    assert_eq!(read, [true, true, false], "{:?}", FinderShape::ALL);
}

#[test]
fn the_proof_fails_where_a_picture_cannot_be_read() {
    let design = Design::default();
    let symbol = Symbol::encode(LINK, Level::Medium).unwrap();
    let whole = raster::draw(&symbol, &design, None).unwrap();
    assert_eq!(proof::read_back(&whole, &design, LINK), Ok(true));
    let other = proof::read_back(&whole, &design, "another text");
    assert_eq!(other, Err(Unscannable::NotReadBack { reduced: false }));

    let mut covered = whole.clone();
    for (x, y) in (0..150).flat_map(|x| (90..160).map(move |y| (x, y))) {
        covered.put_pixel(x, y, Rgba([255, 255, 255, 255]));
    }
    let refused = proof::read_back(&covered, &design, LINK);
    assert_eq!(refused, Err(Unscannable::NotReadBack { reduced: false }));
}
