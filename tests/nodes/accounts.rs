//! People on several nodes: a session is one everywhere.

use crate::site::Site;

/// An answer as far as these tests look at it.
struct Page {
    status: u16,
    location: String,
    cookie: String,
    text: String,
}

#[test]
fn a_session_begins_at_one_node_is_used_at_another_and_ended_at_a_third() {
    const PASSWORD: &str = "correct horse battery staple";
    let site = Site::start(&[]);
    let code = site.command(&["accounts", "create", "ana", "--role", "admin"]);
    let code = code.trim();
    let send = |node: usize, path: &str, cookie: &str, fields: &[(&str, &str)]| {
        let url = site.nodes[node].url(path);
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .build()
            .into();
        let mut answer = match fields.is_empty() {
            true => agent
                .get(&url)
                .header("cookie", cookie)
                .header("accept", "text/html")
                .call(),
            false => agent
                .post(&url)
                .header("cookie", cookie)
                .header("accept", "text/html")
                .header("sec-fetch-site", "same-origin")
                .send_form(fields.iter().copied()),
        }
        .unwrap();
        let header = |name: &str| {
            let value = answer.headers().get(name);
            value
                .map(|value| value.to_str().unwrap().to_owned())
                .unwrap_or_default()
        };
        Page {
            status: answer.status().as_u16(),
            location: header("location"),
            cookie: header("set-cookie").split(';').next().unwrap().to_owned(),
            text: answer.body_mut().read_to_string().unwrap(),
        }
    };
    let fields = [("code", code), ("password", PASSWORD), ("again", PASSWORD)];
    let set = send(1, "/sign-in/recover", "", &fields);
    assert_eq!(set.status, 303, "{}", set.text);
    let again = send(2, "/sign-in/recover", "", &fields);
    assert_eq!(again.status, 422, "a code is good once, at every node");

    let fields = [("name", "ana"), ("password", PASSWORD)];
    let signed_in = send(0, "/sign-in", "", &fields);
    let used = send(1, "/console/me", &signed_in.cookie, &[]);
    assert_eq!(used.status, 200, "{}", used.text);
    // The other session, which node 1 began, ends this one at node 2.
    let me = send(2, "/console/me", &set.cookie, &[]);
    let id = me.text.split("name=\"session\" value=\"").nth(1).unwrap()[..24].to_owned();
    let end = [("do", "end_session"), ("session", &*id)];
    let ended = send(2, "/console/me", &set.cookie, &end);
    assert!(
        ended.text.contains("The session is ended."),
        "{}",
        ended.text
    );
    for node in 0..3 {
        let after = send(node, "/console", &signed_in.cookie, &[]);
        assert_eq!(after.status, 303, "node {node}");
        assert!(after.location.ends_with("/sign-in"), "{}", after.location);
    }
}
