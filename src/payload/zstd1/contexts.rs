//! What zstd packs with: contexts that are set up, with the dictionary in them.
//!
//! They are shared by all threads, each by one at a time: a context is far more expensive to make than to use again, and the
//! fast ones hold what they prepared of the dictionary, 1.8 MB.

use std::sync::{Mutex, PoisonError};

use zstd::zstd_safe::{CCtx, CParameter, FrameFormat, ParamSwitch, Strategy};

use super::dictionary::{self, DICTIONARY};
use super::effort::Effort;

/// Those that nobody uses at the moment: as many as were ever in use at once.
struct Idle(Mutex<Vec<CCtx<'static>>>);

/// What every context is told: the frame has nothing in it that the format leaves out.
const FORMAT: [CParameter; 5] = [
    CParameter::Format(FrameFormat::Magicless),
    CParameter::WindowLog(17),
    CParameter::ContentSizeFlag(false),
    CParameter::ChecksumFlag(false),
    CParameter::DictIdFlag(false),
];

/// How the fast ones look for what the dictionary or the document said before: what comes first is taken if it is five bytes
/// long, and 32 places are looked at. A place in the dictionary is found among four that stand together in memory, which zstd
/// does only with `EnableDedicatedDictSearch` and without its row finder.
///
/// Bodies are 1 % smaller than those of zstd's level 5, and packing a small document is a tenth less work. To look at half the
/// places is another 5 % less, and bodies are 1 % larger. With six bytes it is 9 % less; but where the dictionary does not know
/// a schema, what is short is all that there is to find. To see first whether the next byte begins a longer match makes bodies 3 %
/// smaller and takes nearly twice as long.
const FAST: [CParameter; 7] = [
    CParameter::EnableDedicatedDictSearch(true),
    CParameter::UseRowMatchFinder(ParamSwitch::Disable),
    CParameter::Strategy(Strategy::ZSTD_greedy),
    CParameter::HashLog(18),
    CParameter::ChainLog(17),
    CParameter::SearchLog(5),
    CParameter::MinMatch(5),
];

/// Does something with a context that nobody else uses.
pub(super) fn with<T>(effort: Effort, work: impl FnOnce(&mut CCtx<'static>) -> T) -> T {
    static FAST: Idle = Idle::new();
    static BEST: Idle = Idle::new();
    let idle = match effort {
        Effort::Fast => &FAST,
        Effort::Best => &BEST,
    };
    let mut context = idle.take().unwrap_or_else(|| context(effort));
    let done = work(&mut context);
    idle.give(context);
    done
}

impl Idle {
    const fn new() -> Self {
        Self(Mutex::new(Vec::new()))
    }

    fn take(&self) -> Option<CCtx<'static>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    fn give(&self, context: CCtx<'static>) {
        let mut idle = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        idle.push(context);
    }
}

fn context(effort: Effort) -> CCtx<'static> {
    let mut context = CCtx::create();
    let search = match effort {
        Effort::Fast => &FAST[..],
        Effort::Best => &[],
    };
    for &parameter in FORMAT.iter().chain(search) {
        context
            .set_parameter(parameter)
            .expect("zstd knows these parameters and their values");
    }
    match effort {
        // Prepared for a dedicated search a dictionary cannot be shared, at least not by what the library offers.
        Effort::Fast => context.load_dictionary(DICTIONARY),
        Effort::Best => context.ref_cdict(dictionary::for_best()),
    }
    .expect("a context that was just made takes a dictionary");
    context
}
