//! Who a person is, the tokens that prove it, and the handle by which others find them.

pub mod accounts;
pub mod erase;
pub mod export;
pub mod handles;
pub mod identity;
mod written;
