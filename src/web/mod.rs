//! What the page's worker calls: conversions between JavaScript and the rest
//! of the crate, nothing else.

mod blob;
mod dataset;
mod helper;
mod inspect;
mod training;

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Float32Array, Function, Promise, Reflect};
use serde::Serialize;
use wasm_bindgen::prelude::{JsValue, UnwrapThrowExt, wasm_bindgen};
use wasm_bindgen_futures::future_to_promise;
use web_sys::Blob;

use crate::engine::{Device, DeviceOptions, Engine};
use crate::error::Error;
use crate::inference::{self, LayerTime, Stage};
use crate::models;
use crate::predict::{AnswerKind, Class, Milliseconds, Predictor};
use crate::preprocess::Picture;
use crate::weights::LocalFuture;
use blob::BlobSource;

/// Panics are bugs: the console shows where.
#[wasm_bindgen(start)]
fn start() {
    console_error_panic_hook::set_once();
}

/// The registered models: an array of `ModelInfo`.
#[wasm_bindgen(js_name = models)]
pub fn registry() -> JsValue {
    to_js(&models::MODELS.map(|model| model.info()))
}

/// A device and the model loaded on it.
#[wasm_bindgen]
pub struct Session {
    device: Rc<Device>,
    predictor: RefCell<Option<Rc<Predictor>>>,
}

#[wasm_bindgen]
impl Session {
    /// Opens a device: `options.engine` is `gpu`, `cpu`, or missing for the better one;
    /// `options.forceFallback` takes a software adapter. Where the
    /// processor computes, `help` starts helpers: a promise of functions that each hand a
    /// request to another worker's `Server`.
    ///
    /// # Errors
    /// `no-adapter` when the GPU is asked for.
    pub async fn open(options: JsValue, help: Function) -> Result<Session, JsValue> {
        let option = |key: &str| Reflect::get(&options, &key.into()).unwrap_or_default();
        let options = DeviceOptions {
            engine: option("engine")
                .as_string()
                .and_then(|name| Engine::of(&name)),
            force_fallback: option("forceFallback").is_truthy(),
            default_limits: option("defaultLimits").is_truthy(),
        };
        let mut device = Device::open(options).await.map_err(thrown)?;
        if device.summary().engine == Engine::Cpu {
            device.employ(helper::start(&help).await?);
        }
        Ok(Self {
            device: Rc::new(device),
            predictor: RefCell::default(),
        })
    }

    /// What the device is and can do.
    pub fn device(&self) -> JsValue {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Summary<'a> {
            #[serde(flatten)]
            summary: &'a crate::engine::DeviceSummary,
            preset: &'static str,
            /// Why the GPU was passed over, where it was.
            passed_over: Option<&'a Error>,
        }
        to_js(&Summary {
            summary: self.device.summary(),
            preset: inference::target(&self.device).preset.name,
            passed_over: self.device.passed_over(),
        })
    }

    /// Resolves with the reason when the device is lost.
    pub fn lost(&self) -> Promise {
        let device = self.device.clone();
        promise(Box::pin(async move { Ok(thrown(device.lost().await)) }))
    }

    /// Gives the device up.
    pub fn destroy(&self) {
        self.device.destroy();
    }

    /// Loads weights for a registered model, or for the one that they fit.
    /// `progress(stage, done, total)` returns false to stop. `published` is the
    /// file name of the published weights that these are meant to be.
    ///
    /// # Errors
    /// Every error of a file or a device; the model loaded before stays in use.
    pub async fn load(
        &self,
        model: Option<String>,
        weights: Blob,
        progress: Function,
        published: Option<String>,
    ) -> Result<JsValue, JsValue> {
        let model = model.map(|name| models::find(&name)).transpose();
        let model = model.map_err(thrown)?;
        let published = published.map(|file| models::find_weights(&file));
        let published = published.transpose().map_err(thrown)?;
        let source = BlobSource::new(weights).map_err(thrown)?;
        let device = self.device.clone();
        let mut report = reporting(&progress);
        let loaded = Predictor::load(&device, model, published, source, &mut report).await;
        let predictor = Rc::new(loaded.map_err(thrown)?);
        let info = to_js(predictor.info());
        self.predictor.replace(Some(predictor));
        Ok(info)
    }

    /// Names what a picture shows: rows of red, green, blue, alpha.
    ///
    /// # Errors
    /// `pixels`, or what the device gives.
    pub fn classify(&self, rgba: Vec<u8>, width: u32, height: u32) -> Promise {
        #[derive(Serialize)]
        struct Answer<'a> {
            top: &'a [Class],
            kind: AnswerKind,
            milliseconds: Milliseconds,
        }
        let loaded = self.loaded();
        promise(Box::pin(async move {
            let (device, predictor) = loaded?;
            let picture = Picture::new(width, height, rgba).map_err(thrown)?;
            let answer = predictor.classify(&device, &picture).await;
            let answer = answer.map_err(thrown)?;
            let object = to_js(&Answer {
                top: &answer.top,
                kind: answer.kind,
                milliseconds: answer.milliseconds,
            });
            let crop = js_sys::Object::new();
            Reflect::set(&crop, &"width".into(), &answer.crop.width.into())?;
            Reflect::set(&crop, &"height".into(), &answer.crop.height.into())?;
            let rgba = js_sys::Uint8Array::from(&answer.crop.rgba[..]);
            Reflect::set(&crop, &"rgba".into(), &rgba)?;
            Reflect::set(&object, &"crop".into(), &crop)?;
            Ok(object)
        }))
    }

    /// The logits for numbers as they are, `[height, width, channels]`.
    ///
    /// # Errors
    /// `input` when their number is another, or what the device gives.
    pub fn run(&self, input: Vec<f32>) -> Promise {
        let loaded = self.loaded();
        promise(Box::pin(async move {
            let (device, predictor) = loaded?;
            let logits = predictor.run(&device, &input).await.map_err(thrown)?;
            Ok(Float32Array::from(&logits[..]).into())
        }))
    }

    /// Time of each layer on the last picture, and which clock told it.
    ///
    /// # Errors
    /// What the device gives.
    pub fn profile(&self) -> Promise {
        #[derive(Serialize)]
        struct Profile {
            clock: crate::engine::Clock,
            layers: Vec<LayerTime>,
        }
        let loaded = self.loaded();
        promise(Box::pin(async move {
            let (device, predictor) = loaded?;
            let profile = predictor.inference().profile(&device).await;
            let (clock, layers) = profile.map_err(thrown)?;
            Ok(to_js(&Profile { clock, layers }))
        }))
    }

    /// Every layer on this device against the reference, in order: an array of
    /// `LayerCheck`. `progress` as for `load`.
    ///
    /// # Errors
    /// `stopped`, what reading the weights gives, or what the device gives.
    pub fn verify(&self, progress: Function) -> Promise {
        let loaded = self.loaded();
        promise(Box::pin(async move {
            let (device, predictor) = loaded?;
            let mut report = reporting(&progress);
            let checks = predictor.verify(&device, &mut report).await;
            Ok(to_js(&checks.map_err(thrown)?))
        }))
    }

    fn loaded(&self) -> Result<(Rc<Device>, Rc<Predictor>), JsValue> {
        let predictor = self.predictor.borrow().clone();
        let predictor = predictor.ok_or_else(|| thrown(models::unknown("none loaded")))?;
        Ok((self.device.clone(), predictor))
    }
}

/// A promise of what is under way: one function for all, where each `async fn`
/// would bring its own into the module.
fn promise(work: LocalFuture<'static, Result<JsValue, JsValue>>) -> Promise {
    future_to_promise(work)
}

/// Whether a callback that was told of progress wants more: false stops, and one
/// that throws has lost interest as well.
fn goes_on(answer: Result<JsValue, JsValue>) -> bool {
    answer.is_ok_and(|answer| answer != JsValue::FALSE)
}

/// Calls `progress(stage, done, total)`, which returns false to stop.
fn reporting(progress: &Function) -> impl FnMut(Stage, u64, u64) -> bool {
    |stage, done, total| {
        let (stage, done, total) = (stage.name().into(), (done as f64).into(), total as f64);
        goes_on(progress.call3(&JsValue::NULL, &stage, &done, &total.into()))
    }
}

/// Calls `progress(done, total)`, which returns false to stop.
fn counting(progress: &Function) -> impl FnMut(usize, usize) -> bool {
    |done, total| goes_on(progress.call2(&JsValue::NULL, &done.into(), &total.into()))
}

/// A value as the page reads it.
fn to_js(value: &impl Serialize) -> JsValue {
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    value.serialize(&serializer).unwrap_throw()
}

/// `{ code, ...fields }`, as the page translates it.
fn thrown(error: Box<Error>) -> JsValue {
    to_js(&error)
}
