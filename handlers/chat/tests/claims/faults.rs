//! Every call of a join and of a departure fails once: no seat is lost, and none is given twice.

use parlor_chat::{Caller, Chat};
use parlor_protocol::error::ErrorCode;
use serde_json::json;

use crate::support::faults::{Ended, Fault};
use crate::support::{NOON, SECOND, frame, test_env};
use crate::{LEASE_MS, create, enter, enter_as, join_by, people};

/// What a person does in the room while each of its calls fails.
async fn every_call_fails(what: &str, run: impl AsyncFn(&Chat, &Caller, &str) -> Result<(), ErrorCode>) {
    for fault in [Fault::Outage, Fault::OutageAfter, Fault::Repeat, Fault::Stop] {
        for n in 1.. {
            let what = format!("{what}, {fault:?} at call {n}");
            let env = test_env().await;
            let room = &create(&env, json!({ "maxPeople": 3, "uniqueNames": true })).await;
            enter(&env, "bob-1", room, NOON).await.unwrap();
            let tab = enter_as(&env, "ada-1", "Ada", room, NOON).await.unwrap();
            let ada = if what.starts_with("joining") { env.connect("ada-2", NOON).await } else { tab };
            if what.starts_with("joining alone") {
                env.chat.disconnect("ada-1", NOON).await.unwrap();
            }
            let run = run(&env.faulty, &ada, room);
            let (ended, happened) = env.faults.during(n, fault, run, async || {}).await;
            if let Ended::Finished(Err(error)) = ended {
                assert_eq!(error, ErrorCode::Unavailable, "{what}");
            }
            // Others compete for what is left: at once, when nothing can be under way any more, and after a lease.
            for (at, others) in [(NOON, 1), (NOON + 10 * SECOND, 2), (NOON + 10 * SECOND + LEASE_MS, 3)] {
                for n in 0..others {
                    let joined = enter(&env, &format!("user{n}-{at}"), room, at).await.map(drop);
                    assert!(matches!(joined, Ok(()) | Err(ErrorCode::RoomFull)), "{what}: {joined:?}");
                    assert!(people(&env, room, at).await.len() <= 3, "{what}");
                }
                if at > NOON {
                    assert_eq!(people(&env, room, at).await.len(), 3, "{what}: a seat is lost");
                }
            }
            if !happened {
                break;
            }
        }
    }
}

mod every_call_fails_once {
    use super::*;

    #[tokio::test]
    async fn joining_alone() {
        every_call_fails("joining alone", async |chat, caller, room| join_by(chat, caller, room, None, NOON).await)
            .await;
    }

    #[tokio::test]
    async fn joining_as_another_tab_under_another_name() {
        let join = async |chat: &Chat, caller: &Caller, room: &str| join_by(chat, caller, room, Some("A."), NOON).await;
        every_call_fails("joining as another tab", join).await;
    }

    #[tokio::test]
    async fn leaving() {
        every_call_fails("leaving", async |chat, caller, room| {
            let leave = json!({ "action": "leave", "room": room });
            chat.leave(caller, frame(&leave.to_string()), NOON).await.map(drop).map_err(|error| error.code())
        })
        .await;
    }

    #[tokio::test]
    async fn disconnecting() {
        every_call_fails("disconnecting", async |chat, caller, _| {
            chat.disconnect(&caller.connection_id, NOON).await.map(drop).map_err(|error| error.code())
        })
        .await;
    }
}
