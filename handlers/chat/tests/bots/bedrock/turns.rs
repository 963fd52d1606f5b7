//! Whatever a log holds, the request is one that Converse takes.

use parlor_chat::bots::Bot;
use parlor_chat::bots::bedrock::converse::{CONTEXT_CHARACTERS, Context, Request, Role};
use parlor_chat::store::{Event, MessageRow, VoidRow};
use parlor_protocol::blank::is_blank;
use parlor_protocol::person::Person;
use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::fake_bedrock::model::check_request;

fn bot() -> Bot {
    Bot { name: "concierge".into(), title: "Concierge".into(), function: String::new() }
}

fn row(from: Person, text: String) -> MessageRow {
    MessageRow::new("1".into(), from, text, NOON)
}

/// A message of one of three people or the bot, deleted or not, or a void.
fn event() -> impl Strategy<Value = Event> {
    let author = prop_oneof![Just(bot().person()), "[a-c]".prop_map(|id| person(&id))];
    let text = prop_oneof!["\\PC{1,20}", "[ab\n\u{2028}:]{1,20}", "x{3000,4000}", Just(String::new())];
    (author, text, any::<u8>()).prop_map(|(from, text, n)| match n % 8 {
        0 => Event::Void(VoidRow { at: NOON }),
        1 => Event::Message(MessageRow { deleted_at: Some(NOON), ..row(from, text) }),
        _ => Event::Message(row(from, text)),
    })
}

fn request(earlier: &[Event], messages: usize, question: &str) -> Request {
    let context = Context { bot: &bot(), prompt: "You know the house.", messages, max_tokens: 800 };
    context.request((1..).zip(earlier.to_vec()).collect(), &row(person("ada"), question.into()))
}

/// Only the first line begins with a name.
fn on_lines(name: &str, text: &str) -> String {
    format!("{name}: {}", text.replace(['\n', '\u{2028}', '\u{2029}'], "\n  "))
}

proptest! {
    #[test]
    fn roles_alternate_from_user_to_user_within_bounds(
        earlier in vec(event(), 0..40),
        messages in 0..30_usize,
        question in "\\PC{0,50}[a-z]",
    ) {
        let request = request(&earlier, messages, &question);
        check_request(MODEL, &serde_json::to_vec(&request).unwrap()).unwrap();
        let mut blocks: Vec<_> =
            request.messages.iter().flat_map(|turn| turn.content.iter().map(|block| (turn.role, &block.text))).collect();
        prop_assert_eq!(blocks.pop(), Some((Role::User, &on_lines("ada", &question))));
        prop_assert!(blocks.len() <= messages);
        prop_assert!(blocks.iter().map(|(_, text)| text.chars().count()).sum::<usize>() <= CONTEXT_CHARACTERS);
        // What is there are the last messages, in order, each as its author's.
        let said = earlier.iter().filter_map(|event| match event {
            Event::Message(row) if row.deleted_at.is_none() && !is_blank(&row.text) => Some(row),
            _ => None,
        });
        let said: Vec<_> = said.collect();
        for ((role, text), row) in blocks.iter().rev().zip(said.iter().rev()) {
            let of_bot = row.user_id == CONCIERGE;
            prop_assert_eq!(*role == Role::Assistant, of_bot);
            let expected = if of_bot { row.text.clone() } else { on_lines(&row.name, &row.text) };
            prop_assert_eq!(*text, &expected);
        }
    }
}
