//! The function and the guardrail: what each answer leads to, and what their failures do.

use std::time::Duration;

use aws_credential_types::Credentials;
use parlor_chat::review::function::Function;
use parlor_chat::review::guardrail::Guardrail;
use parlor_chat::review::{Decision, OnFailure, Review, Reviewed, Submission};
use parlor_chat::signed::Service;
use parlor_protocol::error::ErrorCode;
use parlor_protocol::person::Person;
use serde_json::{Value, json};

use super::fake_aws::{EXCEPTIONS, FUNCTION, FakeAws, GUARDRAIL, VERSION, assessed};
use super::support::signature::{KEY, REGION, SECRET};
use super::support::{NOON, connector};
use super::{held, reviewed, say, texts};

/// Nothing here takes so long, unless it is silent.
const LONG: Duration = Duration::from_secs(60);
/// For those that are silent.
const SHORT: Duration = Duration::from_millis(1);

fn service(url: &str, name: &'static str, secret: &str) -> Service {
    let credentials = Credentials::new(KEY, secret, None, None, "fixed");
    Service::new(url.to_owned(), name, REGION.to_owned(), credentials).over(connector())
}

fn function(url: &str, secret: &str) -> Function {
    Function { service: service(url, "lambda", secret), arn: FUNCTION.to_owned() }
}

fn guardrail(url: &str, secret: &str) -> Guardrail {
    Guardrail { service: service(url, "bedrock", secret), id: GUARDRAIL.to_owned(), version: VERSION.to_owned() }
}

async fn ask(review: &Review, text: &str) -> Reviewed {
    let author = Person { user_id: "bob".into(), name: "Bob".into() };
    review.review(Submission { room_id: "r", author: &author, text, reply_to: Some(3) }, NOON).await
}

fn empty(timeout: Duration, on_failure: OnFailure) -> Review {
    Review::new(timeout, on_failure, false)
}

async fn with_function() -> (FakeAws, Review) {
    let aws = FakeAws::default();
    let function = function(&aws.serve().await, SECRET);
    (aws, Review { function: Some(function), ..empty(LONG, OnFailure::Hold) })
}

async fn with_guardrail() -> (FakeAws, Review) {
    let aws = FakeAws::default();
    let guardrail = guardrail(&aws.serve().await, SECRET);
    (aws, Review { guardrail: Some(guardrail), ..empty(LONG, OnFailure::Hold) })
}

fn outcome(text: Option<&str>, decision: Decision) -> Reviewed {
    Reviewed { text: text.map(str::to_owned), decision }
}

fn failed() -> Reviewed {
    outcome(None, Decision::Hold(Some("The review failed".into())))
}

#[tokio::test]
async fn the_function_gets_the_text_with_its_author_and_each_of_its_outcomes_takes_effect() {
    let (aws, review) = with_function().await;
    let hold = |reason: Option<&str>| Decision::Hold(reason.map(str::to_owned));
    for (answer, expected) in [
        (json!({ "outcome": "allow" }), outcome(None, Decision::Allow)),
        (json!({ "outcome": "replace", "text": "Hi" }), outcome(Some("Hi"), Decision::Allow)),
        (json!({ "outcome": "hold", "reason": "Odd" }), outcome(None, hold(Some("Odd")))),
        (json!({ "outcome": "hold" }), outcome(None, hold(None))),
        (json!({ "outcome": "refuse", "reason": "Rude" }), outcome(None, Decision::Refuse(Some("Rude".into())))),
        (json!({ "outcome": "allow", "later": { "versions": 1 } }), outcome(None, Decision::Allow)),
    ] {
        aws.say(answer.clone());
        assert_eq!(ask(&review, "Hello").await, expected, "{answer}");
    }
    assert_eq!(review.take_failures(), 0);
    let author = json!({ "userId": "bob", "name": "Bob", "kind": "person" });
    let request = json!({ "version": 1, "room": "r", "author": author, "text": "Hello", "replyTo": 3 });
    assert!(aws.take().iter().all(|each| *each == request));
}

#[tokio::test]
async fn whatever_else_the_function_does_is_a_failure_which_is_counted() {
    let (aws, review) = with_function().await;
    for answer in [
        json!({ "outcome": "perhaps" }),
        json!({ "outcome": "replace" }),
        json!({ "outcome": "replace", "text": "" }),
        json!({ "outcome": "replace", "text": " \u{200B}" }),
        json!({ "outcome": "replace", "text": "x".repeat(4001) }),
        json!({ "outcome": "refuse", "reason": "x".repeat(201) }),
        json!("allow"),
        json!(null),
    ] {
        aws.say(answer.clone());
        assert_eq!(ask(&review, "Hello").await, failed(), "{answer}");
        assert_eq!(review.take_failures(), 1, "{answer}");
    }
    aws.say(json!({ "outcome": "allow" }));
    aws.break_function();
    assert_eq!(ask(&review, "Hello").await, failed());
    aws.say(json!({ "outcome": "allow" }));
    aws.fail("ThrottlingException");
    assert_eq!(ask(&review, "Hello").await, failed());
}

#[tokio::test]
async fn a_guardrail_lets_pass_anonymizes_or_blocks() {
    let (aws, review) = with_guardrail().await;
    let (pii, words, topics) = ("sensitiveInformationPolicy", "wordPolicy", "topicPolicy");
    let blocked = |reason: Option<&str>| outcome(None, Decision::Refuse(reason.map(str::to_owned)));
    let none: &[(&str, &str, &str)] = &[];
    for (findings, output, expected) in [
        (none, "", outcome(None, Decision::Allow)),
        (&[(pii, "piiEntities", "NONE")], "", outcome(None, Decision::Allow)),
        (&[(pii, "piiEntities", "ANONYMIZED")], "Mail {EMAIL}", outcome(Some("Mail {EMAIL}"), Decision::Allow)),
        (
            &[(pii, "regexes", "ANONYMIZED"), (topics, "topics", "NONE")],
            "Mail {X}",
            outcome(Some("Mail {X}"), Decision::Allow),
        ),
        (
            &[(pii, "piiEntities", "ANONYMIZED"), (words, "customWords", "BLOCKED")],
            "Sorry.\nNo.",
            blocked(Some("Sorry. No.")),
        ),
        (&[(topics, "topics", "BLOCKED")], "", blocked(None)),
        (&[(topics, "topics", "SOMETHING")], "New", blocked(Some("New"))),
    ] {
        aws.say(assessed(findings, output));
        assert_eq!(ask(&review, "Mail a@b.example").await, expected, "{findings:?}");
    }
    assert_eq!(review.take_failures(), 0);
    assert!(aws.take().iter().all(|text| text == "Mail a@b.example"));
    let mut unknown = assessed(&[], "");
    unknown["action"] = "MAYBE".into();
    for answer in [unknown, assessed(&[("sensitiveInformationPolicy", "regexes", "ANONYMIZED")], " ")] {
        aws.say(answer);
        assert_eq!(ask(&review, "Hello").await, failed());
    }
}

#[tokio::test]
async fn every_exception_a_wrong_signature_and_silence_are_failures_and_the_setting_decides() {
    for on_failure in [OnFailure::Hold, OnFailure::Allow] {
        let expected = match on_failure {
            OnFailure::Hold => failed(),
            OnFailure::Allow => outcome(None, Decision::Allow),
        };
        let aws = FakeAws::default();
        let url = aws.serve().await;
        for (exception, _) in EXCEPTIONS {
            let review = Review { guardrail: Some(guardrail(&url, SECRET)), ..empty(LONG, on_failure) };
            aws.fail(exception);
            assert_eq!((ask(&review, "Hello").await, review.take_failures()), (expected.clone(), 1), "{exception}");
        }
        aws.say(assessed(&[], ""));
        let review = Review { guardrail: Some(guardrail(&url, "another secret")), ..empty(LONG, on_failure) };
        assert_eq!((ask(&review, "Hello").await, review.take_failures()), (expected.clone(), 1));
        aws.silence();
        let review = Review { function: Some(function(&url, SECRET)), ..empty(SHORT, on_failure) };
        assert_eq!((ask(&review, "Hello").await, review.take_failures()), (expected.clone(), 1));
        let nobody = Review { function: Some(function("http://127.0.0.1:9", SECRET)), ..empty(LONG, on_failure) };
        assert_eq!((ask(&nobody, "Hello").await, nobody.take_failures()), (expected, 1));
    }
}

#[tokio::test]
async fn a_replaced_text_goes_on_to_the_next_reviewer_and_the_first_that_refuses_or_holds_ends_it() {
    let (function_aws, guardrail_aws) = (FakeAws::default(), FakeAws::default());
    let mut review = Review {
        function: Some(function(&function_aws.serve().await, SECRET)),
        guardrail: Some(guardrail(&guardrail_aws.serve().await, SECRET)),
        ..empty(LONG, OnFailure::Allow)
    };
    review.words.add("mask: darn\nidiot\n").unwrap();
    function_aws.say(json!({ "outcome": "replace", "text": "Second" }));
    guardrail_aws.say(assessed(&[("sensitiveInformationPolicy", "piiEntities", "ANONYMIZED")], "Third"));
    assert_eq!(ask(&review, "Oh darn").await, outcome(Some("Third"), Decision::Allow));
    let texts = |requests: Vec<Value>| requests.iter().map(|each| each["text"].clone()).collect::<Vec<_>>();
    assert_eq!((texts(function_aws.take()), guardrail_aws.take()), (vec![json!("Oh ****")], vec![json!("Second")]));

    function_aws.say(json!({ "outcome": "hold" }));
    assert_eq!(ask(&review, "Oh darn").await, outcome(Some("Oh ****"), Decision::Hold(None)));
    assert_eq!(ask(&review, "You idiot").await.text, None);
    assert_eq!((function_aws.take().len(), guardrail_aws.take().len()), (1, 0));
    // What a list has masked stays so, whatever fails after it.
    function_aws.break_function();
    assert_eq!(ask(&review, "Oh darn").await, outcome(Some("Oh ****"), Decision::Allow));
}

#[tokio::test]
async fn a_room_without_review_asks_nobody_and_a_reviewed_one_once_for_each_message() {
    let (mut env, ada, bob) = reviewed().await;
    let (aws, review) = with_function().await;
    env.chat.review = Some(review);
    aws.say(json!({ "outcome": "allow" }));
    assert_eq!(say(&env.chat, &bob, "1", "Hello").await, Ok(()));
    assert_eq!(say(&env.chat, &bob, "1", "Hello").await, Ok(()));
    assert_eq!(aws.take().len(), 1);
    aws.fail("ThrottlingException");
    assert_eq!(say(&env.chat, &bob, "2", "Hello").await, Err(ErrorCode::Held));
    assert_eq!(held(&env).await.pop().unwrap().reason.as_deref(), Some("The review failed"));
    assert_eq!(texts(&env).await.len(), 1);
    super::act(&env.chat, "ada", json!({ "action": "review", "on": false }), NOON).await.unwrap();
    assert_eq!(say(&env.chat, &ada, "3", "Hello").await, Ok(()));
    assert_eq!(aws.take().len(), 0);
}
