//! Budgets: what is counted, who is refused, and when it starts anew.

use parlor_chat::store::budget_key;

use super::*;
use crate::fake_bedrock::Part;

const DAY: Millis = 24 * 60 * 60 * SECOND;

/// Returns what is counted in a budget today.
pub async fn spent(env: &TestEnv, scope: &str) -> Option<u64> {
    let limits = &env.chat.limiter.limits;
    let key = aws_sdk_dynamodb::types::AttributeValue::S(budget_key("concierge", scope, LATER));
    let request = limits.db.get_item().table_name(&limits.table).key("limitId", key);
    let item = request.consistent_read(true).send().await.unwrap().item?;
    Some(item["spent"].as_n().unwrap().parse().unwrap())
}

impl Study {
    async fn all_spent(&self) -> [Option<u64>; 3] {
        let of_room = format!("room#{}", self.room);
        [spent(&self.env, "person#ada").await, spent(&self.env, &of_room).await, spent(&self.env, "stage").await]
    }
}

#[tokio::test]
async fn what_bedrock_bills_is_counted_for_the_person_the_room_and_the_stage() {
    let study = study().await;
    study.answer(&study.ada, "1", "@Concierge?").await;
    assert_eq!(study.all_spent().await, [Some(120); 3]);
    study.answer(&study.bob, "2", "@Concierge?").await;
    assert_eq!(study.all_spent().await, [Some(120), Some(240), Some(240)]);
    assert_eq!(study.fake.billed(), 240);
}

#[tokio::test]
async fn the_bot_says_which_budget_is_used_up_and_others_go_on() {
    let mut study = study().await;
    let end = Part::Stop("end_turn");
    study.fake.say(&[Part::Text("Yes".into()), end, Part::Usage(10_000)]);
    study.bedrock.bot.budgets = Budgets { person: 11_000, room: 21_000, stage: 31_000 };
    assert_eq!(study.answer(&study.ada, "1", "@Concierge?").await, "Yes");
    let refused = "You have used up my tokens for you today. They start anew at 00:00 UTC.";
    let question = study.ask(&study.ada, "2", "@Concierge?").await;
    for _ in 0..3 {
        study.job(&question).await.unwrap();
    }
    assert_eq!(study.said().await.iter().filter(|message| message.text == refused).count(), 1);
    assert_eq!(study.answer(&study.bob, "3", "@Concierge?").await, "Yes");
    assert_eq!(study.all_spent().await, [Some(10_000), Some(20_000), Some(20_000)]);
    let cleo = study.env.joined("cleo-1", &study.room, NOON).await;
    let refused = "This room has used up my tokens for today. They start anew at 00:00 UTC.";
    assert_eq!(study.answer(&cleo, "4", "@Concierge?").await, refused);
    assert_eq!(spent(&study.env, "person#cleo").await, Some(0));
    study.bedrock.bot.budgets = Budgets { room: 99_000, stage: 20_500, ..BUDGETS };
    let refused = "All of my tokens for today are used up. They start anew at 00:00 UTC.";
    assert_eq!(study.answer(&cleo, "5", "@Concierge?").await, refused);
    assert_eq!(study.fake.take().len(), 2);
}

#[tokio::test]
async fn a_budget_starts_anew_at_midnight() {
    let mut study = study().await;
    study.bedrock.bot.budgets.person = 1_300;
    study.fake.say(&[Part::Text("Yes".into()), Part::Stop("end_turn"), Part::Usage(1_000)]);
    study.answer(&study.ada, "1", "@Concierge?").await;
    assert!(study.answer(&study.ada, "2", "@Concierge?").await.starts_with("You have used up"));
    let question = study.ask(&study.ada, "3", "@Concierge?").await;
    let asked = study.env.chat.asked(question, LATER).await.unwrap().unwrap();
    let midnight = LATER - LATER % DAY + DAY;
    for (now, said) in [(midnight - 1, "You have used up"), (midnight, "Yes")] {
        let reply = study.env.chat.converse(&study.bedrock, &asked, now).await.unwrap().unwrap();
        assert!(reply.text.starts_with(said), "{}", reply.text);
    }
}

#[tokio::test]
async fn a_request_above_a_budget_is_never_sent() {
    let mut study = study().await;
    study.bedrock.bot.budgets.stage = 700;
    assert!(study.answer(&study.ada, "1", "@Concierge?").await.starts_with("All of my tokens"));
    assert_eq!((study.fake.take().len(), study.all_spent().await), (0, [Some(0), Some(0), None]));
}

#[tokio::test]
async fn a_refusal_costs_nothing_and_what_breaks_off_stays_reserved() {
    let study = study().await;
    study.fake.fail(9, "ThrottlingException");
    let question = study.ask(&study.ada, "1", "@Concierge?").await;
    study.job(&question).await.unwrap_err();
    assert_eq!(study.all_spent().await, [Some(0); 3]);
    study.fake.recover();
    study.fake.say(&[Part::Text("Half".into()), Part::Exception("modelStreamErrorException")]);
    study.job(&question).await.unwrap_err();
    let [person, room, stage] = study.all_spent().await;
    assert!(person > Some(800) && person == room && room == stage, "{person:?}");
    study.fake.recover();
    study.job(&question).await.unwrap();
    assert_eq!(study.all_spent().await, [person, room, stage].map(|spent| Some(spent.unwrap() + 120)));
}
