//! Days at the place of a list, over both changes of summer time: the hour at which all leave, and what is forgotten.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use qrseal::token::Claims;
use serde_json::{Value, json};

use super::{TICKET, entry, list, of, scan};
use crate::app::TestApp;

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;

/// The next change to summer time, or back, that is more than a day away: in seconds since 1970.
fn change(summer: bool) -> i64 {
    let zone = TimeZone::get("Europe/Berlin").unwrap();
    let tomorrow = qrseal::clock::now().as_secs() + 86_400;
    let tomorrow = Timestamp::from_second(tomorrow.try_into().unwrap()).unwrap();
    let change = zone
        .following(tomorrow)
        .find(|change| change.offset().seconds() == if summer { 7_200 } else { 3_600 });
    change.expect("there are more").timestamp().as_second()
}

/// A server whose clock can be set forward.
struct Clocked(TestApp);

impl Clocked {
    fn at(time: i64) -> Self {
        let clocked = Self(TestApp::start());
        clocked.set(time);
        clocked
    }

    /// Sets the clock, and lets the lists do what they do by themselves.
    fn set(&self, time: i64) {
        let time = u64::try_from(time).unwrap();
        let ahead = time.checked_sub(self.0.app.now().as_secs());
        self.0.app.clock.step(ahead.expect("it only goes forward"));
        self.0
            .wait(async |app| qrseal::desk::tidy(&*app.store, app.now()).await.unwrap());
    }

    fn list(&self, members: &Value) -> String {
        let mut all = json!({"time_zone": "Europe/Berlin"});
        for (name, value) in members.as_object().unwrap() {
            all[name] = value.clone();
        }
        list(&self.0, &all)
    }

    fn enter(&self, list: &str) {
        let claims = Claims {
            expires_in: Some((60 * 86_400).try_into().unwrap()),
            ..of(TICKET)
        };
        let token = self.0.sealed("{}", &claims, self.0.app.now());
        let told = scan(&self.0, &entry(list, &token));
        assert_eq!(told.status, 201, "{}", told.text());
    }

    fn inside(&self, list: &str) -> Value {
        self.0.get(&format!("/api/lists/{list}")).json()["inside"].clone()
    }

    fn rows(&self, list: &str) -> usize {
        let rows = self.0.get(&format!("/api/lists/{list}/check-ins")).json();
        rows["check_ins"].as_array().unwrap().len()
    }
}

#[test]
fn all_leave_once_a_day_at_an_hour_that_is_left_out_or_there_twice() {
    for summer in [true, false] {
        let change = change(summer);
        // In spring 2:30 is left out, and half an hour after the change comes; in autumn the first of the two counts.
        let (hour, day) = match summer {
            true => (change + 30 * MINUTE, 23 * HOUR),
            false => (change - 30 * MINUTE, 25 * HOUR),
        };
        let clocked = Clocked::at(change - 14 * HOUR);
        let list = clocked.list(&json!({"exits": "on", "exit_all_at": "02:30"}));
        clocked.enter(&list);
        clocked.set(hour - 5 * MINUTE);
        assert_eq!(clocked.inside(&list), 1);
        clocked.set(hour + 1);
        assert_eq!(clocked.inside(&list), 0);

        clocked.set(hour + 10 * MINUTE);
        clocked.enter(&list);
        // When it is 2:30 again, too.
        for still in [hour + HOUR + 1, hour + day - 5 * MINUTE] {
            clocked.set(still);
            assert_eq!(clocked.inside(&list), 1, "{}", still - change);
        }
        clocked.set(hour + day + 1);
        assert_eq!(clocked.inside(&list), 0);
    }
}

#[test]
fn what_is_kept_for_a_day_is_kept_24_hours_and_until_the_day_there_is_over() {
    for summer in [true, false] {
        let change = change(summer);
        // Ten past midnight of the day that has 23 or 25 hours.
        let entered = match summer {
            true => change - 110 * MINUTE,
            false => change - 170 * MINUTE,
        };
        let clocked = Clocked::at(entered);
        let list = clocked.list(&json!({"retention_days": 1}));
        clocked.enter(&list);
        clocked.set(entered + 24 * HOUR - 5 * MINUTE);
        assert_eq!(clocked.rows(&list), 1);
        clocked.set(entered + 24 * HOUR + 5 * MINUTE);
        // In autumn it is a quarter past eleven then, of the same day.
        assert_eq!(clocked.rows(&list), usize::from(!summer));
        clocked.set(entered + 25 * HOUR + 5 * MINUTE);
        assert_eq!(clocked.rows(&list), 0);
    }
}
