//! Answers as the jobs service writes them.

use crate::values::{Id, Moment};
use std::fmt::Write;
use tokio_postgres::Row;

pub fn gig(row: &Row, text: &mut String) {
    let (id, owner): (Id, Id) = (row.get(0), row.get(1));
    let (created, updated): (Moment, Moment) = (row.get(8), row.get(9));
    write!(text, "{{\"id\":\"{id}\",\"owner_user_id\":\"{owner}\",\"title\":").expect("it fits");
    string(row.get(2), text);
    text.push_str(",\"description\":");
    optional(row.get(3), text);
    text.push_str(",\"scope\":");
    optional(row.get(4), text);
    text.push_str(",\"rate_cents\":");
    match row.get::<_, Option<i64>>(5) {
        Some(cents) => write!(text, "{cents}").expect("it fits"),
        None => text.push_str("null"),
    }
    text.push_str(",\"status\":");
    string(row.get(6), text);
    write!(
        text,
        ",\"created_at\":\"{created}\",\"updated_at\":\"{updated}\",\"next_actions\":[{{\"action\":\"apply\",\"method\":\"POST\",\
         \"href\":\"/api/gigs/{id}/apply\",\"by\":[\"worker\"],\"deadline\":null,\"body\":{{\"message\":\
         \"I have written two of them.\"}}}}]}}"
    )
    .expect("it fits");
}

pub fn application(id: Id, gig: Id, worker: Id, message: &str, now: Moment, text: &mut String) {
    write!(text, "{{\"id\":\"{id}\",\"gig_id\":\"{gig}\",\"worker_user_id\":\"{worker}\",\"message\":").expect("it fits");
    string(message, text);
    write!(text, ",\"status\":\"applied\",\"created_at\":\"{now}\",\"updated_at\":\"{now}\",\"next_actions\":[").expect("it fits");
    for (action, status) in [("shortlist", "shortlisted"), ("reject", "rejected")] {
        write!(
            text,
            "{{\"action\":\"{action}\",\"method\":\"PATCH\",\"href\":\"/api/gigs/{gig}/applications/{id}\",\"by\":[\"client\"],\
             \"deadline\":null,\"body\":{{\"status\":\"{status}\"}}}},"
        )
        .expect("it fits");
    }
    write!(
        text,
        "{{\"action\":\"withdraw\",\"method\":\"DELETE\",\"href\":\"/api/applications/{id}\",\"by\":[\"worker\"],\
         \"deadline\":null,\"body\":null}}]}}"
    )
    .expect("it fits");
}

fn optional(value: Option<&str>, text: &mut String) {
    match value {
        Some(value) => string(value, text),
        None => text.push_str("null"),
    }
}

/// A JSON string. What needs no escaping is copied in one go.
fn string(value: &str, text: &mut String) {
    text.push('"');
    let mut rest = value;
    while let Some(place) = rest.bytes().position(|byte| byte < 0x20 || byte == b'"' || byte == b'\\') {
        text.push_str(&rest[..place]);
        match rest.as_bytes()[place] {
            b'"' => text.push_str("\\\""),
            b'\\' => text.push_str("\\\\"),
            b'\n' => text.push_str("\\n"),
            byte => write!(text, "\\u{byte:04x}").expect("it fits"),
        }
        rest = &rest[place + 1..];
    }
    text.push_str(rest);
    text.push('"');
}
