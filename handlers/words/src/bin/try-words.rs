//! Says what word lists find in a text: `try-words <text> <file>…`. Behind `npm run review -- try`.

use std::process::ExitCode;
use std::{env, fs};

use parlor_words::{Finding, WordList};

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [text, files @ ..] = arguments.as_slice() else {
        eprintln!("usage: try-words <text> <file>…");
        return ExitCode::FAILURE;
    };
    let mut list = WordList::default();
    for file in files {
        let added = fs::read_to_string(file).map_err(|error| error.to_string());
        if let Err(problem) = added.and_then(|words| list.add(&words)) {
            eprintln!("{file}: {problem}");
            return ExitCode::FAILURE;
        }
    }
    match list.find(text) {
        Finding::Nothing => println!("Allowed: no list has a word of it."),
        Finding::Masked(text) => println!("Replaced: {text}"),
        Finding::Hold(phrase) => println!("Held, because of \"{phrase}\"."),
        Finding::Refuse(phrase) => println!("Refused, because of \"{phrase}\"."),
    }
    ExitCode::SUCCESS
}
