//! Helpers of the page: the near end, which asks, and the far end, which answers.

use std::rc::Rc;

use js_sys::{Array, Function, Promise, Uint8Array};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::{JsValue, UnwrapThrowExt, wasm_bindgen};
use wasm_bindgen_futures::JsFuture;

use super::thrown;
use crate::engine::{self, Answer, Helper, Request};
use crate::error::Error;

/// A worker that answers requests: `ask(text, bytes)`, a promise of bytes.
#[derive(Debug)]
struct Worker(Function);

impl Helper for Worker {
    fn ask(&self, request: &Request, bytes: Vec<u8>) -> Answer {
        let text = serde_json::to_string(request).unwrap_throw();
        let bytes = Uint8Array::from(&bytes[..]);
        let answer = self.0.call2(&JsValue::NULL, &text.into(), &bytes);
        Box::pin(async move {
            let answer = match answer {
                Ok(promise) => JsFuture::from(promise.unchecked_into::<Promise>()).await,
                Err(error) => Err(error),
            };
            match answer {
                Ok(bytes) => Ok(bytes.unchecked_into::<Uint8Array>().to_vec()),
                Err(error) => {
                    let reason = format!("a helper of the processor failed: {error:?}");
                    Err(Error::DeviceLost { reason }.into())
                }
            }
        })
    }
}

/// Starts the helpers that the page has.
pub(super) async fn start(help: &Function) -> Result<Vec<Rc<dyn Helper>>, JsValue> {
    let promise = help.call0(&JsValue::NULL)?.unchecked_into::<Promise>();
    let asking = JsFuture::from(promise).await?.unchecked_into::<Array>();
    let functions = asking.iter().map(|ask| ask.unchecked_into::<Function>());
    Ok(functions
        .map(|ask| Rc::new(Worker(ask)) as Rc<dyn Helper>)
        .collect())
}

/// What a helper's own worker holds.
#[wasm_bindgen]
#[derive(Default)]
pub struct Server(engine::Server);

#[wasm_bindgen]
impl Server {
    /// With nothing prepared yet.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// Answers a request with bytes.
    ///
    /// # Errors
    /// `out-of-memory`.
    pub fn answer(&mut self, request: &str, bytes: &[u8]) -> Result<Vec<u8>, JsValue> {
        let request = serde_json::from_str(request).unwrap_throw();
        self.0.answer(&request, bytes).map_err(thrown)
    }
}
