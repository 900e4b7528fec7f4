//! The backends that the rules are run on.

use std::path::PathBuf;
use std::sync::Arc;

use qrseal::store::{self, Store};
use tempfile::TempDir;

/// A store that lives as long as this. Several connections to it are several nodes.
pub struct Fresh {
    pub store: Arc<dyn Store>,
    pub folder: TempDir,
    pub url: String,
}

impl Fresh {
    /// Another process's view of the same store.
    pub fn another(&self) -> Arc<dyn Store> {
        store::connect(&self.url, true).expect("the store can be opened twice")
    }

    pub fn file(&self) -> PathBuf {
        self.folder.path().join("qrseal.db")
    }
}

/// An empty store in a SQLite file.
pub fn sqlite() -> Fresh {
    let folder = TempDir::new().expect("a temporary folder");
    let url = format!("sqlite://{}", folder.path().join("qrseal.db").display());
    Fresh {
        store: store::connect(&url, true).expect("a new store"),
        folder,
        url,
    }
}
