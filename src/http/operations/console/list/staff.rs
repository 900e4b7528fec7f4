//! Who works at a list: whom it was given to, and to whom it can be given.

use std::collections::BTreeMap;

use crate::http::operations::console::text;
use crate::http::pages::console::{Cell, Field, FieldKind, Form, Part, Table};
use crate::http::problem::Problem;
use crate::http::state::App;
use crate::principal::Principal;
use crate::store::{ListRecord, Role, Scope};

/// The most whom a form offers.
const MOST_OFFERED: usize = 500;

/// Those who work at it, and a form that gives it to another.
pub async fn parts(app: &App, list: &ListRecord) -> Result<Vec<Part>, Problem> {
    let people = People::of(app).await?;
    let rows = list.staff.iter().map(|who| {
        let take = vec![
            ("do", "take".to_owned()),
            ("revision", list.revision.to_string()),
            ("who", who.to_string()),
        ];
        vec![text(people.words(*who)), Cell::Button(take, "Take it away")]
    });
    let mut parts = vec![
        Part::Heading("Who works at it".to_owned()),
        Part::Text(
            "Admins and managers work at every list. Scanners and API keys work at those that they were given."
                .to_owned(),
        ),
        Part::Table(Table {
            caption: "Who was given the list",
            head: vec!["Who", "Take away"],
            rows: rows.collect(),
            empty: "Nobody was given it yet.",
        }),
    ];
    let offers = people.offers.iter();
    let offers = offers.filter(|who| !list.staff.contains(who));
    let offers: Vec<_> = offers
        .take(MOST_OFFERED)
        .map(|who| (who.to_string(), people.words(*who)))
        .collect();
    if offers.is_empty() {
        let words = "There is no other scanner, and no other API key with the scope check.";
        parts.push(Part::Text(words.to_owned()));
        return Ok(parts);
    }
    parts.push(Part::Form(Form {
        id: "give",
        action: format!("/console/lists/{}", list.id),
        is_query: false,
        hidden: vec![
            ("do", "give".to_owned()),
            ("revision", list.revision.to_string()),
        ],
        fields: vec![Field::new("who", "Give it to", FieldKind::choice(offers))],
        button: "Give it",
        danger: false,
    }));
    Ok(parts)
}

/// Those who are there, by what they are called.
pub struct People {
    names: BTreeMap<Principal, String>,
    /// To whom a list can be given.
    pub offers: Vec<Principal>,
}

impl People {
    /// Those of an installation.
    pub async fn of(app: &App) -> Result<Self, Problem> {
        let (mut names, mut offers) = (BTreeMap::new(), Vec::new());
        for account in app.store.accounts().await? {
            let who = Principal::Account(account.id.0);
            if account.role == Role::Scanner && account.disabled_at.is_none() {
                offers.push(who);
            }
            names.insert(who, format!("{}, {}", account.display_name, account.role));
        }
        let now = app.now();
        for key in app.store.api_keys().await? {
            let who = Principal::Key(key.id.0);
            let ended = key.disabled_at.is_some() || key.expires_at.is_some_and(|at| now >= at);
            if key.scopes.contains(Scope::Check) && !ended {
                offers.push(who);
            }
            names.insert(who, format!("API key {}, {}", key.id.0, key.name));
        }
        Ok(Self { names, offers })
    }

    /// What somebody is called.
    pub fn words(&self, who: Principal) -> String {
        let name = self.names.get(&who).cloned();
        name.unwrap_or_else(|| who.to_string())
    }
}
