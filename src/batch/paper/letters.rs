//! Letters on pages: numbered as they are first used, and at the end a font with only these.

use std::io::{self, Write};

use ab_glyph::Font as _;
use pdf_writer::types::{CidFontType, FontFlags, SystemInfo, UnicodeCmap};
use pdf_writer::writers::Resources;
use pdf_writer::{Chunk, Content, Filter, Finish as _, Name, Rect, Ref, Str};
use subsetter::GlyphRemapper;

use super::objects::Objects;
use crate::batch::text::{Glyph, Typeface};
use crate::qr::{deflated, single};

/// The letters that pages have.
pub(super) struct Letters {
    typeface: Typeface,
    /// Of each font.
    used: Vec<Used>,
    /// What stands where a line was cut.
    pub(super) ellipsis: Option<Glyph>,
}

struct Used {
    glyphs: GlyphRemapper,
    /// By their new number, from 1: what they stand for, and thousandths of an em to the next.
    each: Vec<(char, f32)>,
}

/// Objects of a font: the font, its letters, what describes it, its file, and what its letters stand for.
const OBJECTS: i32 = 5;
/// Fonts have their numbers from here on, so that pages can name them before they are written.
const FIRST: i32 = super::objects::FIRST_FREE;

const SYSTEM: SystemInfo<'static> = SystemInfo {
    registry: Str(b"Adobe"),
    ordering: Str(b"Identity"),
    supplement: 0,
};

impl Letters {
    pub(super) fn new<W: Write>(typeface: Typeface, file: &mut Objects<W>) -> Self {
        let used = typeface.faces().iter().map(|_| {
            for _ in 0..OBJECTS {
                file.next();
            }
            Used {
                glyphs: GlyphRemapper::new(),
                each: Vec::new(),
            }
        });
        let used = used.collect();
        let ellipsis = typeface.glyphs("…").ok().and_then(|mut line| line.pop());
        Self {
            typeface,
            used,
            ellipsis,
        }
    }

    pub(super) fn typeface(&self) -> &Typeface {
        &self.typeface
    }

    /// Names the fonts as lines do.
    pub(super) fn name(&self, resources: &mut Resources<'_>) {
        let mut fonts = resources.fonts();
        for face in 0..self.used.len() {
            fonts.pair(Name(name(face).as_bytes()), object(face, 0));
        }
    }

    /// Sets letters on a page whose y grows downwards.
    pub(super) fn show(
        &mut self,
        content: &mut Content,
        glyphs: &[Glyph],
        size: f64,
        (x, y): (f64, f64),
    ) {
        let mut x = x;
        content.begin_text();
        content.set_fill_gray(0.0);
        for run in glyphs.chunk_by(|one, other| one.face == other.face) {
            let Some(used) = run.first().and_then(|glyph| self.used.get_mut(glyph.face)) else {
                continue;
            };
            let codes: Vec<u8> = run
                .iter()
                .flat_map(|glyph| used.code(*glyph).to_be_bytes())
                .collect();
            content.set_font(Name(name(run[0].face).as_bytes()), 1.0);
            content.set_text_matrix([size, 0.0, 0.0, -size, x, y].map(single));
            content.show(Str(&codes));
            x += run.iter().map(|glyph| glyph.advance * size).sum::<f64>();
        }
        content.end_text();
    }

    /// Writes the fonts, each with the letters that were used.
    pub(super) fn write<W: Write>(self, file: &mut Objects<W>) -> io::Result<()> {
        for (face, used) in self.used.iter().enumerate() {
            let [font, letters, descriptor, data, meanings] =
                [0, 1, 2, 3, 4].map(|part| object(face, part));
            let bytes = self.typeface.faces()[face].bytes();
            let subset = subsetter::subset(bytes, 0, &used.glyphs).map_err(io::Error::other)?;
            let known = self.typeface.faces()[face].font();
            let em = known
                .as_ref()
                .and_then(ab_glyph::FontRef::units_per_em)
                .unwrap_or(1_000.0);
            let in_thousandths = |units: f32| units / em * 1_000.0;
            let ascent = known
                .as_ref()
                .map_or(900.0, |font| in_thousandths(font.ascent_unscaled()));
            let descent = known
                .as_ref()
                .map_or(-200.0, |font| in_thousandths(font.descent_unscaled()));
            let name = format!("QRSEAL+Labels{face}");
            let name = Name(name.as_bytes());

            let mut chunk = Chunk::new();
            chunk
                .type0_font(font)
                .base_font(name)
                .encoding_predefined(Name(b"Identity-H"))
                .descendant_font(letters)
                .to_unicode(meanings);
            file.write(font, &chunk)?;

            let mut chunk = Chunk::new();
            let mut cid = chunk.cid_font(letters);
            cid.subtype(CidFontType::Type2).base_font(name);
            cid.system_info(SYSTEM).font_descriptor(descriptor);
            cid.default_width(0.0);
            cid.cid_to_gid_map_predefined(Name(b"Identity"));
            cid.widths()
                .consecutive(1, used.each.iter().map(|(_, width)| *width));
            cid.finish();
            file.write(letters, &chunk)?;

            let mut chunk = Chunk::new();
            chunk
                .font_descriptor(descriptor)
                .name(name)
                .flags(FontFlags::NON_SYMBOLIC)
                .bbox(Rect::new(-500.0, descent, 2_000.0, ascent))
                .italic_angle(0.0)
                .ascent(ascent)
                .descent(descent)
                .cap_height(ascent)
                .stem_v(80.0)
                .font_file2(data);
            file.write(descriptor, &chunk)?;

            let packed = deflated(&subset);
            let mut chunk = Chunk::new();
            let mut stream = chunk.stream(data, &packed);
            stream.filter(Filter::FlateDecode);
            stream.pair(
                Name(b"Length1"),
                i32::try_from(subset.len()).unwrap_or(i32::MAX),
            );
            stream.finish();
            file.write(data, &chunk)?;

            let mut map = UnicodeCmap::new(Name(b"Labels"), SYSTEM);
            for (code, (char, _)) in (1_u16..).zip(&used.each) {
                map.pair(code, *char);
            }
            let map = map.finish();
            let mut chunk = Chunk::new();
            chunk.cmap(meanings, map.as_slice());
            file.write(meanings, &chunk)?;
        }
        Ok(())
    }
}

impl Used {
    /// The number that a letter has in the font that is written.
    fn code(&mut self, glyph: Glyph) -> u16 {
        let code = self.glyphs.remap(glyph.id);
        if usize::from(code) == self.each.len() + 1 {
            self.each
                .push((glyph.char, single(glyph.advance * 1_000.0)));
        }
        code
    }
}

fn name(face: usize) -> String {
    format!("F{face}")
}

fn object(face: usize, part: i32) -> Ref {
    let face = i32::try_from(face).expect("there are few fonts");
    Ref::new(FIRST + OBJECTS * face + part)
}
