//! What opening needs: of this installation, and of whoever asks.

use super::{ClientNetwork, OpenId, OpeningError, StatefulToken, Unavailable};
use crate::long::LongWork;
use crate::pins::PinHashers;
use crate::revoking::RevocationList;
use crate::store::{NetworkTag, OpenIdHash, Store};
use crate::token::{Keyring, TypedPin, UnixTime};

/// What opening a held token needs to know of this installation.
#[derive(Clone, Copy)]
pub struct Opener<'a> {
    /// The keys with which the token was looked at.
    pub keyring: &'a Keyring,
    /// Where opens and tries are counted.
    pub store: &'a dyn Store,
    /// The revocations as this node knows them.
    pub revocations: &'a RevocationList,
    /// Where PINs are hashed.
    pub pins: &'a PinHashers,
    /// Where long documents are unpacked.
    pub long: &'a LongWork,
}

/// Somebody wants to open a held token.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// What makes it repeatable for two minutes.
    pub open_id: OpenId,
    /// The PIN, if one was given. A token without a PIN does not look at it.
    pub pin: Option<TypedPin>,
    /// Where it comes from.
    pub network: ClientNetwork,
    /// Whether the client looks like a program that opens links by itself.
    pub suspected_bot: bool,
    /// When.
    pub now: UnixTime,
}

impl Opener<'_> {
    pub(super) fn open_id_hash(self, held: &StatefulToken, open_id: &OpenId) -> OpenIdHash {
        OpenIdHash(self.digest(held, "open-id", open_id.as_str().as_bytes()))
    }

    pub(super) fn network_tag(self, held: &StatefulToken, network: ClientNetwork) -> NetworkTag {
        NetworkTag(self.digest(held, "network", &network.to_bytes()))
    }

    /// Takes back the try that the right PIN spent, for what it opens could not be had: who tries again until it can be had is
    /// not locked out.
    pub(super) async fn forgive(
        self,
        held: &StatefulToken,
        network: ClientNetwork,
    ) -> Result<(), OpeningError> {
        let (id, network) = (held.id(), self.network_tag(held, network));
        let forgiven = self.store.forgive_pin_try(id, network).await;
        forgiven.map_err(Unavailable::about(id))
    }

    /// Different for every token, so that the ledger does not tell which tokens were opened from one place.
    fn digest(self, held: &StatefulToken, label: &'static str, data: &[u8]) -> [u8; 16] {
        let slot = held.slot();
        let [digest @ .., _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _] = self
            .keyring
            .ledger_digest(slot, label, &[held.id().as_bytes(), data])
            .expect("the slot's secret has just opened the token");
        digest
    }
}
