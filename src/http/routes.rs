//! The map: every route of the server, a row each. What the router, `Allow`, the log, the permits and the OpenAPI paths know
//! of a route stands here and nowhere else.
//!
//! Belongs here: method, path, who may, which permit it takes, whether it changes anything, and which operation answers.
//! Does not belong here: what an operation does, what is said of it, and how a request comes to its row (see `routing`).

use super::admission::permits::Kind;
use super::console_pages::{ADMINS, DESK, MAKERS, MANAGERS, PEOPLE, READERS};
use super::operations::{
    audit, batches, check_ins, codes, console, desk, door, home, links, lists, messages, passes,
    pictures, profiles, receipts, service, tokens,
};
use super::route::{BATCHES, Body, Route, TOKEN, delete, get, patch, post, put};
use crate::store::Scope;

/// Every route, those that are asked for most often first.
pub const ROUTES: &[Route] = &[
    get(TOKEN)
        .waits_for(None)
        .described(tokens::look::describe_by_link),
    post(TOKEN)
        .waits_for(Some(Kind::Held))
        .reads(Body::Open)
        .changes()
        .described(tokens::open::describe_by_link),
    post("/api/qrcode/encrypted-payload")
        .to(|route| route.to(tokens::seal_payload::handle))
        .takes(Scope::Issue)
        .waits_for(Some(Kind::Issue))
        .reads(Body::Document)
        .described(tokens::seal_payload::describe),
    post("/api/tokens")
        .to(|route| route.to(tokens::issue::handle))
        .takes(Scope::Issue)
        .waits_for(Some(Kind::Issue))
        .reads(Body::Envelope)
        .described(tokens::issue::describe),
    get("/api/decrypt/qrcode-details")
        .to(|route| route.to(tokens::look::by_query))
        .waits_for(None)
        .described(tokens::look::describe_by_query),
    post("/api/decrypt/qrcode-details")
        .to(|route| route.to(tokens::open::by_body))
        .waits_for(Some(Kind::Held))
        .reads(Body::Token)
        .changes()
        .described(tokens::open::describe_by_body),
    post("/api/qrcode")
        .to(|route| route.to(codes::draw::handle))
        .reads(Body::Code)
        .described(codes::draw::describe),
    get("/generate_qr")
        .to(|route| route.to(codes::draw_by_query::handle))
        .described(codes::draw_by_query::describe),
    get("/").to(|route| route.to(home::show)).greets(),
    post("/")
        .to(|route| route.to(home::seal))
        .takes(Scope::Issue)
        .waits_for(Some(Kind::Issue))
        .reads(Body::PageForm),
    get("/healthz")
        .to(|route| route.to(service::live::handle))
        .waits_for(None)
        .described(service::live::describe),
    get("/readyz")
        .to(|route| route.to(service::ready::handle))
        .waits_for(None)
        .described(service::ready::describe),
    get("/api/tokens")
        .to(|route| route.to(receipts::list::handle))
        .takes(Scope::Read)
        .described(receipts::list::describe),
    get("/api/tokens/{id}")
        .to(|route| route.to(receipts::show::handle))
        .takes(Scope::Read)
        .described(receipts::show::describe),
    delete("/api/tokens/{id}")
        .to(|route| route.to(tokens::delete::handle))
        .takes(Scope::Revoke)
        .described(tokens::delete::describe),
    put("/api/tokens/{id}/payload")
        .to(|route| route.to(tokens::replace_payload::handle))
        .takes(Scope::Issue)
        .waits_for(Some(Kind::Held))
        .reads(Body::Revision)
        .described(tokens::replace_payload::describe),
    delete("/api/tokens/{id}/opens")
        .to(|route| route.to(receipts::erase_opens::handle))
        .takes(Scope::Revoke)
        .described(receipts::erase_opens::describe),
    post("/api/tokens/{id}/revoke")
        .to(|route| route.to(tokens::revoke::handle))
        .takes(Scope::Revoke)
        .reads(Body::Token)
        .described(tokens::revoke::describe),
    post("/api/tokens/{id}/pin-reset")
        .to(|route| route.to(tokens::reset_pin::handle))
        .takes(Scope::Revoke)
        .described(tokens::reset_pin::describe),
    post(BATCHES)
        .to(|route| route.to(batches::create::handle))
        .takes(Scope::Issue)
        .waits_for(Some(Kind::Issue))
        .described(batches::describe::describe),
    post("/api/links")
        .to(|route| route.to(links::create::handle))
        .takes(Scope::Issue)
        .waits_for(Some(Kind::Issue))
        .reads(Body::Link)
        .described(links::create::describe),
    get("/api/links")
        .to(|route| route.to(links::list::handle))
        .takes(Scope::Issue)
        .only_looks()
        .described(links::list::describe),
    get("/api/links/scans")
        .to(|route| route.to(links::scans::of_note))
        .takes(Scope::Issue)
        .only_looks()
        .described(links::scans::describe_of_note),
    get("/api/links/{id}")
        .to(|route| route.to(links::show::handle))
        .takes(Scope::Issue)
        .only_looks()
        .described(links::show::describe),
    patch("/api/links/{id}")
        .to(|route| route.to(links::change::handle))
        .takes(Scope::Issue)
        .waits_for(Some(Kind::Held))
        .reads(Body::Link)
        .described(links::change::describe),
    delete("/api/links/{id}")
        .to(|route| route.to(links::end::handle))
        .takes(Scope::Issue)
        .described(links::end::describe),
    get("/api/links/{id}/scans")
        .to(|route| route.to(links::scans::handle))
        .takes(Scope::Issue)
        .only_looks()
        .described(links::scans::describe),
    get("/api/links/{id}/picture")
        .to(|route| route.to(links::picture::handle))
        .takes(Scope::Issue)
        .only_looks()
        .described(links::picture::describe),
    get("/api/profiles")
        .to(|route| route.to(profiles::list::handle))
        .takes(Scope::Issue)
        .only_looks()
        .described(profiles::list::describe),
    get("/api/profiles/{name}")
        .to(|route| route.to(profiles::show::handle))
        .takes(Scope::Issue)
        .only_looks()
        .described(profiles::show::describe),
    post("/api/check-ins")
        .to(|route| route.to(check_ins::create::handle))
        .takes(Scope::Check)
        .waits_for(Some(Kind::Held))
        .reads(Body::CheckIn)
        .described(check_ins::create::describe),
    get("/api/check-ins/{id}")
        .to(|route| route.to(check_ins::show::handle))
        .takes(Scope::Check)
        .only_looks()
        .described(check_ins::show::describe),
    delete("/api/check-ins/{id}")
        .to(|route| route.to(check_ins::undo::handle))
        .takes(Scope::Check)
        .described(check_ins::undo::describe),
    delete("/api/check-ins/{id}/visit")
        .to(|route| route.to(check_ins::erase_visit::handle))
        .takes(Scope::Visits)
        .described(check_ins::erase_visit::describe),
    post("/api/lists/{id}/presence")
        .to(|route| route.to(lists::presence::handle))
        .takes(Scope::Visits)
        .reads(Body::Token)
        .described(lists::presence::describe),
    post("/api/lists")
        .to(|route| route.to(lists::create::handle))
        .takes(Scope::Lists)
        .reads(Body::List)
        .described(lists::create::describe),
    get("/api/lists")
        .to(|route| route.to(lists::list::handle))
        .takes(Scope::Check)
        .only_looks()
        .described(lists::list::describe),
    get("/api/lists/{id}")
        .to(|route| route.to(lists::show::handle))
        .takes(Scope::Check)
        .only_looks()
        .described(lists::show::describe),
    patch("/api/lists/{id}")
        .to(|route| route.to(lists::change::handle))
        .takes(Scope::Lists)
        .reads(Body::List)
        .described(lists::change::describe),
    delete("/api/lists/{id}")
        .to(|route| route.to(lists::delete::handle))
        .takes(Scope::Lists)
        .described(lists::delete::describe),
    put("/api/lists/{id}/staff")
        .to(|route| route.to(lists::staff::handle))
        .takes(Scope::Lists)
        .reads(Body::List)
        .described(lists::staff::describe),
    get("/api/lists/{id}/check-ins")
        .to(|route| route.to(lists::check_ins::handle))
        .takes(Scope::Lists)
        .only_looks()
        .described(lists::check_ins::describe),
    get("/f/{profile}")
        .to(|route| route.to(profiles::form::show))
        .greets(),
    post("/f/{profile}")
        .to(|route| route.to(profiles::form::send))
        .takes(Scope::Issue)
        .waits_for(Some(Kind::Issue))
        .reads(Body::ProfileForm),
    post("/api/lists/{id}/passes")
        .to(|route| route.to(passes::create::handle))
        .takes(Scope::Lists)
        .reads(Body::Token)
        .described(passes::create::describe),
    get("/api/lists/{id}/passes")
        .to(|route| route.to(passes::list::handle))
        .takes(Scope::Lists)
        .only_looks()
        .described(passes::list::describe),
    get("/api/lists/{id}/passes/{pass}")
        .to(|route| route.to(passes::show::handle))
        .takes(Scope::Lists)
        .only_looks()
        .described(passes::show::describe),
    delete("/api/lists/{id}/passes/{pass}")
        .to(|route| route.to(passes::revoke::handle))
        .takes(Scope::Lists)
        .described(passes::revoke::describe),
    get("/api/audit")
        .to(|route| route.to(audit::list::handle))
        .takes(Scope::Audit)
        .described(audit::list::describe),
    get("/message")
        .to(|route| route.to(messages::page::show))
        .greets(),
    post("/message")
        .to(|route| route.to(messages::page::write))
        .takes(Scope::Issue)
        .waits_for(Some(Kind::Issue))
        .reads(Body::MessageForm),
    post("/api/messages")
        .to(|route| route.to(messages::create::handle))
        .takes(Scope::Issue)
        .waits_for(Some(Kind::Issue))
        .reads(Body::Message)
        .described(messages::create::describe),
    post("/api/messages/reports")
        .to(|route| route.to(messages::report::handle))
        .reads(Body::Token)
        .changes()
        .described(messages::report::describe),
    get("/manage/{sealed}")
        .to(|route| route.to(messages::manage::show))
        .described(messages::manage::describe_show),
    post("/manage/{sealed}")
        .to(|route| route.to(messages::manage::delete))
        .reads(Body::Token)
        .changes()
        .described(messages::manage::describe_delete),
    get("/pictures/{sealed}").to(|route| route.to(pictures::handle)),
    get("/desk")
        .to(|route| route.to(desk::show))
        .for_roles(DESK)
        .or_passes(),
    post("/desk")
        .to(|route| route.to(desk::scan))
        .for_roles(DESK)
        .or_passes()
        .reads(Body::CheckIn)
        .changes(),
    // As below /api, for phones whose browsers send what they hold to the desk alone.
    post("/desk/check-ins")
        .to(|route| route.to(check_ins::create::handle))
        .takes(Scope::Check)
        .or_passes()
        .waits_for(Some(Kind::Held))
        .reads(Body::CheckIn),
    delete("/desk/check-ins/{id}")
        .to(|route| route.to(check_ins::undo::handle))
        .takes(Scope::Check)
        .or_passes(),
    get("/desk/roll-call")
        .to(|route| route.to(desk::roll_call::show))
        .for_roles(DESK)
        .or_passes(),
    post("/desk/roll-call")
        .to(|route| route.to(desk::roll_call::act))
        .for_roles(DESK)
        .or_passes()
        .reads(Body::Console)
        .changes(),
    get("/desk/forms/{id}/{profile}")
        .to(|route| route.to(desk::no_code::show))
        .for_roles(DESK)
        .or_passes(),
    post("/desk/forms/{id}/{profile}")
        .to(|route| route.to(desk::no_code::send))
        .for_roles(DESK)
        .or_passes()
        .waits_for(Some(Kind::Issue))
        .reads(Body::ProfileForm)
        .changes(),
    get("/desk/badge/{size}").to(|route| route.to(desk::badge::style)),
    get("/desk/pass")
        .to(|route| route.to(desk::pass::over))
        .or_passes(),
    get("/desk/pass/{code}")
        .to(|route| route.to(desk::pass::show))
        .or_passes(),
    post("/desk/pass/{code}")
        .to(|route| route.to(desk::pass::sign_in))
        .reads(Body::Console)
        .changes(),
    get("/sign-in")
        .to(|route| route.to(door::sign_in::show))
        .greets(),
    post("/sign-in")
        .to(|route| route.to(door::sign_in::sign_in))
        .reads(Body::Console)
        .changes(),
    get("/sign-in/code").to(|route| route.to(door::code::show)),
    post("/sign-in/code")
        .to(|route| route.to(door::code::sign_in))
        .reads(Body::Console)
        .changes(),
    get("/sign-in/recover").to(|route| route.to(door::recover::show)),
    post("/sign-in/recover")
        .to(|route| route.to(door::recover::recover))
        .reads(Body::Console)
        .changes(),
    post("/sign-out")
        .to(|route| route.to(door::sign_out))
        .for_roles(PEOPLE)
        .reads(Body::Console)
        .changes(),
    get("/console")
        .to(|route| route.to(console::overview::show))
        .for_roles(PEOPLE),
    get("/console/codes")
        .to(|route| route.to(console::codes::list))
        .for_roles(READERS),
    post("/console/codes")
        .to(|route| route.to(console::codes::find))
        .for_roles(READERS)
        .reads(Body::Photo),
    get("/console/codes/{id}")
        .to(|route| route.to(console::code::show))
        .for_roles(READERS),
    post("/console/codes/{id}")
        .to(|route| route.to(console::code::change))
        .for_roles(MAKERS)
        .reads(Body::Console)
        .changes(),
    get("/console/batch")
        .to(|route| route.to(console::batch::show))
        .for_roles(MAKERS),
    post("/console/batch")
        .to(|route| route.to(console::batch::make))
        .for_roles(MAKERS)
        .reads(Body::Rows)
        .changes(),
    get("/console/links")
        .to(|route| route.to(console::links::list))
        .for_roles(READERS),
    post("/console/links")
        .to(|route| route.to(console::links::create))
        .for_roles(MAKERS)
        .waits_for(Some(Kind::Issue))
        .reads(Body::Console)
        .changes(),
    get("/console/links/{id}")
        .to(|route| route.to(console::link::show))
        .for_roles(READERS),
    post("/console/links/{id}")
        .to(|route| route.to(console::link::change::change))
        .for_roles(MAKERS)
        .waits_for(Some(Kind::Held))
        .reads(Body::Console)
        .changes(),
    get("/console/lists")
        .to(|route| route.to(console::lists::list))
        .for_roles(MANAGERS),
    post("/console/lists")
        .to(|route| route.to(console::lists::create))
        .for_roles(MANAGERS)
        .reads(Body::List)
        .changes(),
    get("/console/lists/{id}")
        .to(|route| route.to(console::list::show))
        .for_roles(MANAGERS),
    post("/console/lists/{id}")
        .to(|route| route.to(console::list::change::change))
        .for_roles(MANAGERS)
        .reads(Body::List)
        .changes(),
    get("/console/lists/{id}/presence")
        .to(|route| route.to(console::presence::show))
        .for_roles(MANAGERS),
    post("/console/lists/{id}/presence")
        .to(|route| route.to(console::presence::ask))
        .for_roles(MANAGERS)
        .reads(Body::Console)
        .changes(),
    get("/console/check-ins/{id}")
        .to(|route| route.to(console::check_in::show))
        .for_roles(MANAGERS),
    post("/console/check-ins/{id}")
        .to(|route| route.to(console::check_in::change))
        .for_roles(MANAGERS)
        .reads(Body::Console)
        .changes(),
    get("/console/keys")
        .to(|route| route.to(console::keys::list))
        .for_roles(ADMINS),
    post("/console/keys")
        .to(|route| route.to(console::keys::change))
        .for_roles(ADMINS)
        .reads(Body::Console)
        .changes(),
    get("/console/accounts")
        .to(|route| route.to(console::accounts::list))
        .for_roles(ADMINS),
    post("/console/accounts")
        .to(|route| route.to(console::accounts::create))
        .for_roles(ADMINS)
        .reads(Body::Console)
        .changes(),
    get("/console/accounts/{id}")
        .to(|route| route.to(console::account::show))
        .for_roles(ADMINS),
    post("/console/accounts/{id}")
        .to(|route| route.to(console::account::change))
        .for_roles(ADMINS)
        .reads(Body::Console)
        .changes(),
    get("/console/audit")
        .to(|route| route.to(console::audit::list))
        .for_roles(ADMINS),
    get("/console/audit.ndjson")
        .to(|route| route.to(console::audit::export))
        .for_roles(ADMINS),
    get("/console/settings")
        .to(|route| route.to(console::settings::show))
        .for_roles(ADMINS),
    get("/console/me")
        .to(|route| route.to(console::me::show))
        .for_roles(PEOPLE),
    post("/console/me")
        .to(|route| route.to(console::me::change))
        .for_roles(PEOPLE)
        .reads(Body::Console)
        .changes(),
    get("/console/second-factor")
        .to(|route| route.to(console::second_factor::show))
        .for_roles(PEOPLE),
    post("/console/second-factor")
        .to(|route| route.to(console::second_factor::change))
        .for_roles(PEOPLE)
        .reads(Body::Console)
        .changes(),
    get("/api-docs/openapi.json").to(|route| route.to(service::docs::description)),
    get("/swagger-ui").to(|route| route.to(service::docs::add_slash)),
    get("/swagger-ui/").to(|route| route.to(service::docs::swagger_ui)),
    get("/swagger-ui/{file}").to(|route| route.to(service::docs::swagger_ui)),
    get("/problems").to(|route| route.to(service::problems::list)),
    get("/problems/").to(|route| route.to(service::problems::list)),
    get("/problems/{code}").to(|route| route.to(service::problems::show)),
    get("/assets/{file}").to(|route| route.to(service::assets::asset)),
    get("/metrics")
        .to(|route| route.to(service::metrics::handle))
        .takes(Scope::Read),
    get("/favicon.svg").to(|route| route.to(service::assets::favicon)),
    get("/favicon.ico").to(|route| route.to(service::assets::favicon)),
    get("/robots.txt").to(|route| route.to(service::assets::robots)),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::route::Verb;

    #[test]
    fn a_get_changes_nothing_and_every_route_for_programs_is_described() {
        for row in ROUTES {
            assert!(!(row.method == Verb::Get && row.changes), "{row:?}");
            let for_programs = row.path.starts_with("/api/") || row.path == TOKEN;
            assert!(!for_programs || row.describe.is_some(), "{row:?}");
            assert!(row.handler.is_some() || row.path == TOKEN, "{row:?}");
        }
    }
}
