//! Drafts: who gets what a bot has written so far, and until when.

use std::time::Duration;

use parlor_chat::review::{OnFailure, Review};
use parlor_protocol::limits::{DRAFT_CONNECTIONS, DRAFT_INTERVAL};
use tokio::time::Instant;

use super::*;
use crate::fake_bedrock::Part;

fn text(text: &str) -> Part {
    Part::Text(text.to_owned())
}

/// Lets the time of a draft pass, and the held answer go on.
async fn pass(study: &Study) {
    study.fake.held().await;
    tokio::time::pause();
    tokio::time::advance(DRAFT_INTERVAL).await;
    tokio::time::resume();
    study.fake.go();
}

fn drafts(frames: &[Value]) -> Vec<String> {
    let drafts = frames.iter().filter(|frame| frame["type"] == "draft");
    drafts.map(|frame| frame["text"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_draft_follows_every_half_second_at_most_and_none_after_the_answer() {
    let study = study().await;
    let question = study.ask(&study.ada, "1", "@Concierge?").await;
    study.env.gateway.take("bob-1");
    let mut parts = vec![text("One"), Part::Hold, text(", two"), Part::Hold];
    parts.extend((0..50).map(|_| text(".")));
    parts.extend([Part::Stop("end_turn"), Part::Usage(90)]);
    study.fake.say(&parts);
    let passing = async {
        study.env.gateway.posted("bob-1", "draft").await;
        pass(&study).await;
        let count = || drafts(&study.env.gateway.posted_so_far("bob-1")).len();
        study.env.gateway.until(|| count() > 1).await;
        study.fake.held().await;
        study.fake.go();
    };
    let started = Instant::now();
    let (done, ()) = tokio::join!(study.job(&question), passing);
    done.unwrap();
    let intervals = started.elapsed().div_duration_f32(DRAFT_INTERVAL) as usize;
    let answer = format!("One, two{}", ".".repeat(50));
    let frames = study.env.gateway.take("bob-1");
    let drafts_of_bob = drafts(&frames);
    assert_eq!(drafts_of_bob[..2], ["One", "One, two"]);
    assert!(drafts_of_bob.len() <= intervals + 1, "{drafts_of_bob:?}");
    assert!(drafts_of_bob.iter().all(|draft| answer.starts_with(draft)), "{drafts_of_bob:?}");
    let epoch = study.env.chat.rooms.open(&study.room, LATER).await.unwrap().epoch;
    let from = json!({ "userId": CONCIERGE, "name": "Concierge", "bot": true });
    assert_eq!(
        frames[0],
        json!({ "type": "draft", "room": study.room, "epoch": epoch, "seq": question.seq, "from": from, "text": "One" })
    );
    assert_eq!(frames.last().unwrap()["text"], answer);
    // In the log, the answer follows the question.
    assert_eq!(study.said().await[0].seq, question.seq + 1);
    study.job(&question).await.unwrap();
    assert_eq!(drafts(&study.env.gateway.take("bob-1")), [] as [String; 0]);
}

#[tokio::test]
async fn drafts_go_to_both_in_a_direct_conversation_and_no_further() {
    let study = study().await;
    let to = json!({ "action": "send", "to": "@concierge", "id": "2", "text": "Tea?" });
    study.env.chat.send(&study.ada, of(to), LATER).await.unwrap();
    let question = study.env.gateway.take_questions().pop().unwrap();
    study.job(&question).await.unwrap();
    assert!(!drafts(&study.env.gateway.take("ada-1")).is_empty());
    assert!(drafts(&study.env.gateway.take("bob-1")).is_empty());
}

#[tokio::test]
async fn a_full_room_gets_the_answer_only() {
    let study = study().await;
    for n in 0..DRAFT_CONNECTIONS {
        study.env.joined(&format!("cleo{n}-1"), &study.room, NOON).await;
    }
    let question = study.ask(&study.ada, "1", "@Concierge?").await;
    study.job(&question).await.unwrap();
    let frames = study.env.gateway.take("bob-1");
    assert_eq!(drafts(&frames), [] as [String; 0]);
    assert_eq!(frames.last().unwrap()["replyTo"], question.seq);
}

#[tokio::test]
async fn a_draft_is_no_longer_than_a_message() {
    let study = study().await;
    study.fake.say(&[text(&"\u{1F600}".repeat(5_000)), Part::Hold, Part::Stop("end_turn")]);
    let question = study.ask(&study.ada, "1", "@Concierge?").await;
    let posted = async {
        study.env.gateway.posted("bob-1", "draft").await;
        study.fake.go();
    };
    let (done, ()) = tokio::join!(study.job(&question), posted);
    done.unwrap();
    assert_eq!(drafts(&study.env.gateway.take("bob-1")), [format!("{}…", "\u{1F600}".repeat(3_999))]);
}

/// Nobody sees of an answer what the review may refuse.
#[tokio::test]
async fn a_reviewed_room_sees_no_drafts_and_no_answer_that_is_refused() {
    let mut study = study().await;
    let mut review = Review::new(Duration::from_secs(60), OnFailure::Hold, true);
    review.words.add("blockhead\n").unwrap();
    study.env.chat.review = Some(review);
    for (id, said, expected) in [("1", "A teapot", vec!["A teapot"]), ("2", "You blockhead", vec![])] {
        study.fake.say(&[text(said), Part::Stop("end_turn"), Part::Usage(90)]);
        let question = study.ask(&study.ada, id, "@Concierge?").await;
        study.env.gateway.take("bob-1");
        let _ = study.job(&question).await;
        let frames = study.env.gateway.take("bob-1");
        let texts: Vec<_> = frames.iter().filter_map(|frame| frame["text"].as_str()).collect();
        assert_eq!(texts, expected, "{frames:?}");
    }
}
