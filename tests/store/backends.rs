//! The backends that the rules are run on.

use std::path::PathBuf;
use std::sync::Arc;

use qrseal::store::{self, Store};
use tempfile::TempDir;

#[cfg(feature = "system-tests")]
use crate::cluster;

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
    sqlite_in(TempDir::new().expect("a temporary folder"))
}

/// The same in memory, where there is such a place: the same code, and commits that cost nothing.
pub fn sqlite_in_memory() -> Fresh {
    let folder = TempDir::new_in("/dev/shm").or_else(|_| TempDir::new());
    sqlite_in(folder.expect("a temporary folder"))
}

fn sqlite_in(folder: TempDir) -> Fresh {
    let url = format!("sqlite://{}", folder.path().join("qrseal.db").display());
    Fresh {
        store: store::connect(&url, true).expect("a new store"),
        folder,
        url,
    }
}

/// An empty store in a database of PostgreSQL.
#[cfg(feature = "system-tests")]
pub fn postgres() -> Fresh {
    let url = cluster::new_database();
    Fresh {
        store: store::connect(&url, true).expect("a new store"),
        folder: TempDir::new().expect("a temporary folder"),
        url,
    }
}
