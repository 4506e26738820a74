//! What the page's worker calls: conversions between JavaScript and the rest
//! of the crate, nothing else.

use wasm_bindgen::prelude::wasm_bindgen;

/// The version of this module, for reports of problems.
#[wasm_bindgen]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}
