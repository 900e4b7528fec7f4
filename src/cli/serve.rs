//! `qrseal serve`

use std::process::ExitCode;

use actix_web::rt::System;
use sd_notify::NotifyState;

use super::setup::Issuers;
use super::{Failure, lan, setup};
use crate::audit::Verb;
use crate::clock;
use crate::config::{Config, Issuing};
use crate::http::{self, RunningServer};
use crate::issuing;
use crate::store::{self, Store};
use crate::telemetry::{self, LogSink, RequestLog};

/// Serve HTTP until SIGTERM.
#[derive(Debug, Default, clap::Args)]
#[command(
    after_help = "Example:\n  QRSEAL_SERVER__LISTEN=127.0.0.1:9000 qrseal serve\n  \
                  qrseal serve --lan        try it with a phone in the same Wi-Fi"
)]
pub struct Arguments {
    /// For trying it with a phone in the same network: listen on this machine's address there, make what is missing, let
    /// anyone in that network issue while no API key or account was made, and draw the start page's code.
    #[arg(long)]
    lan: bool,
}

pub fn run(mut config: Config, arguments: &Arguments) -> Result<ExitCode, Failure> {
    config.prove_styles()?;
    if arguments.lan {
        lan::listen(&mut config)?;
    }
    let (keyring, made) = match arguments.lan && !config.keys.file.exists() {
        true => (setup::new_keyring(&config)?, true),
        false => setup::keyring(&config)?,
    };
    let store = setup::store(&config)?;
    if made {
        setup::tell_key(&*store, &keyring, Verb::Add, keyring.primary().slot())?;
    }
    let issuers = setup::wait_for(Issuers::of(&*store, clock::now()))?;
    if arguments.lan && !issuers.any {
        config.auth.issuing = Issuing::Open;
    }
    if let Some(problem) = setup::exposure_problem(&config, issuers.any) {
        return Err(problem.into());
    }
    let sink = LogSink::stderr();
    telemetry::install(&config.log, &sink);
    telemetry::metrics::install();
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
    // The first answers need not wait for it; the first document that is packed does, if it comes at once.
    let packing = config.payload.packing(&issuing::SealOptions::default());
    // Any request may ask for the smallest symbol, and any code may have been made so.
    let smallest = issuing::Packing::Packed(issuing::Effort::Smallest);
    std::thread::spawn(move || [packing, smallest].map(issuing::prepare));
    let served = System::new().block_on(async {
        let (app, server) = http::start(config, keyring, store, log)?;
        greet(&app.config, &*app.store, issuers, &server);
        sink.flush();
        tell_service_manager(NotifyState::Ready);
        if arguments.lan {
            lan::show(&app.config, server.address)?;
        }
        http::serve(app, server).await.map_err(Failure::from)
    });
    match &served {
        Ok(()) => tracing::info!("ended"),
        Err(error) => tracing::error!(%error, "ended"),
    }
    sink.flush();
    served?;
    Ok(ExitCode::SUCCESS)
}

/// Where systemd started it with `Type=notify`, it learns that the server listens.
fn tell_service_manager(state: NotifyState<'_>) {
    if let Err(error) = sd_notify::notify(&[state]) {
        tracing::warn!(%error, "the service manager could not be told");
    }
}

fn greet(config: &Config, store: &dyn Store, issuers: Issuers, server: &RunningServer) {
    let address = format!("{}://{}", config.server.scheme(), server.address);
    tracing::info!(
        version = env!("CARGO_PKG_VERSION"),
        "listening on {address}"
    );
    if let Some(address) = server.metrics_address {
        tracing::info!("metrics: http://{address}/metrics");
    }
    match (config.keys.is_plain(), config.is_local()) {
        (true, true) => tracing::info!("{}", setup::PLAIN_KEYRING),
        (true, false) => tracing::warn!("{}", setup::PLAIN_KEYRING),
        (false, _) => {}
    }
    for note in store.notes() {
        tracing::warn!("{note}");
    }
    if let Some(note) = store::unverified(&config.store_url()) {
        tracing::warn!("{note}");
    }
    if config.phone_cannot_reach() {
        tracing::warn!(
            "links begin with {}, which a phone cannot reach: set server.public_url (QRSEAL_SERVER__PUBLIC_URL) to the \
             address at which phones reach this server",
            config.public_url()
        );
    }
    match config.docs.swagger {
        true => tracing::info!("start page: {address}/ - API: {address}/swagger-ui/"),
        false => tracing::info!("start page: {address}/"),
    }
    if let Some(problem) = issuers.problem(config) {
        tracing::warn!("{problem}");
        return;
    }
    let key = match issuers.are_not_asked_for(config) {
        true => "",
        false => "-H 'authorization: Bearer qrs_...' ",
    };
    tracing::info!(
        "try: curl -o code.png {key}-H 'content-type: application/json' -d '{{\"hello\":\"world\"}}' \
         {address}/api/qrcode/encrypted-payload"
    );
}
