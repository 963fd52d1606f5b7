//! Identifiers: drawn at random, or derived from what they stand for.

use parlor_protocol::person::Person;
use sha2::{Digest, Sha256};

use crate::error::{ChatError, Result};

/// Letters and digits that are hard to mistake for each other when read aloud: 32 of them, five bits each.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// Sixteen of them are 80 bits: nobody guesses the link of an unlisted room.
const ID_LENGTH: usize = 16;

/// A new identifier of sixteen letters and digits that cannot be guessed.
pub fn random_id() -> Result<String> {
    let mut bytes = [0; ID_LENGTH];
    getrandom::fill(&mut bytes)
        .map_err(|error| ChatError::Service { doing: "draw random bytes", reason: error.to_string() })?;
    Ok(spell(&bytes))
}

/// The identifier, of the same form, that these parts always have. `kind` keeps what is derived for one use from meaning
/// anything in another.
pub fn derived_id(kind: &str, parts: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    for part in [kind.as_bytes()].iter().chain(parts) {
        // With its length before it, no part can pass for the end of the one before.
        hash.update(part.len().to_be_bytes());
        hash.update(part);
    }
    spell(&hash.finalize())
}

/// Somebody who came without a token: nobody has been them before.
pub fn new_guest() -> Result<Person> {
    let user_id = random_id()?;
    Ok(Person { name: guest_name(&user_id), user_id })
}

/// What somebody is called who has not said.
pub fn guest_name(user_id: &str) -> String {
    let digits = user_id.bytes().fold(0u32, |sum, byte| (sum * 31 + u32::from(byte)) % 10_000);
    format!("Guest {digits:04}")
}

fn spell(bytes: &[u8]) -> String {
    let letters = bytes.iter().filter_map(|byte| ALPHABET.get(usize::from(byte % 32)));
    letters.take(ID_LENGTH).map(|&letter| char::from(letter)).collect()
}
