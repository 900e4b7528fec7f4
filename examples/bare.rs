//! A bare actix-web server that answers every request with a short text: the yardstick for speed over HTTP.
//!
//! `cargo run --release --example bare -- 127.0.0.1:8090` listens with one worker and no middleware; `benches/http`
//! compares qrseal with it.

use actix_web::{App, HttpServer, web};

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    let address = std::env::args()
        .nth(1)
        .unwrap_or_else(|| "127.0.0.1:8090".to_owned());
    HttpServer::new(|| App::new().default_service(web::to(|| async { "Hello, world!" })))
        .workers(1)
        .bind(address)?
        .run()
        .await
}
