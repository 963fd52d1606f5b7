//! What a function needs, read from its environment. Each function gets the names of only those tables that its route uses.

use std::fs;
use std::path::PathBuf;
use std::sync::OnceLock;
use std::time::Duration;

use parlor_chat::Chat;
use parlor_chat::aws::Aws;
use parlor_chat::bots::ask::Functions;
use parlor_chat::bots::bedrock::{Bedrock, BedrockBot};
use parlor_chat::bots::courier::Scheme;
use parlor_chat::bots::lex::{Lex, LexBot};
use parlor_chat::bots::{Bot, Bots};
use parlor_chat::delivery::Poster;
use parlor_chat::edge::Edge;
use parlor_chat::limiter::Limiter;
use parlor_chat::people::identity::{Guests, Identity, Provider};
use parlor_chat::review::function::Function;
use parlor_chat::review::guardrail::Guardrail;
use parlor_chat::review::{OnFailure, Review};
use parlor_chat::rooms::lobby::Site;
use parlor_chat::store::{Connections, Limits, Log, Members, People, Rooms};

use serde::Deserialize;

use crate::origins::Origins;

pub struct App {
    pub chat: Chat,
    pub site: Site,
    pub origins: Origins,
    pub route: String,
    pub stage: String,
    /// Whether log lines contain metrics.
    pub is_monitored: bool,
    /// Whether the stage admits people who did not sign in.
    pub admits_guests: bool,
    settings: Settings,
    aws: Aws,
    edge: OnceLock<Edge>,
    identity: OnceLock<Identity>,
}

/// The environment variables, under the names that `cdk/route-function.ts` and `cdk/targets.ts` set.
struct Settings(Box<Lookup>);

type Lookup = dyn Fn(&str) -> Option<String>;

impl Settings {
    fn get(&self, name: &str) -> Option<String> {
        (self.0)(name)
    }

    /// Returns a variable, or `<NAME>-is-not-set`. A route that lacks a variable it needs then fails with that name in the
    /// error.
    fn need(&self, name: &str) -> String {
        self.get(name).unwrap_or_else(|| format!("{name}-is-not-set"))
    }

    /// The bots of the stage. Those of the kinds `lex` and `bedrock` have a function of their own.
    fn bots(&self) -> Vec<Bot> {
        let bots: Vec<Bot> = self.get("BOTS").and_then(|bots| serde_json::from_str(&bots).ok()).unwrap_or_default();
        let with_function = |bot: Bot| {
            let own = format!("BOTS_FUNCTION_{}", bot.name.to_uppercase().replace('-', "_"));
            Bot { function: self.get(&own).unwrap_or_else(|| self.need("BOTS_FUNCTION")), ..bot }
        };
        bots.into_iter().map(with_function).collect()
    }
}

/// The setting of the stage, as `cdk/review-setting.ts` writes it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ReviewSetting {
    /// The names of the files.
    words: Vec<String>,
    lambda: Option<String>,
    guardrail: Option<GuardrailSetting>,
    timeout_ms: u64,
    on_failure: OnFailure,
    required: bool,
}

#[derive(Deserialize)]
struct GuardrailSetting {
    id: String,
    version: String,
}

/// Reads the reviewers of the stage. A list that cannot be read lets nothing pass unseen: every review then fails.
fn review(settings: &Settings, aws: &Aws) -> Option<Review> {
    let setting: ReviewSetting = serde_json::from_str(&settings.get("REVIEW")?).ok()?;
    let ReviewSetting { words, lambda, guardrail, timeout_ms, on_failure, required } = setting;
    let mut review = Review::new(Duration::from_millis(timeout_ms), on_failure, required);
    for name in &words {
        let path: PathBuf = [&settings.need("LAMBDA_TASK_ROOT"), "review", &format!("{name}.txt")].iter().collect();
        let added = std::fs::read_to_string(path).map_err(|error| error.to_string());
        review.is_broken |= added.and_then(|file| review.words.add(&file)).is_err();
    }
    review.function = lambda.map(|arn| Function { service: aws.lambda(), arn });
    review.guardrail =
        guardrail.map(|GuardrailSetting { id, version }| Guardrail { service: aws.bedrock(None), id, version });
    Some(review)
}

impl App {
    /// Builds the app. `lookup` returns an environment variable, if it is set.
    pub fn new(lookup: impl Fn(&str) -> Option<String> + 'static) -> Self {
        let settings = Settings(Box::new(lookup));
        let aws = Aws::new(settings.get("AWS_ENDPOINT_URL"));
        let db = aws.dynamodb();
        let chat = Chat {
            rooms: Rooms { db: db.clone(), table: settings.need("ROOMS_TABLE") },
            connections: Connections { db: db.clone(), table: settings.need("CONNECTIONS_TABLE") },
            log: Log { db: db.clone(), table: settings.need("MESSAGES_TABLE") },
            members: Members { db: db.clone(), table: settings.need("MEMBERS_TABLE") },
            people: People { db: db.clone(), table: settings.need("PEOPLE_TABLE") },
            poster: Poster { client: aws.connections(settings.need("CALLBACK_URL")) },
            limiter: Limiter {
                limits: Limits { db, table: settings.need("LIMITS_TABLE") },
                rates: settings.get("RATES").and_then(|rates| serde_json::from_str(&rates).ok()),
                counts_texts: settings.get("COUNTS_TEXTS").as_deref() == Some("true"),
            },
            bots: Bots {
                all: settings.bots(),
                functions: Functions(aws.lambda()),
                teller: settings.need("TELL_FUNCTION"),
            },
            review: review(&settings, &aws),
        };
        Self {
            chat,
            site: Site { url: settings.need("SITE_URL"), commons: settings.get("COMMONS") },
            origins: Origins::new(settings.need("ORIGINS")),
            route: settings.need("ROUTE"),
            stage: settings.need("STAGE"),
            is_monitored: settings.get("METRICS").as_deref() == Some("true"),
            admits_guests: settings.get("GUESTS").as_deref() != Some("false"),
            settings,
            aws,
            edge: OnceLock::new(),
            identity: OnceLock::new(),
        }
    }

    /// Checks whether requests came through CloudFront. Those that bypass it are refused unless `EDGE_ONLY` is `false`.
    pub fn edge(&self) -> &Edge {
        self.edge.get_or_init(|| {
            let is_required = self.settings.get("EDGE_ONLY").as_deref() != Some("false");
            Edge::new(self.aws.secrets(), self.settings.need("EDGE_SECRET_ARN"), is_required)
        })
    }

    /// Returns where the answers of a bot are.
    pub fn answers_file(&self, bot: &str) -> PathBuf {
        self.bundled(&format!("{bot}.json"))
    }

    fn bundled(&self, file: &str) -> PathBuf {
        [&self.settings.need("LAMBDA_TASK_ROOT"), "bots", file].iter().collect()
    }

    /// Returns where webhooks may be.
    pub fn scheme(&self) -> Scheme {
        let is_local = self.settings.get("HOOKS_TO_LOOPBACK").as_deref() == Some("true");
        if is_local { Scheme::OrLoopback } else { Scheme::Https }
    }

    /// Returns the Lex bot that this function answers for, if its setting names one.
    pub fn lex(&self) -> Option<Lex> {
        let bot: LexBot = serde_json::from_str(&self.settings.get("LEX_BOT")?).ok()?;
        Some(Lex { service: self.aws.lex(bot.region.clone()), bot })
    }

    /// Returns the Bedrock bot that this function answers for, if its setting and its prompt are there.
    pub fn bedrock(&self) -> Option<Bedrock> {
        let bot = self.bedrock_bot()?;
        let name = self.route.strip_prefix("answer-")?;
        let prompt = fs::read_to_string(self.bundled(&format!("{name}.md"))).ok()?;
        Some(Bedrock { service: self.aws.bedrock(bot.region.clone()), bot, prompt })
    }

    fn bedrock_bot(&self) -> Option<BedrockBot> {
        serde_json::from_str(&self.settings.get("BEDROCK_BOT")?).ok()
    }

    /// Checks tokens.
    pub fn identity(&self) -> &Identity {
        self.identity.get_or_init(|| {
            let (settings, stage) = (&self.settings, self.stage.clone());
            let provider = |issuer| Provider::new(issuer, settings.need("OIDC_AUDIENCE"), stage == "local");
            Identity {
                provider: settings.get("OIDC_ISSUER").map(provider),
                guests: Guests::new(self.aws.secrets(), settings.need("TOKEN_SECRET_ARN"), stage),
                admits_guests: self.admits_guests,
            }
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test may panic")]
pub mod tests {
    use std::collections::{BTreeMap, BTreeSet};
    use std::sync::{Arc, Mutex};

    use parlor_chat::store::Budgets;

    use super::*;

    type Environment = BTreeMap<String, String>;

    /// The functions' environments in the template, by stage and route. `cdk/test/environments.test.ts` writes the file.
    fn environments() -> BTreeMap<String, BTreeMap<String, Environment>> {
        serde_json::from_str(include_str!("../../../cdk/test/environments.json")).unwrap()
    }

    /// Builds the app of a route as deployed: in the stage `plain`, in `full`, which has a firewall and an identity provider, or
    /// in `members`, which admits no guests.
    pub fn deployed(stage: &str, route: &str) -> App {
        let environment = environments().remove(stage).and_then(|mut routes| routes.remove(route)).unwrap();
        App::new(move |name| environment.get(name).cloned())
    }

    #[test]
    fn the_functions_read_every_variable_that_the_template_sets() {
        let (mut set, read) = (BTreeSet::new(), Arc::new(Mutex::new(BTreeSet::new())));
        for environment in environments().into_values().flat_map(BTreeMap::into_values) {
            set.extend(environment.keys().cloned());
            let names = read.clone();
            let app = App::new(move |name| {
                names.lock().unwrap().insert(name.to_owned());
                environment.get(name).cloned()
            });
            app.edge();
            app.identity();
            app.answers_file("concierge");
            app.lex();
            app.scheme();
            app.bedrock_bot();
        }
        // Lambda sets it.
        assert!(read.lock().unwrap().remove("LAMBDA_TASK_ROOT"));
        // Set only for the local cloud.
        assert!(read.lock().unwrap().remove("AWS_ENDPOINT_URL"));
        assert!(read.lock().unwrap().remove("HOOKS_TO_LOOPBACK"));
        // Only bots of the kinds `lex` and `bedrock` have one.
        assert!(read.lock().unwrap().remove("BOTS_FUNCTION_CONCIERGE"));
        assert_eq!(*read.lock().unwrap(), set);
    }

    #[test]
    fn a_lex_bots_function_finds_its_bot_and_send_finds_each_bots_function() {
        let bot = deployed("full", "answer-hotel").lex().unwrap().bot;
        let place = (bot.bot_id.as_str(), bot.alias_id.as_str(), bot.locale_id.as_str(), bot.region.as_deref());
        assert_eq!(place, ("A1B2C3D4E5", "TSTALIASID", "en_US", Some("eu-central-1")));
        assert!(deployed("full", "answer").lex().is_none());
        let bots = deployed("full", "send").chat.bots;
        let function = |name| bots.named(name).unwrap().function.as_str();
        assert!(function("concierge").starts_with("<answerFunction"), "{}", function("concierge"));
        assert!(function("hotel").starts_with("<answerhotelFunction"), "{}", function("hotel"));
    }

    #[test]
    fn a_bedrock_bots_function_finds_its_setting() {
        let app = deployed("full", "answer-librarian");
        let bot = app.bedrock_bot().unwrap();
        assert_eq!((bot.model_id.as_str(), bot.region.as_deref()), ("eu.amazon.nova-lite-v1:0", Some("eu-central-1")));
        let budgets = Budgets { person: 50_000, room: 200_000, stage: 1_000_000 };
        assert_eq!((bot.max_tokens, bot.context_messages, bot.budgets), (800, 20, budgets));
        assert!(deployed("full", "answer-hotel").bedrock_bot().is_none());
        // Without the bundle, there is no prompt.
        assert!(app.bedrock().is_none() && app.lex().is_none());
    }

    #[test]
    fn functions_parse_the_rates_and_the_identity_provider_that_the_template_sets() {
        for (stage, routes) in environments() {
            for (route, environment) in routes {
                let app = deployed(&stage, &route);
                assert_eq!(app.chat.limiter.rates.is_some(), environment.contains_key("RATES"), "{stage}: {route}");
                let trusts = environment.contains_key("OIDC_ISSUER");
                assert_eq!(app.identity().provider.is_some(), trusts, "{stage}: {route}");
            }
        }
    }
}
