//! Anybody's pictures: a folder for each class.

use super::classes::check;
use super::{Dataset, Note, Samples};
use crate::error::{Error, Result};
use crate::preprocess::{Channels, Picture, Preprocessing, Resize, brightness};
use crate::random::{Random, Stream};

/// Pictures of any size, made to one size one by one: a seventh larger than the
/// network's input, as the paper takes crops of 224 pixels from 256 (section 4.1).
/// Whether crops are drawn may change while a run goes on, and what it is validated
/// with should not, so the margin is there either way.
#[derive(Debug)]
pub struct PictureCollector {
    classes: Vec<String>,
    shape: [usize; 3],
    margin: usize,
    samples: Samples,
    /// Whether each of them validates, where its folder says so.
    validates: Vec<Option<bool>>,
    notes: Vec<Note>,
}

impl PictureCollector {
    /// For pictures of these classes and a network that takes `[height, width,
    /// channels]`, 3 channels or 1 (brightness).
    ///
    /// # Errors
    /// [`Error::DuplicateClass`]; [`Error::TooFewClasses`].
    pub fn new(classes: Vec<String>, shape: [usize; 3]) -> Result<Self> {
        for (index, class) in classes.iter().enumerate() {
            if let Some(same) = classes[..index].iter().find(|known| *known == class) {
                return Err(Error::DuplicateClass {
                    name: class.clone(),
                    folders: [same.clone(), class.clone()],
                }
                .into());
            }
        }
        check(classes.len())?;
        Ok(Self {
            classes,
            shape,
            margin: shape[0].max(shape[1]) / 14, // 16 of 224
            samples: Samples::default(),
            validates: Vec::new(),
            notes: Vec::new(),
        })
    }

    /// Takes a picture: the shorter side resized as Pillow does, the centre cropped.
    ///
    /// # Errors
    /// [`Error::Unknown`] when the class does not exist.
    pub fn add(&mut self, class: usize, picture: &Picture) -> Result<()> {
        self.add_to(class, picture, None)
    }

    /// As [`PictureCollector::add`], of a picture that is known to validate or to train.
    ///
    /// # Errors
    /// As [`PictureCollector::add`].
    pub fn add_to(
        &mut self,
        class: usize,
        picture: &Picture,
        validates: Option<bool>,
    ) -> Result<()> {
        if class >= self.classes.len() {
            let mut known = self.classes.iter().map(String::as_str);
            return Err(Error::unknown("class", &class, &mut known));
        }
        let [height, width, channels] = self.shape;
        let side = |side: usize| (side + 2 * self.margin) as u32;
        let preprocessing = Preprocessing {
            // As small as the crop allows.
            resize: Resize::ShorterSide(1),
            channels: Channels::Rgb,
            scale: 1.0,
            mean: [0.0; 3],
            std: [1.0; 3],
        };
        let small = preprocessing.crop(picture, side(height), side(width));
        for pixel in small.rgba.chunks_exact(4) {
            match channels {
                3 => self.samples.pixels.extend_from_slice(&pixel[..3]),
                _ => self.samples.pixels.push(brightness(pixel)),
            }
        }
        self.samples.labels.push(class as u32);
        self.validates.push(validates);
        Ok(())
    }

    /// Notes a picture that cannot be decoded.
    pub fn skip(&mut self, name: String, reason: String) {
        self.notes.push(Note::BrokenPicture { name, reason });
    }

    /// Notes what was noticed beside the pictures.
    pub fn note(&mut self, notes: impl IntoIterator<Item = Note>) {
        self.notes.extend(notes);
    }

    /// Leaves out the classes of which no picture could be read.
    fn drop_empty_classes(&mut self) -> Result<()> {
        let mut trains = vec![false; self.classes.len()];
        for (label, validates) in self.samples.labels.iter().zip(&self.validates) {
            trains[*label as usize] |= *validates != Some(true);
        }
        let Some(first) = trains.iter().position(|trains| !trains) else {
            return Ok(());
        };
        if trains.iter().filter(|trains| **trains).count() < 2 {
            let name = self.classes[first].clone();
            return Err(Error::EmptyClass { name }.into());
        }
        let before = |label: usize| trains[..label].iter().filter(|trains| **trains).count();
        let places: Vec<Option<u32>> = (trains.iter().enumerate())
            .map(|(label, trains)| trains.then(|| before(label) as u32))
            .collect();
        let (mut samples, mut validates) = (Samples::default(), Vec::new());
        for (index, label) in self.samples.labels.iter().enumerate() {
            if let Some(label) = places[*label as usize] {
                samples
                    .pixels
                    .extend_from_slice(self.samples.picture(index));
                samples.labels.push(label);
                validates.push(self.validates[index]);
            }
        }
        (self.samples, self.validates) = (samples, validates);
        let classes = std::mem::take(&mut self.classes);
        for (class, trains) in classes.into_iter().zip(trains) {
            match trains {
                true => self.classes.push(class),
                false => self.notes.push(Note::UnreadableClass { class }),
            }
        }
        Ok(())
    }

    /// The dataset, `share` of each class set aside to validate with, unless folders
    /// say which pictures do.
    ///
    /// # Errors
    /// [`Error::EmptyClass`] when fewer than two classes are left otherwise.
    pub fn finish(mut self, name: &str, share: f64, seed: u32) -> Result<Dataset> {
        self.drop_empty_classes()?;
        let split_by_folders = self.validates.iter().any(Option::is_some);
        let mut validates: Vec<bool> = (self.validates.iter())
            .map(|validates| *validates == Some(true))
            .collect();
        for (label, class) in self
            .classes
            .iter()
            .enumerate()
            .filter(|_| !split_by_folders)
        {
            let of_class = |index: &usize| self.samples.labels[*index] == label as u32;
            let own: Vec<usize> = (0..self.samples.len()).filter(of_class).collect();
            if own.len() == 1 {
                let class = class.clone();
                self.notes.push(Note::SinglePicture { class });
            }
            // At least one is left to train with.
            let count = ((own.len() as f64 * share).round() as usize).min(own.len() - 1);
            let order = Random::new(seed, Stream::Split, label as u32).order(own.len());
            for index in &order[..count] {
                validates[own[*index as usize]] = true;
            }
        }
        let (mut training, mut validation) = (Samples::default(), Samples::default());
        for (index, validates) in validates.into_iter().enumerate() {
            let part = match validates {
                true => &mut validation,
                false => &mut training,
            };
            part.pixels.extend_from_slice(self.samples.picture(index));
            part.labels.push(self.samples.labels[index]);
        }
        let dataset = Dataset {
            name: name.to_owned(),
            classes: self.classes,
            shape: self.shape,
            margin: self.margin,
            training,
            validation,
            notes: self.notes,
        };
        dataset.checked()
    }
}
