//! Sheets of labels as a printer draws them: every code is read where its label is, and measures what was asked.
#![allow(
    clippy::unwrap_used,
    clippy::pedantic,
    clippy::type_complexity,
    reason = "tables of cases"
)]

use std::path::Path;
use std::process::Command;

use image::GrayImage;

use crate::fixture::{new_folder, qrseal};
use crate::symbols::Pictures;
use crate::tools;

const MODULE_MM: f64 = 0.5;
const COLUMNS: u32 = 3;
const ROWS: u32 = 8;

/// Makes a sheet of 24 labels with these options; the links of its rows.
fn sheet(folder: &Path, further: &[&str]) -> Vec<String> {
    let mut table = "No;Name;Place\n".to_owned();
    for row in 1..=COLUMNS * ROWS {
        table.push_str(&format!(
            "S-{row:03};Žluťoučký Ωμέγα Ёж {row};Regal {row}\n"
        ));
    }
    std::fs::write(folder.join("rows.csv"), table).unwrap();
    let arguments = [
        "batch",
        "rows.csv",
        "--map",
        "no=No",
        "--sheet",
        "avery-l7159",
        "--line",
        "{{Name}}",
        "--line",
        "{{Place}}",
        "--module-mm",
        "0.5",
        "-o",
        "sheet.pdf",
    ];
    tools::run_well(qrseal().args(arguments).args(further).current_dir(folder));
    let mut results = csv::Reader::from_path(folder.join("sheet.csv")).unwrap();
    results
        .records()
        .map(|row| row.unwrap()[3].to_owned())
        .collect()
}

/// The first page as a printer of so many dots an inch draws it.
fn rendered(folder: &Path, dpi: u32) -> GrayImage {
    let (pdf, picture) = (folder.join("sheet.pdf"), folder.join(format!("page-{dpi}")));
    let mut render = Command::new("pdftoppm");
    render.args(["-gray", "-png", "-singlefile", "-r", &dpi.to_string()]);
    tools::run_well(render.args([&pdf, &picture]));
    image::open(picture.with_extension("png"))
        .unwrap()
        .into_luma8()
}

/// The corner of a label, in millimetres.
fn corner(label: u32) -> (f64, f64) {
    let (column, row) = (f64::from(label % COLUMNS), f64::from(label / COLUMNS));
    (7.25 + column * 66.0, 12.9 + row * 33.9)
}

fn px(mm: f64, dpi: u32) -> f64 {
    mm / 25.4 * f64::from(dpi)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "places on a page"
)]
fn whole(px: f64) -> u32 {
    px.round() as u32
}

#[test]
fn every_code_of_a_sheet_is_read_where_its_label_is() {
    let folder = new_folder();
    let links = sheet(folder.path(), &["--cut-marks"]);
    let page = rendered(folder.path(), 300);
    let mut pictures = Pictures::new();
    for (label, link) in (0..).zip(&links) {
        let (x, y) = corner(label);
        let [x, y, width, height] = [x, y, 63.5, 33.9].map(|mm| whole(px(mm, 300)));
        let cut = image::imageops::crop_imm(&page, x, y, width, height).to_image();
        let mut bytes = std::io::Cursor::new(Vec::new());
        cut.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
        pictures.add(&format!("{label}.png"), bytes.get_ref(), link);
    }
    pictures.are_read(1);
}

#[test]
fn codes_and_labels_measure_what_was_asked_and_move_as_far_as_was_asked() {
    for (further, moved) in [
        (&["--cut-marks"][..], (0.0, 0.0)),
        (&["--cut-marks", "--offset", "3,-2"], (3.0, -2.0)),
    ] {
        let folder = new_folder();
        sheet(folder.path(), further);
        measures_what_was_asked(&rendered(folder.path(), 600), moved);
    }
}

/// Measures a page of 600 dots an inch, on which everything is moved so many millimetres to the right and down.
fn measures_what_was_asked(page: &GrayImage, (right, down): (f64, f64)) {
    let side = |mm: f64| i64::from(whole(px(mm, 600)));
    assert!(
        (i64::from(page.width()) - side(210.0)).abs() <= 1
            && (i64::from(page.height()) - side(297.0)).abs() <= 1
    );
    for label in 0..COLUMNS * ROWS {
        let (left, top) = corner(label);
        let (left, top) = (left + right, top + down);
        let is_dark = |x: u32, y: u32| page.get_pixel(x, y).0[0] < 128;
        // Inside the cut marks; the code ends where a quiet zone and a gap come before the lines.
        let inside = |mm: f64| whole(px(mm, 600));
        let rows = inside(top + 1.2)..inside(top + 32.7);
        let column_is_dark = |x: u32| rows.clone().any(|y| is_dark(x, y));
        let first = (inside(left + 1.2)..inside(left + 62.3))
            .find(|x| column_is_dark(*x))
            .unwrap();
        let gap = inside(1.0);
        let end = (first..)
            .find(|x| !(*x..x + gap).any(column_is_dark))
            .unwrap();
        let row_is_dark = |y: &u32| (first..end).any(|x| is_dark(x, *y));
        let highest = rows.clone().find(row_is_dark).unwrap();
        let lowest = rows.clone().rev().find(row_is_dark).unwrap();
        let (x, width) = (f64::from(first), f64::from(end - first));
        let (y, height) = (f64::from(highest), f64::from(lowest + 1 - highest));
        let modules = width * 25.4 / 600.0 / MODULE_MM;
        assert!(
            (modules - modules.round()).abs() < 0.1,
            "label {label}: {modules} modules"
        );
        assert_eq!((modules.round() - 17.0) % 4.0, 0.0, "a symbol of a version");
        assert!(
            (width - height).abs() <= 1.0,
            "label {label}: {width} by {height}"
        );
        // The quiet zone begins where the label's padding ends.
        let expected = px(left + 1.5 + 4.0 * MODULE_MM, 600);
        assert!(
            (x - expected).abs() <= 1.5,
            "label {label}: {x}, not {expected}"
        );
        let middle = px(top + 33.9 / 2.0, 600);
        assert!(
            (y + height / 2.0 - middle).abs() <= 1.5,
            "label {label}: its middle is not {middle}"
        );
    }
}

/// Whether there is ink within a tenth of a millimetre of a place, on a page of 600 dots an inch.
fn ink(page: &GrayImage, (x, y): (f64, f64)) -> bool {
    let [x, y] = [x, y].map(|mm| whole(px(mm, 600)));
    (y - 2..=y + 2).any(|y| (x - 2..=x + 2).any(|x| page.get_pixel(x, y).0[0] < 128))
}

#[test]
fn cut_marks_and_outlines_are_where_labels_end_and_nowhere_else() {
    const AROUND: [(f64, f64); 4] = [(1.0, 0.0), (-1.0, 0.0), (0.0, 1.0), (0.0, -1.0)];
    for (further, (right, down)) in [
        (&["--cut-marks"][..], (0.0, 0.0)),
        (&["--cut-marks", "--offset", "3,-2"], (3.0, -2.0)),
        (&["--outlines", "--offset", "3,-2"], (3.0, -2.0)),
        (&[], (0.0, 0.0)),
    ] {
        let folder = new_folder();
        sheet(folder.path(), further);
        let page = rendered(folder.path(), 600);
        let [marks, outlines] =
            ["--cut-marks", "--outlines"].map(|option| further.contains(&option));
        for label in 0..COLUMNS * ROWS {
            let (x, y) = corner(label);
            let (left, top) = (x + right, y + down);
            let (end, bottom) = (left + 63.5, top + 33.9);
            let at = format!("label {label} {further:?}");
            let corners = [(left, top), (end, top), (left, bottom), (end, bottom)];
            for ((x, y), (dx, dy)) in corners
                .into_iter()
                .flat_map(|corner| AROUND.map(|around| (corner, around)))
                .filter(|_| !outlines)
            {
                // A millimetre long, and a tenth wide.
                for (mm, there) in [(0.4, marks), (0.85, marks), (1.2, false)] {
                    assert_eq!(ink(&page, (x + dx * mm, y + dy * mm)), there, "{at}: {mm}");
                }
                let beside = (x + dx * 0.6 + dy * 0.25, y + dy * 0.6 + dx * 0.25);
                assert!(!ink(&page, beside), "{at}: a wide mark");
            }
            for part in (1..20).map(|part| f64::from(part) / 20.0) {
                let (across, along) = (left + 63.5 * part, top + 33.9 * part);
                for edge in [(across, top), (across, bottom), (left, along), (end, along)] {
                    assert_eq!(ink(&page, edge), outlines, "{at}: {edge:?}");
                }
                for beside in [(left - 0.5, along), (end + 0.5, along)] {
                    assert!(!ink(&page, beside), "{at}: beside it");
                }
            }
        }
    }
}

/// How much a code that poppler drew differs from our picture of it, both with this many dots a module: the mean difference of
/// the dots of the module that differs most, of 255.
fn difference(drawn: &Path, picture: &Path, dots: u32) -> f64 {
    let drawn = image::open(drawn).unwrap().into_luma8();
    let picture = image::open(picture).unwrap().into_rgba8();
    let mut paper =
        image::RgbaImage::from_pixel(picture.width(), picture.height(), image::Rgba([255; 4]));
    image::imageops::overlay(&mut paper, &picture, 0, 0);
    let paper = image::DynamicImage::from(paper).into_luma8();
    // Below the code there may be a caption.
    let side = paper.width() / dots;
    assert_eq!(side * dots, paper.width());
    assert!(drawn.width() - paper.width() <= 1, "{}", drawn.width());
    let of_module = |x: u32, y: u32| {
        let dots_of = (0..dots * dots).map(|dot| (x * dots + dot % dots, y * dots + dot / dots));
        let differ = dots_of.map(|(x, y)| {
            let [one, other] = [&drawn, &paper].map(|image| image.get_pixel(x, y).0[0]);
            u64::from(one.abs_diff(other))
        });
        differ.sum::<u64>()
    };
    let modules = (0..side).flat_map(|y| (0..side).map(move |x| (x, y)));
    let most = modules.map(|(x, y)| of_module(x, y)).max().unwrap();
    f64::from(u32::try_from(most).unwrap()) / f64::from(dots * dots)
}

#[test]
fn a_code_as_a_page_of_pdf_looks_as_its_picture_and_is_read() {
    let folder = new_folder();
    let folder = folder.path();
    let mut logo = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_pixel(40, 20, image::Rgb([200, 0, 0]))
        .write_to(&mut logo, image::ImageFormat::Png)
        .unwrap();
    std::fs::write(folder.join("logo.png"), logo.into_inner()).unwrap();
    let mut pictures = Pictures::new();
    for (number, style) in [
        &[][..],
        &["--module-shape", "rounded"],
        &["--module-shape", "dots"],
        &["--finder-shape", "rounded"],
        &["--finder-shape", "circle"],
        &[
            "--module-shape",
            "rounded",
            "--finder-shape",
            "circle",
            "--dark",
            "#123c7a",
            "--light",
            "#fff4d6",
        ],
        &[
            "--module-shape",
            "dots",
            "--finder-shape",
            "rounded",
            "--caption",
            "Žluťoučký kůň",
        ],
        &["--logo", "logo.png", "--light", "transparent"],
    ]
    .into_iter()
    .enumerate()
    {
        let text = format!("https://qr.example/{number}");
        let arguments = [&["draw", &text, "-o", "code.pdf"], style].concat();
        tools::run_well(qrseal().args(arguments).current_dir(folder));
        let picture = folder.join(format!("{number}"));
        let mut render = Command::new("pdftoppm");
        render.args(["-png", "-singlefile", "-r", "300"]);
        tools::run_well(render.args([folder.join("code.pdf"), picture.clone()]));
        let drawn = image::open(picture.with_extension("png")).unwrap();
        // A module of 0.5 mm has 5.9 dots.
        let modules = f64::from(drawn.width()) * 25.4 / 300.0 / 0.5;
        assert!(
            (modules - modules.round()).abs() < 0.2,
            "{number}: {modules}"
        );
        let bytes = std::fs::read(picture.with_extension("png")).unwrap();
        pictures.add(&format!("{number}.png"), &bytes, &text);

        // Twelve dots a module.
        let arguments = [&["draw", &text, "-o", "code.png", "--scale", "12"], style].concat();
        tools::run_well(qrseal().args(arguments).current_dir(folder));
        let mut render = Command::new("pdftoppm");
        render.args(["-png", "-singlefile", "-r", "609.6"]);
        tools::run_well(render.args(["code.pdf", "fine"]).current_dir(folder));
        let differs = difference(&folder.join("fine.png"), &folder.join("code.png"), 12);
        // Edges are smoothed; one shape in place of another differs by more than 30.
        assert!(differs < 20.0, "{style:?}: {differs}");
    }
    pictures.are_read(1);
}
