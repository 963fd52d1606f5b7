//! Who a person is, and the tokens that prove it.

pub mod identity;
