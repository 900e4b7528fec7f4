//! `qrseal serve`

use std::process::ExitCode;

use actix_web::rt::System;

use super::{Failure, setup};
use crate::config::Config;
use crate::http::{self, RunningServer};
use crate::issuing::Packing;
use crate::payload::zstd1;
use crate::store::Store;
use crate::telemetry::{self, LogSink, RequestLog};

pub fn run(config: Config) -> Result<ExitCode, Failure> {
    config.prove_styles()?;
    let (keyring, made) = setup::keyring(&config)?;
    let store = setup::store(&config)?;
    let any_api_key = !setup::wait_for(store.api_keys())?.is_empty();
    if let Some(problem) = setup::exposure_problem(&config, any_api_key) {
        return Err(problem.into());
    }
    let sink = LogSink::stderr();
    telemetry::install(&config.log, &sink);
    if made {
        tracing::warn!(
            file = %config.keys.file.display(),
            "a keyring was made: back this up; without it every code is dead"
        );
    }
    let log = config
        .log
        .requests
        .then(|| RequestLog::new(sink.clone(), config.log.format));
    if let Packing::Smallest(effort) = config.payload.packing() {
        // The first answers need not wait for it; the first document that is packed does, if it comes at once.
        std::thread::spawn(move || zstd1::prepare(effort));
    }
    let served = System::new().block_on(async {
        let (app, server) = http::start(config, keyring, store, log)?;
        greet(&app.config, &*app.store, &server);
        sink.flush();
        http::serve(app, server).await
    });
    match &served {
        Ok(()) => tracing::info!("ended"),
        Err(error) => tracing::error!(%error, "ended"),
    }
    sink.flush();
    served?;
    Ok(ExitCode::SUCCESS)
}

fn greet(config: &Config, store: &dyn Store, server: &RunningServer) {
    let address = server.address;
    tracing::info!(
        version = env!("CARGO_PKG_VERSION"),
        "listening on http://{address}"
    );
    for note in store.notes() {
        tracing::warn!("{note}");
    }
    if config.phone_cannot_reach() {
        tracing::warn!(
            "links begin with {}, which a phone cannot reach: set server.public_url (QRSEAL_SERVER__PUBLIC_URL) to the \
             address at which phones reach this server",
            config.public_url()
        );
    }
    tracing::info!("start page: http://{address}/ - API: http://{address}/swagger-ui/");
    tracing::info!(
        "try: curl -o code.png -H 'content-type: application/json' -d '{{\"hello\":\"world\"}}' \
         http://{address}/api/qrcode/encrypted-payload"
    );
}
