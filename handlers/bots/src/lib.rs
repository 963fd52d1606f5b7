//! What a bot of the kind `answers` says: a file of patterns, examples and replies, in one or more languages.
//!
//! The reply depends on the message and its number alone, so a repeated job says the same. `docs/bots.md` describes the
//! file and the rules; `npm run bots -- try` applies them.

mod words;

use std::collections::HashSet;

use parlor_protocol::text::Text;
use serde::Deserialize;

use crate::words::{Pattern, normalize, words};

/// The answers of one bot.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answers {
    languages: Vec<Language>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Language {
    /// A tag of BCP 47, such as `en`. Only people read it.
    language: String,
    answers: Vec<Answer>,
    /// What the bot says if nothing matches.
    fallback: Text,
    /// The words of all patterns and examples.
    #[serde(skip)]
    known: HashSet<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Answer {
    /// Match the whole message; `*` stands for any words, or none.
    #[serde(default)]
    patterns: Vec<Pattern>,
    /// Match messages that contain all their words, in any order.
    #[serde(default)]
    examples: Vec<Example>,
    /// One of them is said, by the message's number.
    replies: Vec<Text>,
}

#[derive(Debug, Deserialize)]
#[serde(from = "String")]
struct Example {
    text: String,
    words: HashSet<String>,
}

impl From<String> for Example {
    fn from(text: String) -> Self {
        Self { words: words(&text).into_iter().collect(), text }
    }
}

type Match<'a> = (&'a Language, &'a Answer, Because<'a>);

/// A reply, and why it was chosen.
#[derive(Debug, PartialEq)]
pub struct Reply<'a> {
    pub text: &'a str,
    pub language: &'a str,
    pub because: Because<'a>,
}

#[derive(Debug, PartialEq)]
pub enum Because<'a> {
    Pattern(&'a str),
    Example(&'a str),
    /// Nothing matched.
    Fallback,
}

impl Answers {
    /// Parses a file of answers.
    ///
    /// # Errors
    /// What is wrong, and where.
    pub fn parse(json: &str) -> Result<Self, String> {
        let mut answers: Self = serde_json::from_str(json).map_err(|error| error.to_string())?;
        answers.check()?;
        for language in &mut answers.languages {
            language.known = language.words().map(str::to_owned).collect();
        }
        Ok(answers)
    }

    fn check(&self) -> Result<(), String> {
        if self.languages.is_empty() {
            return Err("languages: must have at least one".into());
        }
        for Language { language, answers, .. } in &self.languages {
            for (at, answer) in answers.iter().enumerate() {
                let wrong = |problem| Err(format!("language {language}, answers[{at}]: {problem}"));
                if answer.replies.is_empty() {
                    return wrong("must have replies");
                }
                if answer.patterns.is_empty() && answer.examples.is_empty() {
                    return wrong("must have patterns or examples");
                }
                let is_wordless = answer.patterns.iter().any(Pattern::is_wordless)
                    || answer.examples.iter().any(|example| example.words.is_empty());
                if is_wordless {
                    return wrong("each pattern and each example must contain a word");
                }
            }
        }
        Ok(())
    }

    /// Returns the reply to a message. `names` are the bot's own: a mention of it is no part of what was asked. `seq` is
    /// the message's number.
    ///
    /// The first pattern that matches decides. If none does, the example with the most words that are all in the message
    /// does; of equal ones, the first. If none is, the bot says the fallback of the language that has the most words of
    /// the message, or else of the first.
    pub fn reply(&self, message: &str, names: &[&str], seq: u64) -> Reply<'_> {
        let asked = words(&without_mentions(message, names));
        let has: HashSet<&str> = asked.iter().map(String::as_str).collect();
        let Some((of, answer, because)) = self.by_pattern(&asked).or_else(|| self.by_example(&has)) else {
            return self.fallback(&has);
        };
        let at = usize::try_from(seq).unwrap_or_default() % answer.replies.len().max(1);
        let text = answer.replies.get(at).unwrap_or(&of.fallback).as_str();
        Reply { text, language: &of.language, because }
    }

    fn by_pattern(&self, asked: &[String]) -> Option<Match<'_>> {
        self.answers().find_map(|(of, answer)| {
            let pattern = answer.patterns.iter().find(|pattern| pattern.matches(asked))?;
            Some((of, answer, Because::Pattern(pattern.text())))
        })
    }

    fn by_example(&self, has: &HashSet<&str>) -> Option<Match<'_>> {
        let examples = self.answers().flat_map(|(of, answer)| answer.examples.iter().map(move |one| (of, answer, one)));
        let contained = examples.filter(|(_, _, one)| one.words.iter().all(|word| has.contains(word.as_str())));
        // The first of those with the most words.
        let best = contained.reduce(|best, next| if next.2.words.len() > best.2.words.len() { next } else { best });
        best.map(|(of, answer, one)| (of, answer, Because::Example(&one.text)))
    }

    fn fallback(&self, has: &HashSet<&str>) -> Reply<'_> {
        let known = |of: &Language| has.iter().filter(|word| of.known.contains(**word)).count();
        let best = self.languages.iter().reduce(|best, next| if known(next) > known(best) { next } else { best });
        let (text, language) = best.map_or(("", ""), |of| (of.fallback.as_str(), &of.language));
        Reply { text, language, because: Because::Fallback }
    }

    fn answers(&self) -> impl Iterator<Item = (&Language, &Answer)> {
        self.languages.iter().flat_map(|of| of.answers.iter().map(move |answer| (of, answer)))
    }
}

impl Language {
    fn words(&self) -> impl Iterator<Item = &str> {
        self.answers.iter().flat_map(|answer| {
            let of_examples = answer.examples.iter().flat_map(|example| example.words.iter().map(String::as_str));
            of_examples.chain(answer.patterns.iter().flat_map(Pattern::words))
        })
    }
}

/// Returns the message without mentions of the bot, in the form in which words are compared.
fn without_mentions(message: &str, names: &[&str]) -> String {
    let mut names = names.to_vec();
    // The longest first: one may begin like another.
    names.sort_by_key(|name| std::cmp::Reverse(name.len()));
    names.iter().fold(normalize(message), |text, name| text.replace(&format!("@{}", normalize(name)), " "))
}
