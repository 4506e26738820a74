//! Runs of training on the session's device.

use std::rc::Rc;

use js_sys::{Function, JSON, Reflect};
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};
use web_sys::Blob;

use super::blob::BlobSource;
use super::dataset::Dataset;
use super::{Session, counting, goes_on, thrown, to_js};
use crate::engine::Device;
use crate::error::{self, Error};
use crate::layers::Activation;
use crate::models::{LayerInfo, ModelInfo, TRAINABLE};
use crate::softmax::softmax;
use crate::train::{self, Checkpoint, EpochResult, News, Settings, StepResult, Trainer, Trial};

/// The networks that can be trained, as they are for ten classes of pictures in
/// colour, of the size that each was made for.
#[wasm_bindgen(js_name = trainableNetworks)]
pub fn trainable_networks() -> Result<JsValue, JsValue> {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Listed {
        name: &'static str,
        source: &'static str,
        size: usize,
        parameters: usize,
        layers: Vec<LayerInfo>,
    }
    let listed = TRAINABLE.iter().map(|model| {
        let settings = Settings::figure_1(model.name, Activation::Relu);
        let network = settings.network([model.size, model.size, 3], 10)?;
        let info = ModelInfo::new(&network, None);
        Ok(Listed {
            name: model.name,
            source: model.source,
            size: model.size,
            parameters: info.parameters,
            layers: info.layers,
        })
    });
    let listed: error::Result<Vec<Listed>> = listed.collect();
    Ok(to_js(&listed.map_err(thrown)?))
}

/// The settings of Figure 1 for a network and an activation.
///
/// # Errors
/// `unknown`.
#[wasm_bindgen(js_name = trainingSettings)]
pub fn training_settings(network: &str, activation: &str) -> Result<JsValue, JsValue> {
    let settings = Settings::of_names(network, activation);
    Ok(to_js(&settings.map_err(thrown)?))
}

/// Settings and state of a checkpoint, and the dataset that it was trained with:
/// `{ settings, state, name, training }`.
///
/// # Errors
/// What the file gives.
#[wasm_bindgen(js_name = readCheckpoint)]
pub fn read_checkpoint(file: Blob) -> Result<JsValue, JsValue> {
    #[derive(Serialize)]
    struct Described<'a> {
        settings: &'a Settings,
        state: &'a train::State,
        name: &'a str,
        training: usize,
    }
    let checkpoint = checkpoint(file)?;
    Ok(to_js(&Described {
        settings: &checkpoint.settings,
        state: &checkpoint.state,
        name: &checkpoint.pictures.name,
        training: checkpoint.pictures.training,
    }))
}

fn checkpoint(file: Blob) -> Result<Checkpoint, JsValue> {
    let source = BlobSource::new(file).map_err(thrown)?;
    Checkpoint::open(source).map_err(thrown)
}

/// What a run would take: `{ bytes, parameters, stepsPerEpoch }`.
///
/// # Errors
/// `input` for pictures too small.
#[wasm_bindgen(js_name = estimateTraining)]
pub fn estimate(
    session: &Session,
    settings: JsValue,
    dataset: &Dataset,
) -> Result<JsValue, JsValue> {
    let settings: Settings = from_js(&settings)?;
    let estimate = train::estimate(&session.device, &settings, &dataset.0);
    Ok(to_js(&estimate.map_err(thrown)?))
}

/// A network in training.
#[wasm_bindgen]
pub struct Training {
    device: Rc<Device>,
    trainer: Trainer,
}

/// Where a run stands.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Standing<'a> {
    step: u32,
    epochs: &'a [EpochResult],
    steps_per_epoch: usize,
    stuck: bool,
    images_per_second: Option<f64>,
}

#[wasm_bindgen]
impl Training {
    /// Compiles a network for these settings, or for those of a checkpoint,
    /// from which the run goes on. `progress(done, total)` counts kernels and
    /// returns false to stop.
    ///
    /// # Errors
    /// `unknown`, `input`, `malformed`, `other-dataset`, and what the device gives.
    pub async fn open(
        session: &Session,
        settings: JsValue,
        dataset: &Dataset,
        file: Option<Blob>,
        progress: Function,
    ) -> Result<Training, JsValue> {
        let device = session.device.clone();
        let checkpoint = file.map(checkpoint).transpose()?;
        let settings = match &checkpoint {
            Some(checkpoint) => checkpoint.settings.clone(),
            None => from_js(&settings)?,
        };
        let report = counting(&progress);
        let trainer = Trainer::new(&device, settings, dataset.0.clone(), report).await;
        let mut trainer = trainer.map_err(thrown)?;
        if let Some(checkpoint) = checkpoint {
            trainer.restore(&device, &checkpoint).map_err(thrown)?;
        }
        Ok(Self { device, trainer })
    }

    /// The settings in force.
    pub fn settings(&self) -> JsValue {
        to_js(self.trainer.settings())
    }

    /// Where the run stands.
    pub fn state(&self) -> JsValue {
        to_js(&self.standing())
    }

    /// Works for about this long, at most to the end of an epoch:
    /// `{ steps, epochs, state }`.
    ///
    /// # Errors
    /// `diverged`, or what the device gives.
    pub async fn advance(&mut self, milliseconds: f64) -> Result<JsValue, JsValue> {
        let time = train::duration(milliseconds);
        let news = self.trainer.advance(&self.device, time).await;
        Ok(self.told(news.map_err(thrown)?))
    }

    /// Does one step to its end, as [`Training::advance`].
    ///
    /// # Errors
    /// As [`Training::advance`].
    pub async fn step(&mut self) -> Result<JsValue, JsValue> {
        let news = self.trainer.step(&self.device).await;
        Ok(self.told(news.map_err(thrown)?))
    }

    /// Ends the step that is under way.
    ///
    /// # Errors
    /// As [`Training::advance`].
    pub async fn settle(&mut self) -> Result<(), JsValue> {
        self.trainer.settle(&self.device).await.map_err(thrown)
    }

    /// What came of work since it was last told, as [`Training::advance`].
    pub fn news(&mut self) -> JsValue {
        let news = self.trainer.news();
        self.told(news)
    }

    /// Takes other settings while it runs.
    ///
    /// # Errors
    /// `needs-restart` naming a setting that cannot change in a run.
    pub fn change(&mut self, settings: JsValue) -> Result<(), JsValue> {
        let settings = from_js(&settings)?;
        let changed = self.trainer.change(settings);
        changed.map_err(thrown)
    }

    /// What layers and filters look like.
    ///
    /// # Errors
    /// What the device gives.
    pub async fn insight(&mut self) -> Result<JsValue, JsValue> {
        let insight = self.trainer.insight(&self.device).await.map_err(thrown)?;
        let object = to_js(&insight);
        if let Some(filters) = &insight.filters {
            let rgba = js_sys::Uint8Array::from(&filters.rgba[..]);
            Reflect::set(
                &Reflect::get(&object, &"filters".into())?,
                &"rgba".into(),
                &rgba,
            )?;
        }
        Ok(object)
    }

    /// Answers for pictures of the validation: `[{ index, label, probabilities }]`.
    ///
    /// # Errors
    /// `unknown` when there is none of an index, or what the device gives.
    pub async fn predictions(&mut self, indices: Vec<u32>) -> Result<JsValue, JsValue> {
        #[derive(Serialize)]
        struct Answer {
            index: u32,
            label: u32,
            probabilities: Vec<f64>,
        }
        let dataset = self.trainer.dataset().clone();
        let samples = &dataset.validation;
        for index in &indices {
            samples.find(*index as usize).map_err(thrown)?;
        }
        let logits = self.trainer.logits(&self.device, samples, &indices).await;
        let logits = logits.map_err(thrown)?;
        let answers: Vec<Answer> = (indices.iter())
            .zip(logits.chunks_exact(dataset.classes.len()))
            .map(|(index, logits)| Answer {
                index: *index,
                label: samples.labels[*index as usize],
                probabilities: softmax(logits),
            })
            .collect();
        Ok(to_js(&answers))
    }

    /// Of the last validation: rows of true classes, columns of answers; null before.
    pub fn confusion(&self) -> JsValue {
        to_js(&self.trainer.confusion())
    }

    /// The run as a file; without what only the run needs (`whole` being false),
    /// a trained network for `Session.load`.
    ///
    /// # Errors
    /// As [`Training::advance`].
    pub async fn save(&mut self, whole: bool) -> Result<Vec<u8>, JsValue> {
        let saved = match whole {
            true => self.trainer.save(&self.device).await,
            false => self.trainer.model(&self.device).await,
        };
        saved.map_err(thrown)
    }

    /// Tries learning rates from the same weights: `{ rate, trials }`. The run
    /// itself is begun anew by each. `progress(rate, losses)` returns false to stop.
    ///
    /// # Errors
    /// `stopped`, or what the device gives.
    #[wasm_bindgen(js_name = findRate)]
    pub async fn find_rate(
        &mut self,
        rates: Vec<f32>,
        steps: usize,
        progress: Function,
    ) -> Result<JsValue, JsValue> {
        let told = |trial: &Trial| {
            let losses = js_sys::Float64Array::from(&trial.losses[..]);
            goes_on(progress.call2(&JsValue::NULL, &trial.rate.into(), &losses))
        };
        let found = train::find_rate(&mut self.trainer, &self.device, &rates, steps, told).await;
        Ok(to_js(&found.map_err(thrown)?))
    }

    fn standing(&self) -> Standing<'_> {
        let state = self.trainer.state();
        Standing {
            step: state.step,
            epochs: &state.epochs,
            steps_per_epoch: self.trainer.steps_per_epoch(),
            stuck: self.trainer.is_stuck(),
            images_per_second: self.trainer.images_per_second(),
        }
    }

    fn told(&self, news: News) -> JsValue {
        #[derive(Serialize)]
        struct Told<'a> {
            steps: Vec<StepResult>,
            epochs: Vec<EpochResult>,
            state: Standing<'a>,
        }
        to_js(&Told {
            steps: news.steps,
            epochs: news.epoch.into_iter().collect(),
            state: self.standing(),
        })
    }
}

/// Through JSON, as checkpoints are read: a second reader of settings would take
/// its room in the module.
fn from_js<T: DeserializeOwned>(value: &JsValue) -> Result<T, JsValue> {
    let text = JSON::stringify(value)?.as_string().unwrap_or_default();
    let value = serde_json::from_slice(text.as_bytes());
    value.map_err(|error| thrown(Error::malformed("settings", &error)))
}
