//! QR symbols: from text to modules, and from modules to pictures.
//!
//! What belongs here: segments, placement and the choice of the mask
//! (ISO/IEC 18004), colours and sizes, the writers of PNG, SVG, PDF and
//! terminal text, and the reader of pictures. What does not: files, HTTP, and what the
//! text means. Everything is a pure function of its arguments.
//!
//! ```
//! use qrseal::qr::{Level, Style, Symbol, png, svg};
//!
//! let symbol = Symbol::encode("https://QR.EXAMPLE/0123456789", Level::Medium)?;
//! let style = Style::default();
//! let picture = png(&symbol, &style)?;
//! let drawing = svg(&symbol, &style, "Invoice 42");
//! # assert_eq!(symbol.version(), 2);
//! # assert!(picture.starts_with(b"\x89PNG") && drawing.starts_with("<svg"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

// From text to modules.
mod code;
mod codewords;
mod geometry;
mod layout;
mod level;
mod mask;
mod placement;
mod segments;
mod symbol;

// How a symbol looks.
mod caption;
mod colour;
mod contrast;
mod design;
mod hole;
mod logo;
mod shape;
mod style;
mod styled;
mod unscannable;

// Writers, and the reader.
mod deflate;
mod drawn;
mod find;
mod outline;
mod pdf;
mod picture;
mod png;
mod read;
mod seam;
mod svg;
mod terminal;

pub use caption::{CAPTION_FONT, Caption, ParseCaptionError};
pub use code::Code;
pub use colour::{Colour, Light};
pub use contrast::Colours;
pub use design::Design;
pub use level::{Level, LevelChoice};
pub use logo::{Logo, LogoShare};
pub use pdf::{LOGO, LogoObjects, POINTS_PER_MM, Vectors, deflated, single};
pub use picture::PictureError;
pub use png::{MAX_SIDE_PX, PictureTooLarge, png};
pub use read::{ReadError, photo_pixels, read, read_all};
pub use shape::{FinderShape, ModuleShape};
pub use style::{ModuleSize, QuietZone, Scale, Style};
pub use styled::{StyledError, StyledSymbol};
pub use svg::svg;
pub use symbol::{Capacity, Symbol};
pub use terminal::{terminal, text};
pub use unscannable::Unscannable;
