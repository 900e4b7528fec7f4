//! The desk: staff scan codes, lists remember who came.
//!
//! Belongs here: what a check-in list asks, and the verbs of lists, check-ins and passes. Does not belong here: how a code is recognised
//! (`opening`), who is let in when two come at once (`store`), and how a page looks.

mod answer;
mod by;
mod change;
mod check_in;
mod create;
mod csv;
mod display;
mod fault;
mod given;
mod manageable;
mod names;
mod passes;
mod read;
mod request;
mod roll_call;
mod settings;
mod tidy;
mod undo;
mod visits;
mod zone;

pub use answer::{CheckInAnswer, CheckInsAnswer, GateAnswer, ListAnswer, ListsAnswer};
pub use by::DeskRight;
pub use change::{ChangeError, Changing, change_list, delete_list, set_staff};
pub use check_in::{CheckInError, CheckInResult, Desk, check_in};
pub use create::{CreateError, CreateList, create_list};
pub use csv::{CSV_HEAD, csv_line, zone_of};
pub use display::{BadgePrint, DeskProfiles, Display, DisplayField, KnownProfile};
pub use fault::DeskFault;
pub use given::Accepts;
pub use names::{GateName, ListName, PassNote};
pub use passes::{
    DrawPass, PassAnswer, PassCode, PassError, PassState, PassesAnswer, draw_pass, find_pass,
    list_passes, look_at_pass, pass_of_phone, revoke_pass, sign_in_phone,
};
pub use read::{ListCheckIns, counts_of, find_check_in, find_list, list_check_ins, list_lists};
pub use request::{CheckInRequest, RepeatId, RepeatIdError};
pub use roll_call::{AskRollCall, PersonInside, RollCall, RollCallError, let_out, roll_call};
pub use settings::{ListEdits, ListSettings};
pub use tidy::{Tidied, tidy};
pub use undo::{UndoError, undo};
pub use visits::{
    AskPresence, PresenceAnswer, PresenceReason, PresentAnswer, Resealed, VisitError, erase,
    keeps_visit, presence, presence_csv, reseal_visits, visit_of, visits_under,
};
pub use zone::{local as local_time, moment, wall_clock};

use crate::options::words;
use crate::store::Entries;

words!(Entries {
    Once = "once",
    OnceADay = "once_a_day",
    Many = "many",
});
