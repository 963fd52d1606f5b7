//! Says what a bot would reply: `try-bot <file> <message> <name>…`. Behind `npm run bots -- try`.

use std::process::ExitCode;
use std::{env, fs};

use parlor_bots::{Answers, Because};

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [file, message, names @ ..] = arguments.as_slice() else {
        eprintln!("usage: try-bot <file> <message> <name>…");
        return ExitCode::FAILURE;
    };
    let json = match fs::read_to_string(file) {
        Ok(json) => json,
        Err(error) => {
            eprintln!("{file}: {error}");
            return ExitCode::FAILURE;
        }
    };
    let answers = match Answers::parse(&json) {
        Ok(answers) => answers,
        Err(problem) => {
            eprintln!("{file}: {problem}");
            return ExitCode::FAILURE;
        }
    };
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let reply = answers.reply(message, &names, 0);
    println!("{}", reply.text);
    match reply.because {
        Because::Pattern(pattern) => println!("({}: the pattern {pattern:?})", reply.language),
        Because::Example(example) => println!("({}: the example {example:?})", reply.language),
        Because::Fallback => println!("({}: the fallback, as nothing matches)", reply.language),
    }
    ExitCode::SUCCESS
}
