//! `/desk/badge/{size}`: how a badge of this size is printed. The page has a sheet for the size of each badge, since no page holds
//! styles of its own.

use actix_web::{HttpRequest, HttpResponse};

use crate::http::problem::{Problem, ProblemCode};
use crate::http::route;
use crate::profiles::Badge;

/// The style sheet of a size such as `86x54.css`: width and height in millimetres.
pub async fn style(request: HttpRequest) -> Result<HttpResponse, Problem> {
    let size = size(route::variable(&request, "size"));
    let (width, height) = size.ok_or_else(|| Problem::new(ProblemCode::NotFound))?;
    Ok(HttpResponse::Ok()
        .content_type("text/css; charset=utf-8")
        .body(sheet(width, height)))
}

fn size(text: &str) -> Option<(u16, u16)> {
    let (width, height) = text.strip_suffix(".css")?.split_once('x')?;
    let side = |text: &str| {
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        let (least, most) = Badge::SIDE_MM;
        let side = text.parse().ok().filter(|_| digits);
        side.filter(|side| (least..=most).contains(side))
    };
    Some((side(width)?, side(height)?))
}

/// All but the badge stays away from the paper.
fn sheet(width: u16, height: u16) -> String {
    let smaller = f64::from(width.min(height));
    let (first, others) = (smaller * 0.17, smaller * 0.09);
    format!(
        "@page {{ size: {width}mm {height}mm; margin: 0; }}\n\
         body.desk {{ max-width: none; margin: 0; padding: 0; }}\n\
         body.desk > :not(main), body.desk main > :not(.badge) {{ display: none !important; }}\n\
         body.desk main {{ display: block; margin: 0; padding: 0; }}\n\
         body.desk main > .badge {{ display: flex; flex-direction: column; justify-content: center; align-items: center; \
         gap: 1mm; box-sizing: border-box; width: {width}mm; height: calc({height}mm - 1px); padding: 3mm; overflow: hidden; \
         text-align: center; overflow-wrap: anywhere; font-size: {others:.1}mm; line-height: 1.2; color: #000; \
         break-inside: avoid; }}\n\
         .badge > p {{ margin: 0; }}\n\
         .badge > p:first-child {{ font-size: {first:.1}mm; font-weight: 700; }}\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_two_sides_in_millimetres() {
        assert_eq!(size("86x54.css"), Some((86, 54)));
        assert!(sheet(86, 54).starts_with("@page { size: 86mm 54mm; margin: 0; }"));
        for text in [
            "86x54",
            "x54.css",
            "86x.css",
            "+86x54.css",
            "86x54x1.css",
            "19x54.css",
            "86x301.css",
            "86.css",
            "",
        ] {
            assert_eq!(size(text), None, "{text}");
        }
    }
}
