//! A row that is ready becomes a code: sealed by the verb that everybody seals with, and drawn as it is to be.

use std::sync::Arc;
use std::time::Duration;

use super::paper::{Label, PaperError};
use super::plan::{Ready, RowFault};
use super::sheet::LabelSheet;
use crate::drawing::{Drawn, PictureFormat, ResolvedStyle, StyleError};
use crate::issuing::{
    IdempotentRequest, IssueError, Kept, NotSealed, SealRequest, Sealer, Storage, WantedPin, issue,
    seal,
};
use crate::limits::{Exceeded, Subject};
use crate::pins::PinsBusy;
use crate::pool::{Busy, Kind, Pool};
use crate::principal::Principal;
use crate::qr::{PictureTooLarge, Symbol};
use crate::random;
use crate::store::Share;
use crate::token::{Nonce, Pin};

/// How long a picture waits for room among others, and how often.
const WAIT: Duration = Duration::from_millis(50);
const MOST_WAITS: u32 = 1_200;
/// What a screen reader says of a picture.
const TITLE: &str = "QR code";
/// Memory of a pixel of a picture that is read back, and of what is beside it.
const BYTES_OF_PIXEL: usize = 9;
const BYTES_BESIDE: usize = 2 << 20;

/// What a batch has of the installation, for all its rows.
pub struct Workshop<'a> {
    /// Keys, links, store.
    pub sealer: Sealer<'a>,
    /// Who asks.
    pub made_by: Principal,
    /// The network of whoever asks without a key.
    pub network: Option<String>,
    /// What whoever asks may have in the store.
    pub share: Option<Share>,
    /// Whose quota each row counts against.
    pub subject: Option<Subject>,
    /// Which rows may be asked for again.
    pub replays: Replays,
    /// What was asked of all of them: it has to be the same then.
    pub asked: String,
    /// What is drawn.
    pub drawing: Drawing,
    /// Where symbols are drawn that are read back; `None`: at once.
    pub pool: Option<(Arc<Pool>, Kind)>,
    /// What such a symbol costs, in pixels.
    pub pixels: Option<&'a (dyn Fn(usize) -> Result<(), NotMade> + Sync)>,
}

/// Which rows are answered as before if they are asked for again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Replays {
    /// None.
    Never,
    /// Those that the store keeps.
    Kept,
    /// All, for which the store keeps their tokens for a day.
    All,
}

/// What is drawn of each row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Drawing {
    /// Nothing.
    Nothing,
    /// A picture.
    Picture(PictureFormat),
    /// A label of a sheet.
    Label(LabelSheet),
}

/// A code that was made.
pub struct Made {
    /// The token's id.
    pub id: String,
    /// Its link.
    pub link: String,
    /// The name of its file.
    pub name: String,
    /// Its PIN, if it was drawn.
    pub pin: Option<Pin>,
    /// The version of its symbol.
    pub version: u8,
    /// Modules of its symbol.
    pub modules: usize,
    /// Whether its document is in the store.
    pub stored: bool,
    /// Bytes of the document and of its token, if it was sealed just now.
    pub bytes: Option<(usize, usize)>,
    /// What was drawn.
    pub drawn: MadeAs,
}

/// What was drawn.
pub enum MadeAs {
    /// Nothing.
    Nothing,
    /// A file.
    Picture(Vec<u8>),
    /// A label.
    Label(Box<Label>),
}

/// Why a row became no code.
#[derive(Debug, thiserror::Error)]
pub enum NotMade {
    /// What the row says.
    #[error(transparent)]
    Row(#[from] RowFault),
    /// It was not sealed.
    #[error(transparent)]
    Sealed(#[from] NotSealed),
    /// It was not drawn.
    #[error(transparent)]
    Style(#[from] StyleError),
    /// It was not printed.
    #[error(transparent)]
    Paper(#[from] PaperError),
    /// Its picture is too large.
    #[error(transparent)]
    TooLarge(#[from] PictureTooLarge),
    /// There is more to draw than can wait.
    #[error(transparent)]
    Busy(#[from] Busy),
    /// A rate.
    #[error(transparent)]
    Rate(#[from] Exceeded),
    /// It failed before the run was resumed.
    #[error("{0}")]
    Before(String),
}

impl From<IssueError> for NotMade {
    fn from(error: IssueError) -> Self {
        Self::Sealed(error.into())
    }
}

impl Workshop<'_> {
    /// Seals and draws a row.
    ///
    /// # Errors
    /// [`NotMade`]
    pub async fn make(&self, ready: &Ready) -> Result<Made, NotMade> {
        let keyring = self.sealer.issuer.keyring;
        // What a person makes stands under theirs.
        let remember = ready.remember || matches!(self.made_by, Principal::Account(_));
        let kept = ready.storage != Storage::Inline
            || matches!(ready.kept, Kept::Link { .. })
            || remember
            || ready.note.is_some();
        let replays = match self.replays {
            Replays::Never => false,
            Replays::Kept => kept,
            Replays::All => true,
        };
        let once = replays.then(|| {
            let parts = [&b"batch"[..], self.asked.as_bytes(), &ready.digest];
            let network = self.network.as_deref();
            IdempotentRequest::new(
                ready.key.idempotency(),
                self.made_by,
                network,
                parts,
                keyring,
            )
        });
        let bytes = u64::try_from(ready.token.document.as_bytes().len()).unwrap_or(u64::MAX);
        let wanted = SealRequest {
            token: &ready.token,
            storage: ready.storage,
            kept: ready.kept,
            pin: ready.pin.as_ref(),
            made_by: self.made_by,
            note: ready.note.as_ref(),
            remember,
            share: self.share,
            charge: self.subject.map(|subject| (subject, bytes)),
            idempotent: once.as_ref(),
        };
        seal(&self.sealer, &wanted, async |sealed| {
            let issued = &sealed.issued;
            let (drawn, version, modules) = self.draw(ready, &issued.link, &issued.symbol).await?;
            let sizes = (issued.payload_bytes, issued.token.as_bytes().len());
            Ok(Made {
                id: issued.token.id().to_string(),
                link: issued.link.clone(),
                name: ready.name.clone(),
                pin: drawn_pin(ready),
                version,
                modules,
                stored: issued.stored.is_some(),
                bytes: (!sealed.replayed).then_some(sizes),
                drawn,
            })
        })
        .await
    }

    /// Draws what was sealed before the run was resumed.
    ///
    /// # Errors
    /// [`NotMade`]
    pub async fn again(&self, ready: &Ready, id: String, link: String) -> Result<Made, NotMade> {
        let symbol = Symbol::encode(&link, ready.look.level).map_err(IssueError::from)?;
        let (drawn, version, modules) = self.draw(ready, &link, &symbol).await?;
        Ok(Made {
            id,
            link,
            name: ready.name.clone(),
            pin: drawn_pin(ready),
            version,
            modules,
            stored: false,
            bytes: None,
            drawn,
        })
    }

    /// What a row would become. Nothing is kept, counted or given out.
    ///
    /// # Errors
    /// [`NotMade`]
    pub async fn look_at(&self, ready: &Ready) -> Result<Made, NotMade> {
        let issuer = self.sealer.issuer;
        let packed = ready
            .token
            .pack_if_long(ready.storage, self.sealer.long)
            .await;
        packed.map_err(NotSealed::from)?;
        let stored = match ready.storage {
            Storage::Stored => true,
            Storage::Inline => false,
            Storage::Auto => !crate::issuing::fits_inline(
                issuer,
                &ready.token,
                ready.pin.is_some(),
                self.sealer.max_inline_version,
            ),
        };
        let link = match stored {
            true => issuer.links.of_length(STORED_TOKEN_BYTES),
            false => {
                let nonce = Nonce::from(*random::bytes().map_err(NotSealed::from)?);
                let issued = issue(issuer, &ready.token, None, nonce, crate::clock::now())?;
                let pin = if ready.pin.is_some() {
                    PIN_TAG_BYTES
                } else {
                    0
                };
                issuer.links.of_length(issued.token.as_bytes().len() + pin)
            }
        };
        let symbol = Symbol::encode(&link, ready.look.level).map_err(IssueError::from)?;
        let (_, version, modules) = self.draw(ready, &link, &symbol).await?;
        Ok(Made {
            id: String::new(),
            link: String::new(),
            name: ready.name.clone(),
            pin: None,
            version,
            modules,
            stored,
            bytes: None,
            drawn: MadeAs::Nothing,
        })
    }

    async fn draw(
        &self,
        ready: &Ready,
        link: &str,
        symbol: &Symbol,
    ) -> Result<(MadeAs, u8, usize), NotMade> {
        let Drawing::Nothing = self.drawing else {
            let drawn = match ready.look.is_plain() {
                true => Drawn::plain(symbol, &ready.look)?,
                false => self.draw_styled(&ready.look, link, symbol).await?,
            };
            let (version, modules) = (drawn.symbol().version(), drawn.symbol().modules());
            return Ok((self.put(ready, &drawn)?, version, modules));
        };
        Ok((MadeAs::Nothing, symbol.version(), symbol.modules()))
    }

    async fn draw_styled<'s>(
        &self,
        look: &ResolvedStyle,
        link: &str,
        symbol: &Symbol,
    ) -> Result<Drawn<'s>, NotMade> {
        let pixels = look.pixels(link, symbol);
        let mut waits = 0;
        while let Some(charge) = self.pixels {
            match charge(pixels) {
                Ok(()) => break,
                Err(NotMade::Rate(_)) if waits < MOST_WAITS => waits += 1,
                Err(error) => return Err(error),
            }
            tokio::time::sleep(WAIT).await;
        }
        let (look, text) = (look.clone(), link.to_owned());
        let styled = match &self.pool {
            None => look.draw(&text)?,
            Some((pool, kind)) => {
                let bytes = pixels * BYTES_OF_PIXEL + BYTES_BESIDE;
                let permit = loop {
                    match pool.permit(*kind) {
                        Err(_) if waits < MOST_WAITS => waits += 1,
                        permit => break permit?,
                    }
                    tokio::time::sleep(WAIT).await;
                };
                permit.run(bytes, move || look.draw(&text)).await??
            }
        };
        Ok(Drawn::Styled(Box::new(styled)))
    }

    fn put(&self, ready: &Ready, drawn: &Drawn<'_>) -> Result<MadeAs, NotMade> {
        Ok(match self.drawing {
            Drawing::Nothing => MadeAs::Nothing,
            Drawing::Picture(format) => MadeAs::Picture(drawn.picture(format, TITLE)?),
            Drawing::Label(sheet) => {
                let code = drawn.vectors();
                let size = drawn.style().module_size;
                let place = sheet.place(code.modules(), size, ready.lines.len());
                MadeAs::Label(Box::new(Label {
                    place: place.map_err(PaperError::from)?,
                    code,
                    lines: ready.lines.clone(),
                }))
            }
        })
    }
}

/// Bytes of a token whose document is in the store.
const STORED_TOKEN_BYTES: usize = 17;
/// Bytes by which a PIN makes a token longer.
const PIN_TAG_BYTES: usize = 16;

fn drawn_pin(ready: &Ready) -> Option<Pin> {
    match &ready.pin {
        Some(WantedPin::Given(pin)) if ready.drawn => Some(pin.clone()),
        _ => None,
    }
}

impl NotMade {
    /// Whether the same may be tried again in a moment.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        matches!(
            self,
            Self::Sealed(NotSealed::Pins(PinsBusy) | NotSealed::Long(_))
        )
    }
}
