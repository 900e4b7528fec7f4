//! The fixed set of pictures: symbols as cameras and people hand them in, the same every time.
//!
//! Belongs here: what each kind does to a picture. Does not belong here: who reads it.

use image::{GrayImage, Luma};
use qrseal::qr::{
    Design, FinderShape, Level, LevelChoice, Logo, LogoShare, ModuleShape, QuietZone, Scale, Style,
    StyledSymbol, Symbol, png,
};

/// What was done to the pictures of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Flat,
    Turned,
    Tilted,
    Curved,
    Blurred,
    Dark,
    Uneven,
    Glare,
    Styled,
    WithLogo,
    Screen,
    Large,
    Noisy,
}

impl Kind {
    pub const ALL: [Self; 13] = [
        Self::Flat,
        Self::Turned,
        Self::Tilted,
        Self::Curved,
        Self::Blurred,
        Self::Dark,
        Self::Uneven,
        Self::Glare,
        Self::Styled,
        Self::WithLogo,
        Self::Screen,
        Self::Large,
        Self::Noisy,
    ];
    /// Pictures of each: 520 in all.
    pub const PICTURES: u64 = 40;
}

/// A picture, and what a reader should find in it.
pub struct Picture {
    pub name: String,
    pub kind: Kind,
    pub text: String,
    pub pixels: GrayImage,
}

/// All of them, one after the other.
pub fn all() -> impl Iterator<Item = Picture> {
    Kind::ALL
        .into_iter()
        .flat_map(|kind| (0..Kind::PICTURES).map(move |number| picture(kind, number)))
}

fn picture(kind: Kind, number: u64) -> Picture {
    let mut random = Random(0x5152_5345_414c ^ ((kind as u64) << 32) ^ number);
    let digits = match kind {
        Kind::Large => 3_000 + random.below(2_400),
        Kind::Screen | Kind::Blurred | Kind::Curved => 60 + random.below(500),
        Kind::WithLogo => 60 + random.below(300),
        _ => 60 + random.below(1_200),
    };
    let text: String = std::iter::once("https://QR.EXAMPLE.COM/".to_owned())
        .chain((0..digits).map(|_| random.below(10).to_string()))
        .collect();
    let drawn = drawn(kind, &text, &mut random);
    let camera = Camera::of(kind, &drawn, &mut random);
    let mut pixels = camera.take(&drawn);
    if camera.blur_px > 0.0 {
        pixels = image::imageops::blur(&pixels, camera.blur_px);
    }
    light(kind, &mut pixels, &mut random);
    Picture {
        name: format!("{kind:?}-{number:02}").to_lowercase(),
        kind,
        text,
        pixels,
    }
}

/// The symbol as it was printed: eight pixels a module, with its quiet zone.
fn drawn(kind: Kind, text: &str, random: &mut Random) -> GrayImage {
    let style = Style {
        scale: Scale::try_from(8_u64).unwrap(),
        quiet_zone: QuietZone::STANDARD,
        ..Style::default()
    };
    let file = match kind {
        Kind::Styled | Kind::WithLogo => {
            let logo = (kind == Kind::WithLogo).then(|| logo(random));
            let modules = [ModuleShape::Rounded, ModuleShape::Dots, ModuleShape::Square];
            let finders = [FinderShape::Rounded, FinderShape::Circle];
            let mut design = Design {
                style,
                modules: modules[usize::try_from(random.below(3)).unwrap()],
                finders: finders[usize::try_from(random.below(2)).unwrap()],
                logo,
                caption: None,
            };
            loop {
                match StyledSymbol::encode(text, LevelChoice::Auto, design.clone()) {
                    Ok(styled) => break styled.png(),
                    // What is not drawn in one shape is drawn in another.
                    Err(_) if design.modules != ModuleShape::Square => {
                        design.modules = ModuleShape::Square;
                    }
                    Err(error) => panic!("{error}"),
                }
            }
        }
        _ => png(&Symbol::encode(text, Level::Medium).unwrap(), &style).unwrap(),
    };
    image::load_from_memory(&file).unwrap().to_luma8()
}

fn logo(random: &mut Random) -> Logo {
    let tone = u8::try_from(random.below(200)).unwrap();
    let pixels = GrayImage::from_fn(64, 64, |x, y| {
        Luma([if (x / 8 + y / 8) % 2 == 0 { tone } else { 230 }])
    });
    let mut file = std::io::Cursor::new(Vec::new());
    pixels.write_to(&mut file, image::ImageFormat::Png).unwrap();
    Logo::decode(file.get_ref(), LogoShare::try_from(20_u64).unwrap()).unwrap()
}

/// Where the camera stands, and what it sees.
struct Camera {
    width: f64,
    height: f64,
    /// From the picture to the print, in parts of each: a projective map by rows.
    map: [[f64; 3]; 3],
    /// How far the print bends around a bottle: half of the angle that it covers.
    bend: f64,
    blur_px: f32,
    /// Stripes of the screen's own pixels.
    screen: bool,
}

impl Camera {
    fn of(kind: Kind, drawn: &GrayImage, random: &mut Random) -> Self {
        let modules = f64::from(drawn.width()) / 8.0;
        let module_px = match kind {
            Kind::Blurred => random.between(4.0, 6.0),
            Kind::Large => random.between(8.0, 14.0),
            Kind::Tilted | Kind::Curved => random.between(5.0, 9.0),
            _ => random.between(3.5, 8.0),
        };
        let print = modules * module_px;
        let side = (print * random.between(1.25, 1.8)).round();
        let turn = match kind {
            Kind::Turned => random.between(0.0, std::f64::consts::TAU),
            Kind::Flat | Kind::Styled | Kind::WithLogo => 0.0,
            _ => random.between(-0.15, 0.15),
        };
        let (tilt_x, tilt_y) = match kind {
            Kind::Tilted => (random.between(-0.5, 0.5), random.between(-0.5, 0.5)),
            Kind::Screen | Kind::Curved => (random.between(-0.1, 0.1), random.between(-0.1, 0.1)),
            _ => (0.0, 0.0),
        };
        let zoom = side / print;
        let (sin, cos) = turn.sin_cos();
        Self {
            width: side,
            height: side,
            map: [
                [zoom * cos, -zoom * sin, 0.0],
                [zoom * sin, zoom * cos, 0.0],
                [tilt_x, tilt_y, 1.0],
            ],
            bend: match kind {
                Kind::Curved => random.between(0.3, 0.9),
                _ => 0.0,
            },
            blur_px: match kind {
                Kind::Blurred => {
                    #[expect(
                        clippy::cast_possible_truncation,
                        reason = "a blur needs no more digits"
                    )]
                    let blur = (module_px * random.between(0.25, 0.5)) as f32;
                    blur
                }
                Kind::Flat => 0.0,
                _ => 0.6,
            },
            screen: kind == Kind::Screen,
        }
    }

    /// The print as the sensor sees it, four samples a pixel.
    fn take(&self, drawn: &GrayImage) -> GrayImage {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "sides are some thousand pixels"
        )]
        let (width, height) = (self.width as u32, self.height as u32);
        GrayImage::from_fn(width, height, |x, y| {
            let mut sum = 0.0;
            for (dx, dy) in [(0.25, 0.25), (0.75, 0.25), (0.25, 0.75), (0.75, 0.75)] {
                let u = (f64::from(x) + dx) / self.width - 0.5;
                let v = (f64::from(y) + dy) / self.height - 0.5;
                sum += self.seen(drawn, u, v);
            }
            Luma([grey(sum / 4.0)])
        })
    }

    #[expect(
        clippy::many_single_char_names,
        reason = "coordinates as geometry writes them"
    )]
    /// Brightness of a point, 0 to 255; coordinates from -0.5 to 0.5.
    fn seen(&self, drawn: &GrayImage, u: f64, v: f64) -> f64 {
        const TABLE: f64 = 150.0;
        let [a, b, c] = self.map.map(|row| row[0] * u + row[1] * v + row[2]);
        let (mut s, t) = (a / c, b / c);
        if self.bend > 0.0 {
            // Seen from afar, a point of a cylinder stands at the sine of its angle.
            let sine = s * 2.0 * self.bend.sin();
            if sine.abs() >= 1.0 {
                return TABLE;
            }
            s = sine.asin() / (2.0 * self.bend);
        }
        let (x, y) = (
            (s + 0.5) * f64::from(drawn.width()),
            (t + 0.5) * f64::from(drawn.height()),
        );
        if x < 0.0 || y < 0.0 {
            return TABLE;
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "both are checked"
        )]
        let pixel = drawn.get_pixel_checked(x as u32, y as u32);
        let Some(pixel) = pixel else { return TABLE };
        let ink = 25.0 + f64::from(pixel.0[0]) * 0.8;
        match self.screen {
            // Dark lines between the screen's pixels, three to a module.
            true if (x * 0.375).fract() < 0.25 || (y * 0.375).fract() < 0.25 => ink * 0.55,
            _ => ink,
        }
    }
}

/// The light that falls on it, and the sensor's noise.
fn light(kind: Kind, pixels: &mut GrayImage, random: &mut Random) {
    let (width, height) = (f64::from(pixels.width()), f64::from(pixels.height()));
    let direction = random.between(0.0, std::f64::consts::TAU).sin_cos();
    let dimmest = match kind {
        Kind::Uneven => random.between(0.12, 0.3),
        Kind::Tilted | Kind::Curved | Kind::Screen => 0.7,
        _ => 1.0,
    };
    let gain = match kind {
        Kind::Dark => random.between(0.12, 0.3),
        _ => 1.0,
    };
    let spot = (
        random.between(0.2, 0.8),
        random.between(0.2, 0.8),
        random.between(0.06, 0.14),
    );
    let noise = match kind {
        Kind::Flat | Kind::Styled | Kind::WithLogo => 0.0,
        Kind::Dark => 3.0,
        Kind::Noisy => random.between(15.0, 30.0),
        _ => 4.0,
    };
    for (x, y, pixel) in pixels.enumerate_pixels_mut() {
        let (u, v) = (f64::from(x) / width, f64::from(y) / height);
        let along = ((u - 0.5) * direction.0 + (v - 0.5) * direction.1) / 1.42 + 0.5;
        let mut value = f64::from(pixel.0[0]) * gain * (dimmest + (1.0 - dimmest) * along);
        if kind == Kind::Glare {
            let far = (u - spot.0).hypot(v - spot.1) / spot.2;
            value += 260.0 * (-far * far).exp();
        }
        *pixel = Luma([grey(value + noise * random.normal())]);
    }
}

fn grey(value: f64) -> u8 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it is clamped"
    )]
    let grey = value.clamp(0.0, 255.0) as u8;
    grey
}

/// `SplitMix64`: the same numbers for the same seed, wherever it runs.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    fn between(&mut self, low: f64, high: f64) -> f64 {
        let part = u32::try_from(self.next() >> 32).unwrap();
        low + (high - low) * f64::from(part) / f64::from(u32::MAX)
    }

    /// About normal, with a standard deviation of one: four uniform numbers added.
    fn normal(&mut self) -> f64 {
        (0..4).map(|_| self.between(-0.5, 0.5)).sum::<f64>() * 1.73
    }
}
