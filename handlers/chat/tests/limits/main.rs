//! Rates and limits: nobody exceeds the stage's rates, owns too many rooms or joins a full room.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a failed test may panic"
)]

#[path = "../support/mod.rs"]
mod support;

mod buckets;
mod counting;
mod full_rooms;
mod owned_rooms;

use parlor_chat::error::Result;
use parlor_chat::store::Rate;
use parlor_chat::{Caller, Chat};
use parlor_protocol::Millis;
use serde_json::json;
use support::frame;

const SLOW: Rate = Rate { per_minute: 60, burst: 3 };

/// Returns the wait of a refusal; `None` if it passed.
fn wait(taken: &Result<()>) -> Option<Millis> {
    taken.as_ref().err().map(|error| error.retry_after().expect("only rateLimited is possible"))
}

/// Runs an action once. Errors other than `rateLimited` do not matter here.
async fn act(chat: &Chat, by: &Caller, action: &str, room: &str, now: Millis) -> Result<()> {
    let about = |more: serde_json::Value| {
        let mut about = json!({ "action": action, "room": room });
        about.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        about.to_string()
    };
    let of_first = json!({ "seq": 1, "id": "x" });
    let counts = match action {
        "join" => chat.join(by, frame(&about(json!({}))), now).await,
        "leave" => chat.leave(by, frame(&about(json!({}))), now).await,
        "send" => chat.send(by, frame(&about(json!({ "id": "x", "text": "again" }))), now).await,
        "edit" => {
            let mut edit = of_first;
            edit["text"] = json!("better");
            chat.edit(by, frame(&about(edit)), now).await
        }
        "delete" => chat.delete(by, frame(&about(of_first)), now).await,
        "react" => {
            let mut react = of_first;
            react["emoji"] = json!("👍");
            react["on"] = json!(true);
            chat.react(by, frame(&about(react)), now).await
        }
        "history" => chat.history(by, frame(&about(json!({}))), now).await,
        "read" => chat.read(by, frame(&about(json!({ "seq": 1 }))), now).await,
        "typing" => chat.typing(by, frame(&about(json!({}))), now).await,
        "register" => chat.register(by, frame(r#"{"action":"register","handle":"ada"}"#), now).await,
        "ping" => chat.ping(by, frame(r#"{"action":"ping"}"#), now).await,
        other => panic!("unknown action {other}"),
    };
    counts.map(drop)
}
