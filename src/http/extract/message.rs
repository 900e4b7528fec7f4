//! What a message says, and how it can be read.

use super::envelope::{members, set, set_style};
use crate::config::Config;
use crate::http::options::{Options, Place, Topic, pointer_part};
use crate::http::problem::{Problem, invalid};
use crate::messages::{Message, MessageLife};
use crate::options::Given;

/// The body of `POST /api/messages`, and the form of `/message`.
pub struct MessageEnvelope {
    /// The text.
    pub message: Message,
    /// How long it can be read.
    pub life: MessageLife,
    /// Everything else.
    pub options: Options,
}

/// Options of sealing, of looks and of the answer that a message has.
const OPTIONS: [&str; 3] = ["max_opens", "pin_auto", "picture_expires_in"];

impl MessageEnvelope {
    /// Reads `{message, expires_in, max_opens, pin_auto, picture_expires_in, style}`.
    ///
    /// # Errors
    ///
    /// `invalid_json` if the body is not an object, `validation` for members.
    pub fn parse(body: &[u8], config: &Config) -> Result<Self, Problem> {
        let mut options = Options::new(Topic::Token, config);
        let (mut message, mut life, mut styled) = (None, None, false);
        for (name, value) in members(body)? {
            let pointer = format!("/{}", pointer_part(&name));
            let wrong = |words: String| invalid(&pointer, &words);
            let again = match name.as_str() {
                "message" => {
                    let text = serde_json::from_str::<String>(value.get());
                    let text = text.map_err(|_| wrong("must be a string".to_owned()))?;
                    let text = text.parse::<Message>();
                    let text = text.map_err(|error| wrong(error.to_string()))?;
                    message.replace(text).is_some()
                }
                "expires_in" if value.get() == "null" => false,
                "expires_in" => {
                    let given = serde_json::from_str::<String>(value.get());
                    let time = match &given {
                        Ok(text) => Given::String(text).time::<MessageLife>(),
                        Err(_) => Given::Number(value.get()).time::<MessageLife>(),
                    };
                    life.replace(time.map_err(wrong)?).is_some()
                }
                "style" => {
                    set_style(&mut options, value);
                    std::mem::replace(&mut styled, true)
                }
                name if OPTIONS.contains(&name) => {
                    set(&mut options, name, &pointer, value);
                    false
                }
                _ => return Err(wrong("unknown".to_owned())),
            };
            if again {
                return Err(invalid(&pointer, "given more than once"));
            }
        }
        Self::finished(message, life, options, config)
    }

    /// The same from a form's fields: `message`, `expires_in`, `once`, `pin`. Others are ignored: browsers' extensions add some.
    ///
    /// # Errors
    ///
    /// `validation`
    pub fn of_form(fields: &[(String, String)], config: &Config) -> Result<Self, Problem> {
        let mut options = Options::new(Topic::Token, config);
        let (mut message, mut life) = (None, None);
        for (name, value) in fields {
            let wrong = |words: String| invalid(&format!("/{name}"), &words);
            match name.as_str() {
                "message" => {
                    let text = value.parse::<Message>();
                    message = Some(text.map_err(|error| wrong(error.to_string()))?);
                }
                "expires_in" => {
                    let time = value.parse::<MessageLife>();
                    life = Some(time.map_err(|error| wrong(error.to_string()))?);
                }
                "once" => options.set(Place::Form, "max_opens", "/once", Given::Text("1")),
                "pin" => options.set(Place::Form, "pin_auto", "/pin", Given::Text("true")),
                _ => {}
            }
        }
        Self::finished(message, life, options, config)
    }

    fn finished(
        message: Option<Message>,
        life: Option<MessageLife>,
        mut options: Options,
        config: &Config,
    ) -> Result<Self, Problem> {
        let message = message.ok_or_else(|| invalid("/message", "missing"))?;
        let life = life.unwrap_or_default();
        options.seal.expires_in = Some(life.expires_in());
        Ok(Self {
            message,
            life,
            options: options.finish(config)?,
        })
    }
}
