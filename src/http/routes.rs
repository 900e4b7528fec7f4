//! The map: every route of the server, a row each. What is answered, `Allow`, the log, the permits and the OpenAPI paths know
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
use super::route::{BATCHES, Body, Route, TOKEN, answer, delete, get, patch, post, put};
use crate::store::Scope;

/// Every route, those that are asked for most often first.
pub const ROUTES: &[Route] = &[
    get(TOKEN)
        .to(|request| answer(request, tokens::look::by_path))
        .waits_for(None)
        .described(tokens::look::describe_by_link),
    post(TOKEN)
        .to(|request| answer(request, tokens::open::by_path))
        .waits_for(Some(Kind::Held))
        .reads(Body::Open)
        .changes()
        .described(tokens::open::describe_by_link),
    post("/api/qrcode/encrypted-payload")
        .to(|request| answer(request, tokens::seal_payload::handle))
        .takes(Scope::Issue)
        .waits_for(Some(Kind::Issue))
        .reads(Body::Document)
        .described(tokens::seal_payload::describe),
    post("/api/tokens")
        .to(|request| answer(request, tokens::issue::handle))
        .takes(Scope::Issue)
        .waits_for(Some(Kind::Issue))
        .reads(Body::Envelope)
        .described(tokens::issue::describe),
    get("/api/decrypt/qrcode-details")
        .to(|request| answer(request, tokens::look::by_query))
        .waits_for(None)
        .described(tokens::look::describe_by_query),
    post("/api/decrypt/qrcode-details")
        .to(|request| answer(request, tokens::open::by_body))
        .waits_for(Some(Kind::Held))
        .reads(Body::Token)
        .changes()
        .described(tokens::open::describe_by_body),
    post("/api/qrcode")
        .to(|request| answer(request, codes::draw::handle))
        .reads(Body::Code)
        .described(codes::draw::describe),
    get("/generate_qr")
        .to(|request| answer(request, codes::draw_by_query::handle))
        .described(codes::draw_by_query::describe),
    get("/").to(|request| answer(request, home::show)).greets(),
    post("/")
        .to(|request| answer(request, home::seal))
        .takes(Scope::Issue)
        .waits_for(Some(Kind::Issue))
        .reads(Body::PageForm),
    get("/healthz")
        .to(|request| answer(request, service::live::handle))
        .waits_for(None)
        .described(service::live::describe),
    get("/readyz")
        .to(|request| answer(request, service::ready::handle))
        .waits_for(None)
        .described(service::ready::describe),
    get("/api/tokens")
        .to(|request| answer(request, receipts::list::handle))
        .takes(Scope::Read)
        .described(receipts::list::describe),
    get("/api/tokens/{id}")
        .to(|request| answer(request, receipts::show::handle))
        .takes(Scope::Read)
        .described(receipts::show::describe),
    delete("/api/tokens/{id}")
        .to(|request| answer(request, tokens::delete::handle))
        .takes(Scope::Revoke)
        .described(tokens::delete::describe),
    put("/api/tokens/{id}/payload")
        .to(|request| answer(request, tokens::replace_payload::handle))
        .takes(Scope::Issue)
        .waits_for(Some(Kind::Held))
        .reads(Body::Revision)
        .described(tokens::replace_payload::describe),
    delete("/api/tokens/{id}/opens")
        .to(|request| answer(request, receipts::erase_opens::handle))
        .takes(Scope::Revoke)
        .described(receipts::erase_opens::describe),
    post("/api/tokens/{id}/revoke")
        .to(|request| answer(request, tokens::revoke::handle))
        .takes(Scope::Revoke)
        .reads(Body::Token)
        .described(tokens::revoke::describe),
    post("/api/tokens/{id}/pin-reset")
        .to(|request| answer(request, tokens::reset_pin::handle))
        .takes(Scope::Revoke)
        .described(tokens::reset_pin::describe),
    post(BATCHES)
        .to(|request| answer(request, batches::create::handle))
        .takes(Scope::Issue)
        .waits_for(Some(Kind::Issue))
        .described(batches::describe::describe),
    post("/api/links")
        .to(|request| answer(request, links::create::handle))
        .takes(Scope::Issue)
        .waits_for(Some(Kind::Issue))
        .reads(Body::Link)
        .described(links::create::describe),
    get("/api/links")
        .to(|request| answer(request, links::list::handle))
        .takes(Scope::Issue)
        .only_looks()
        .described(links::list::describe),
    get("/api/links/scans")
        .to(|request| answer(request, links::scans::of_note))
        .takes(Scope::Issue)
        .only_looks()
        .described(links::scans::describe_of_note),
    get("/api/links/{id}")
        .to(|request| answer(request, links::show::handle))
        .takes(Scope::Issue)
        .only_looks()
        .described(links::show::describe),
    patch("/api/links/{id}")
        .to(|request| answer(request, links::change::handle))
        .takes(Scope::Issue)
        .waits_for(Some(Kind::Held))
        .reads(Body::Link)
        .described(links::change::describe),
    delete("/api/links/{id}")
        .to(|request| answer(request, links::end::handle))
        .takes(Scope::Issue)
        .described(links::end::describe),
    get("/api/links/{id}/scans")
        .to(|request| answer(request, links::scans::handle))
        .takes(Scope::Issue)
        .only_looks()
        .described(links::scans::describe),
    get("/api/links/{id}/picture")
        .to(|request| answer(request, links::picture::handle))
        .takes(Scope::Issue)
        .only_looks()
        .described(links::picture::describe),
    get("/api/profiles")
        .to(|request| answer(request, profiles::list::handle))
        .takes(Scope::Issue)
        .only_looks()
        .described(profiles::list::describe),
    get("/api/profiles/{name}")
        .to(|request| answer(request, profiles::show::handle))
        .takes(Scope::Issue)
        .only_looks()
        .described(profiles::show::describe),
    post("/api/check-ins")
        .to(|request| answer(request, check_ins::create::handle))
        .takes(Scope::Check)
        .waits_for(Some(Kind::Held))
        .reads(Body::CheckIn)
        .described(check_ins::create::describe),
    get("/api/check-ins/{id}")
        .to(|request| answer(request, check_ins::show::handle))
        .takes(Scope::Check)
        .only_looks()
        .described(check_ins::show::describe),
    delete("/api/check-ins/{id}")
        .to(|request| answer(request, check_ins::undo::handle))
        .takes(Scope::Check)
        .described(check_ins::undo::describe),
    delete("/api/check-ins/{id}/visit")
        .to(|request| answer(request, check_ins::erase_visit::handle))
        .takes(Scope::Visits)
        .described(check_ins::erase_visit::describe),
    post("/api/lists/{id}/presence")
        .to(|request| answer(request, lists::presence::handle))
        .takes(Scope::Visits)
        .reads(Body::Token)
        .described(lists::presence::describe),
    post("/api/lists")
        .to(|request| answer(request, lists::create::handle))
        .takes(Scope::Lists)
        .reads(Body::List)
        .described(lists::create::describe),
    get("/api/lists")
        .to(|request| answer(request, lists::list::handle))
        .takes(Scope::Check)
        .only_looks()
        .described(lists::list::describe),
    get("/api/lists/{id}")
        .to(|request| answer(request, lists::show::handle))
        .takes(Scope::Check)
        .only_looks()
        .described(lists::show::describe),
    patch("/api/lists/{id}")
        .to(|request| answer(request, lists::change::handle))
        .takes(Scope::Lists)
        .reads(Body::List)
        .described(lists::change::describe),
    delete("/api/lists/{id}")
        .to(|request| answer(request, lists::delete::handle))
        .takes(Scope::Lists)
        .described(lists::delete::describe),
    put("/api/lists/{id}/staff")
        .to(|request| answer(request, lists::staff::handle))
        .takes(Scope::Lists)
        .reads(Body::List)
        .described(lists::staff::describe),
    get("/api/lists/{id}/check-ins")
        .to(|request| answer(request, lists::check_ins::handle))
        .takes(Scope::Lists)
        .only_looks()
        .described(lists::check_ins::describe),
    get("/f/{profile}")
        .to(|request| answer(request, profiles::form::show))
        .greets(),
    post("/f/{profile}")
        .to(|request| answer(request, profiles::form::send))
        .takes(Scope::Issue)
        .waits_for(Some(Kind::Issue))
        .reads(Body::ProfileForm),
    post("/api/lists/{id}/passes")
        .to(|request| answer(request, passes::create::handle))
        .takes(Scope::Lists)
        .reads(Body::Token)
        .described(passes::create::describe),
    get("/api/lists/{id}/passes")
        .to(|request| answer(request, passes::list::handle))
        .takes(Scope::Lists)
        .only_looks()
        .described(passes::list::describe),
    get("/api/lists/{id}/passes/{pass}")
        .to(|request| answer(request, passes::show::handle))
        .takes(Scope::Lists)
        .only_looks()
        .described(passes::show::describe),
    delete("/api/lists/{id}/passes/{pass}")
        .to(|request| answer(request, passes::revoke::handle))
        .takes(Scope::Lists)
        .described(passes::revoke::describe),
    get("/api/audit")
        .to(|request| answer(request, audit::list::handle))
        .takes(Scope::Audit)
        .described(audit::list::describe),
    get("/message")
        .to(|request| answer(request, messages::page::show))
        .greets(),
    post("/message")
        .to(|request| answer(request, messages::page::write))
        .takes(Scope::Issue)
        .waits_for(Some(Kind::Issue))
        .reads(Body::MessageForm),
    post("/api/messages")
        .to(|request| answer(request, messages::create::handle))
        .takes(Scope::Issue)
        .waits_for(Some(Kind::Issue))
        .reads(Body::Message)
        .described(messages::create::describe),
    post("/api/messages/reports")
        .to(|request| answer(request, messages::report::handle))
        .reads(Body::Token)
        .changes()
        .described(messages::report::describe),
    get("/manage/{sealed}")
        .to(|request| answer(request, messages::manage::show))
        .described(messages::manage::describe_show),
    post("/manage/{sealed}")
        .to(|request| answer(request, messages::manage::delete))
        .reads(Body::Token)
        .changes()
        .described(messages::manage::describe_delete),
    get("/pictures/{sealed}").to(|request| answer(request, pictures::handle)),
    get("/desk")
        .to(|request| answer(request, desk::show))
        .for_roles(DESK)
        .or_passes(),
    post("/desk")
        .to(|request| answer(request, desk::scan))
        .for_roles(DESK)
        .or_passes()
        .reads(Body::CheckIn)
        .changes(),
    // As below /api, for phones whose browsers send what they hold to the desk alone.
    post("/desk/check-ins")
        .to(|request| answer(request, check_ins::create::handle))
        .takes(Scope::Check)
        .or_passes()
        .waits_for(Some(Kind::Held))
        .reads(Body::CheckIn),
    delete("/desk/check-ins/{id}")
        .to(|request| answer(request, check_ins::undo::handle))
        .takes(Scope::Check)
        .or_passes(),
    get("/desk/roll-call")
        .to(|request| answer(request, desk::roll_call::show))
        .for_roles(DESK)
        .or_passes(),
    post("/desk/roll-call")
        .to(|request| answer(request, desk::roll_call::act))
        .for_roles(DESK)
        .or_passes()
        .reads(Body::Console)
        .changes(),
    get("/desk/forms/{id}/{profile}")
        .to(|request| answer(request, desk::no_code::show))
        .for_roles(DESK)
        .or_passes(),
    post("/desk/forms/{id}/{profile}")
        .to(|request| answer(request, desk::no_code::send))
        .for_roles(DESK)
        .or_passes()
        .waits_for(Some(Kind::Issue))
        .reads(Body::ProfileForm)
        .changes(),
    get("/desk/badge/{size}").to(|request| answer(request, desk::badge::style)),
    get("/desk/pass")
        .to(|request| answer(request, desk::pass::over))
        .or_passes(),
    get("/desk/pass/{code}")
        .to(|request| answer(request, desk::pass::show))
        .or_passes(),
    post("/desk/pass/{code}")
        .to(|request| answer(request, desk::pass::sign_in))
        .reads(Body::Console)
        .changes(),
    get("/sign-in")
        .to(|request| answer(request, door::sign_in::show))
        .greets(),
    post("/sign-in")
        .to(|request| answer(request, door::sign_in::sign_in))
        .reads(Body::Console)
        .changes(),
    get("/sign-in/code").to(|request| answer(request, door::code::show)),
    post("/sign-in/code")
        .to(|request| answer(request, door::code::sign_in))
        .reads(Body::Console)
        .changes(),
    get("/sign-in/recover").to(|request| answer(request, door::recover::show)),
    post("/sign-in/recover")
        .to(|request| answer(request, door::recover::recover))
        .reads(Body::Console)
        .changes(),
    post("/sign-out")
        .to(|request| answer(request, door::sign_out))
        .for_roles(PEOPLE)
        .reads(Body::Console)
        .changes(),
    get("/console")
        .to(|request| answer(request, console::overview::show))
        .for_roles(PEOPLE),
    get("/console/codes")
        .to(|request| answer(request, console::codes::list))
        .for_roles(READERS),
    post("/console/codes")
        .to(|request| answer(request, console::codes::find))
        .for_roles(READERS)
        .reads(Body::Photo),
    get("/console/codes/{id}")
        .to(|request| answer(request, console::code::show))
        .for_roles(READERS),
    post("/console/codes/{id}")
        .to(|request| answer(request, console::code::change))
        .for_roles(MAKERS)
        .reads(Body::Console)
        .changes(),
    get("/console/batch")
        .to(|request| answer(request, console::batch::show))
        .for_roles(MAKERS),
    post("/console/batch")
        .to(|request| answer(request, console::batch::make))
        .for_roles(MAKERS)
        .reads(Body::Rows)
        .changes(),
    get("/console/links")
        .to(|request| answer(request, console::links::list))
        .for_roles(READERS),
    post("/console/links")
        .to(|request| answer(request, console::links::create))
        .for_roles(MAKERS)
        .waits_for(Some(Kind::Issue))
        .reads(Body::Console)
        .changes(),
    get("/console/links/{id}")
        .to(|request| answer(request, console::link::show))
        .for_roles(READERS),
    post("/console/links/{id}")
        .to(|request| answer(request, console::link::change::change))
        .for_roles(MAKERS)
        .waits_for(Some(Kind::Held))
        .reads(Body::Console)
        .changes(),
    get("/console/lists")
        .to(|request| answer(request, console::lists::list))
        .for_roles(MANAGERS),
    post("/console/lists")
        .to(|request| answer(request, console::lists::create))
        .for_roles(MANAGERS)
        .reads(Body::List)
        .changes(),
    get("/console/lists/{id}")
        .to(|request| answer(request, console::list::show))
        .for_roles(MANAGERS),
    post("/console/lists/{id}")
        .to(|request| answer(request, console::list::change::change))
        .for_roles(MANAGERS)
        .reads(Body::List)
        .changes(),
    get("/console/lists/{id}/presence")
        .to(|request| answer(request, console::presence::show))
        .for_roles(MANAGERS),
    post("/console/lists/{id}/presence")
        .to(|request| answer(request, console::presence::ask))
        .for_roles(MANAGERS)
        .reads(Body::Console)
        .changes(),
    get("/console/check-ins/{id}")
        .to(|request| answer(request, console::check_in::show))
        .for_roles(MANAGERS),
    post("/console/check-ins/{id}")
        .to(|request| answer(request, console::check_in::change))
        .for_roles(MANAGERS)
        .reads(Body::Console)
        .changes(),
    get("/console/keys")
        .to(|request| answer(request, console::keys::list))
        .for_roles(ADMINS),
    post("/console/keys")
        .to(|request| answer(request, console::keys::change))
        .for_roles(ADMINS)
        .reads(Body::Console)
        .changes(),
    get("/console/accounts")
        .to(|request| answer(request, console::accounts::list))
        .for_roles(ADMINS),
    post("/console/accounts")
        .to(|request| answer(request, console::accounts::create))
        .for_roles(ADMINS)
        .reads(Body::Console)
        .changes(),
    get("/console/accounts/{id}")
        .to(|request| answer(request, console::account::show))
        .for_roles(ADMINS),
    post("/console/accounts/{id}")
        .to(|request| answer(request, console::account::change))
        .for_roles(ADMINS)
        .reads(Body::Console)
        .changes(),
    get("/console/audit")
        .to(|request| answer(request, console::audit::list))
        .for_roles(ADMINS),
    get("/console/audit.ndjson")
        .to(|request| answer(request, console::audit::export))
        .for_roles(ADMINS),
    get("/console/settings")
        .to(|request| answer(request, console::settings::show))
        .for_roles(ADMINS),
    get("/console/me")
        .to(|request| answer(request, console::me::show))
        .for_roles(PEOPLE),
    post("/console/me")
        .to(|request| answer(request, console::me::change))
        .for_roles(PEOPLE)
        .reads(Body::Console)
        .changes(),
    get("/console/second-factor")
        .to(|request| answer(request, console::second_factor::show))
        .for_roles(PEOPLE),
    post("/console/second-factor")
        .to(|request| answer(request, console::second_factor::change))
        .for_roles(PEOPLE)
        .reads(Body::Console)
        .changes(),
    get("/api-docs/openapi.json").to(|request| answer(request, service::docs::description)),
    get("/swagger-ui").to(|request| answer(request, service::docs::add_slash)),
    get("/swagger-ui/").to(|request| answer(request, service::docs::swagger_ui)),
    get("/swagger-ui/{file}").to(|request| answer(request, service::docs::swagger_ui)),
    get("/problems").to(|request| answer(request, service::problems::list)),
    get("/problems/").to(|request| answer(request, service::problems::list)),
    get("/problems/{code}").to(|request| answer(request, service::problems::show)),
    get("/assets/{file}").to(|request| answer(request, service::assets::asset)),
    get("/metrics")
        .to(|request| answer(request, service::metrics::handle))
        .takes(Scope::Read),
    get("/favicon.svg").to(|request| answer(request, service::assets::favicon)),
    get("/favicon.ico").to(|request| answer(request, service::assets::favicon)),
    get("/robots.txt").to(|request| answer(request, service::assets::robots)),
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
        }
    }
}
