//! Moderation: what moderators do to people and rooms, and what it keeps from whom.
//!
//! - [`admission`]: whether somebody may write in a room that has a guard, or join one that has banned people.
//! - [`act`]: what moderators do.
//! - [`state`]: what they are shown.
//! - [`reports`]: what people tell them about messages.
//! - [`spam`]: which messages slow their author down.
//!
//! A change first takes effect, in one transaction with its entry in the audit list, and is then announced by a notice.
//! So every number after the notice was drawn by somebody whom the change lets write.

pub mod act;
pub mod admission;
pub mod reports;
pub mod spam;
pub mod state;
