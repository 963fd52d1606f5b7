//! Whom a message mentions.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use crate::limits::MENTIONS;
use crate::text::UserId;

/// The people whom a message mentions, each once: at most 20.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(ts_rs::TS))]
#[serde(try_from = "Vec<UserId>", into = "Vec<UserId>")]
pub struct Mentions(Vec<UserId>);

impl Mentions {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl TryFrom<Vec<UserId>> for Mentions {
    type Error = String;

    fn try_from(people: Vec<UserId>) -> Result<Self, String> {
        if people.len() > MENTIONS {
            return Err(format!("must have at most {MENTIONS} people, not {}", people.len()));
        }
        if people.iter().collect::<HashSet<_>>().len() < people.len() {
            return Err("must name each person once".into());
        }
        Ok(Self(people))
    }
}

impl From<Mentions> for Vec<UserId> {
    fn from(mentions: Mentions) -> Self {
        mentions.0
    }
}

impl From<Mentions> for Vec<String> {
    fn from(mentions: Mentions) -> Self {
        mentions.0.into_iter().map(String::from).collect()
    }
}

#[cfg(feature = "generate")]
impl schemars::JsonSchema for Mentions {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Mentions".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let person = generator.subschema_for::<UserId>();
        schemars::json_schema!({ "type": "array", "items": person, "maxItems": MENTIONS, "uniqueItems": true })
    }

    fn inline_schema() -> bool {
        true
    }
}
