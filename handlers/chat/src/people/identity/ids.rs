//! Identifiers: random, or derived from what they stand for.

use parlor_protocol::person::Person;
use sha2::{Digest, Sha256};

use crate::error::{ChatError, Result};

/// 32 letters and digits that are hard to confuse when read aloud; each carries five bits.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// Sixteen of them carry 80 bits, so that nobody guesses the link of an unlisted room.
const ID_LENGTH: usize = 16;

/// Returns a new identifier of sixteen letters and digits that cannot be guessed.
pub fn random_id() -> Result<String> {
    let mut bytes = [0; ID_LENGTH];
    getrandom::fill(&mut bytes)
        .map_err(|error| ChatError::Service { doing: "draw random bytes", reason: error.to_string() })?;
    Ok(encode(&bytes))
}

/// Returns the identifier of these parts: always the same one, in the same form as a random one. `kind` separates the
/// uses: an identifier derived for one means nothing in another.
pub fn derived_id(kind: &str, parts: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    for part in [kind.as_bytes()].iter().chain(parts) {
        // The length makes the boundaries between parts unambiguous.
        hash.update(part.len().to_be_bytes());
        hash.update(part);
    }
    encode(&hash.finalize())
}

/// Creates a guest for a connection without a token.
pub fn new_guest() -> Result<Person> {
    let user_id = random_id()?;
    Ok(Person { name: guest_name(&user_id), user_id })
}

/// Returns the default name of a person.
pub fn guest_name(user_id: &str) -> String {
    let digits = user_id.bytes().fold(0u32, |sum, byte| (sum * 31 + u32::from(byte)) % 10_000);
    format!("Guest {digits:04}")
}

fn encode(bytes: &[u8]) -> String {
    let letters = bytes.iter().filter_map(|byte| ALPHABET.get(usize::from(byte % 32)));
    letters.take(ID_LENGTH).map(|&letter| char::from(letter)).collect()
}
