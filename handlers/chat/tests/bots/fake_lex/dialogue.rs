//! A dialogue that books a hotel: city, nights, confirmation.

use serde_json::{Value, json};

#[derive(Default)]
pub enum Dialogue {
    #[default]
    Idle,
    City,
    Nights {
        city: String,
    },
    Confirm {
        city: String,
        nights: String,
    },
}

impl Dialogue {
    /// Takes the dialogue a step further, and returns Lex's messages.
    pub fn next(&mut self, text: &str) -> Value {
        let (next, messages) = match std::mem::take(self) {
            Self::Idle if text.to_lowercase().contains("book") => (Self::City, plain("Where would you like to stay?")),
            Self::Idle => (Self::Idle, plain("I can book a hotel for you.")),
            Self::City => {
                let ask = plain(&format!("How many nights in {text}?"));
                (Self::Nights { city: text.to_owned() }, ask)
            }
            Self::Nights { city } if text.parse::<u8>().is_err() => {
                (Self::Nights { city }, plain("Please give me a number."))
            }
            Self::Nights { city } => {
                let title = format!("{text} nights in {city}: shall I book them?");
                let buttons =
                    json!([{ "text": "Yes, please", "value": "yes" }, { "text": "Rather not", "value": "no" }]);
                let card = json!({ "title": title, "buttons": buttons });
                let messages = json!([{ "contentType": "ImageResponseCard", "imageResponseCard": card }]);
                (Self::Confirm { city, nights: text.to_owned() }, messages)
            }
            Self::Confirm { city, nights } if text == "yes" => {
                (Self::Idle, plain(&format!("Booked: {nights} nights in {city}.")))
            }
            Self::Confirm { .. } => (Self::Idle, plain("Nothing is booked.")),
        };
        *self = next;
        messages
    }
}

fn plain(content: &str) -> Value {
    json!([{ "contentType": "PlainText", "content": content }])
}
