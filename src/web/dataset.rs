//! Datasets: read from files or collected picture by picture.

use std::sync::Arc;

use js_sys::Reflect;
use serde::Serialize;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use super::{thrown, to_js};
use crate::data::{self, Classes, DatasetFiles, Note, PictureCollector};
use crate::error::Error;
use crate::preprocess::Picture;

/// Labelled pictures, in the worker's memory.
#[wasm_bindgen]
pub struct Dataset(pub(super) Arc<data::Dataset>);

#[wasm_bindgen]
impl Dataset {
    /// The digits that come with the page, from their two unpacked idx files.
    ///
    /// # Errors
    /// `malformed`.
    pub fn digits(images: Vec<u8>, labels: Vec<u8>) -> Result<Dataset, JsValue> {
        finished(data::built_in_digits(images, labels))
    }

    /// `{ name, classes, shape, training, validation, notes }`.
    pub fn describe(&self) -> JsValue {
        #[derive(Serialize)]
        struct Description<'a> {
            name: &'a str,
            classes: &'a [String],
            shape: [usize; 3],
            training: usize,
            validation: usize,
            notes: &'a [Note],
        }
        to_js(&Description {
            name: &self.0.name,
            classes: &self.0.classes,
            shape: self.0.shape,
            training: self.0.training.len(),
            validation: self.0.validation.len(),
            notes: &self.0.notes,
        })
    }

    /// The centre of a picture of `training` or `validation`: `{ rgba, width, height, label }`.
    ///
    /// # Errors
    /// `unknown` when there is none of this index.
    pub fn picture(&self, part: &str, index: usize) -> Result<JsValue, JsValue> {
        let samples = match part {
            "training" => &self.0.training,
            _ => &self.0.validation,
        };
        let [height, width, channels] = self.0.shape;
        let picture = samples.find(index).map_err(thrown)?;
        let pixels = self.0.centre(picture);
        let rgba: Vec<u8> = pixels
            .flat_map(|pixel| [pixel[0], pixel[channels / 2], pixel[channels - 1], 255])
            .collect();
        let object = js_sys::Object::new();
        let rgba = js_sys::Uint8Array::from(&rgba[..]);
        Reflect::set(&object, &"rgba".into(), &rgba)?;
        Reflect::set(&object, &"width".into(), &width.into())?;
        Reflect::set(&object, &"height".into(), &height.into())?;
        Reflect::set(&object, &"label".into(), &samples.labels[index].into())?;
        Ok(object.into())
    }
}

/// CIFAR-10's batches or MNIST's idx files, taken one by one.
#[wasm_bindgen]
pub struct DatasetReader(DatasetFiles);

#[wasm_bindgen]
impl DatasetReader {
    /// A reader of the first `images` pictures to train with, and a fifth as many
    /// to validate with.
    #[wasm_bindgen(constructor)]
    pub fn new(images: Option<usize>) -> Self {
        Self(DatasetFiles::new(images, None))
    }

    /// Takes an uncompressed file; false when it is none of a dataset.
    ///
    /// # Errors
    /// `truncated` or `malformed`.
    pub fn add(&mut self, name: &str, bytes: Vec<u8>) -> Result<bool, JsValue> {
        self.0.add(name, bytes).map_err(thrown)
    }

    /// The dataset.
    ///
    /// # Errors
    /// `missing-file`, `no-pictures`, `malformed`.
    pub fn finish(self) -> Result<Dataset, JsValue> {
        finished(self.0.finish())
    }
}

/// Pictures of any size, made to one size one by one.
#[wasm_bindgen]
pub struct Collector(PictureCollector);

#[wasm_bindgen]
impl Collector {
    /// For pictures of these classes.
    ///
    /// # Errors
    /// `duplicate-class`, `too-few-classes`.
    #[wasm_bindgen(constructor)]
    pub fn new(
        classes: Vec<String>,
        height: usize,
        width: usize,
        channels: usize,
    ) -> Result<Collector, JsValue> {
        let collector = PictureCollector::new(classes, [height, width, channels]);
        collector.map(Self).map_err(thrown)
    }

    /// Takes a picture: rows of red, green, blue, alpha; `validates` where its folder
    /// says so.
    ///
    /// # Errors
    /// `pixels`; `unknown` for a class that does not exist.
    pub fn add(
        &mut self,
        class: usize,
        rgba: Vec<u8>,
        width: u32,
        height: u32,
        validates: Option<bool>,
    ) -> Result<(), JsValue> {
        let picture = Picture::new(width, height, rgba);
        let added = picture.and_then(|picture| self.0.add_to(class, &picture, validates));
        added.map_err(thrown)
    }

    /// Keeps what [`classes_of`] noticed.
    ///
    /// # Errors
    /// When these are no notes.
    pub fn note(&mut self, notes: JsValue) -> Result<(), JsValue> {
        let notes: Vec<Note> = serde_wasm_bindgen::from_value(notes)?;
        self.0.note(notes);
        Ok(())
    }

    /// Notes a picture that the browser cannot decode.
    pub fn skip(&mut self, name: String, reason: String) {
        self.0.skip(name, reason);
    }

    /// The dataset, a share of each class set aside to validate with.
    ///
    /// # Errors
    /// `empty-class`.
    pub fn finish(self, name: &str, share: f64, seed: u32) -> Result<Dataset, JsValue> {
        finished(self.0.finish(name, share, seed))
    }
}

/// Which of the files at these paths are pictures, and of which class:
/// `{ names, labels, validates, notes }`, a label null for what is no picture.
///
/// # Errors
/// `duplicate-class`, `too-few-classes`.
#[wasm_bindgen(js_name = classesOf)]
pub fn classes_of(paths: Vec<String>) -> Result<JsValue, JsValue> {
    let classes = Classes::of(paths.iter().map(String::as_str));
    Ok(to_js(&classes.map_err(thrown)?))
}

fn finished(dataset: Result<data::Dataset, Box<Error>>) -> Result<Dataset, JsValue> {
    dataset
        .map(|dataset| Dataset(Arc::new(dataset)))
        .map_err(thrown)
}
