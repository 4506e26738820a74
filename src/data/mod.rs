//! Labelled pictures: bytes in, samples out. Nothing here opens files.

mod arrays;
mod augment;
mod cifar10;
mod cifar_python;
mod classes;
mod digits;
mod files;
mod idx;
mod pictures;

pub use arrays::{Array, read_csv, read_npy};
pub use augment::{Augmentation, Preparation};
pub use cifar_python::read_cifar_python;
pub use cifar10::{CIFAR10_CLASSES, read_cifar10, read_cifar100};
pub use classes::Classes;
pub use digits::built_in_digits;
pub use files::DatasetFiles;
pub use idx::{is_idx, read_idx_images, read_idx_labels};
pub use pictures::PictureCollector;

use serde::{Deserialize, Serialize};
use std::fmt::Display;
use std::iter;

use crate::error::{Error, Result};
use crate::order::order;
use crate::random::{Random, Stream};

/// Pictures of one size and their classes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Samples {
    /// `[count, height, width, channels]`, 0 to 255, with the margin of their dataset.
    pub pixels: Vec<u8>,
    /// Class of each picture.
    pub labels: Vec<u32>,
}

impl Samples {
    /// Number of pictures.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// The bytes of one picture.
    pub fn picture(&self, index: usize) -> &[u8] {
        let bytes = self.pixels.len() / self.len();
        &self.pixels[index * bytes..][..bytes]
    }

    /// As [`Samples::picture`], of any index.
    ///
    /// # Errors
    /// [`Error::Unknown`] when there is none.
    pub fn find(&self, index: usize) -> Result<&[u8]> {
        match index < self.len() {
            true => Ok(self.picture(index)),
            false => {
                let known = format!("0 to {}", self.len());
                Err(Error::unknown(
                    "picture",
                    &index,
                    &mut iter::once(&known[..]),
                ))
            }
        }
    }

    /// Drops all pictures behind the first `count`, and their memory.
    pub fn truncate(&mut self, count: usize) {
        if count < self.len() {
            let bytes = self.pixels.len() / self.len();
            self.pixels.truncate(count * bytes);
            self.pixels.shrink_to_fit();
            self.labels.truncate(count);
        }
    }

    /// Keeps `count` pictures that are spread over all classes as evenly as can be,
    /// drawn by the seed; their order stays.
    pub fn keep_of_all_classes(&mut self, count: usize, seed: u32) {
        if count >= self.len() {
            return;
        }
        let classes = self.labels.iter().max().map_or(0, |most| most + 1);
        // Of each class in an order of its own, the class's first, then its second, ...
        let mut ranks = vec![0; self.len()];
        for class in 0..classes {
            let of_class = |index: &usize| self.labels[*index] == class;
            let own: Vec<usize> = (0..self.len()).filter(of_class).collect();
            let order = Random::new(seed, Stream::Split, classes + class).order(own.len());
            for (rank, index) in order.iter().enumerate() {
                ranks[own[*index as usize]] = rank;
            }
        }
        let by_rank = order(self.len(), &|a, b| ranks[a].cmp(&ranks[b]));
        let mut kept = vec![false; self.len()];
        for index in &by_rank[..count] {
            kept[*index] = true;
        }
        let mut samples = Self::default();
        for index in (0..self.len()).filter(|index| kept[*index]) {
            samples.pixels.extend_from_slice(self.picture(index));
            samples.labels.push(self.labels[index]);
        }
        *self = samples;
    }

    /// Adds the pictures of another file of the same size.
    pub fn append(&mut self, mut other: Self) {
        self.pixels.append(&mut other.pixels);
        self.labels.append(&mut other.labels);
    }

    /// Takes the pictures from `first` on away.
    pub fn split_off(&mut self, first: usize) -> Self {
        let bytes = self.pixels.len() / self.len().max(1);
        Self {
            pixels: self.pixels.split_off(first * bytes),
            labels: self.labels.split_off(first),
        }
    }
}

/// Pictures to train with and pictures to validate with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dataset {
    /// What it is called.
    pub name: String,
    /// Names of the classes, in the order of their labels.
    pub classes: Vec<String>,
    /// `[height, width, channels]` of each picture, as a network takes it.
    pub shape: [usize; 3],
    /// Pixels that the samples have beyond that on each side, for random crops to
    /// take; what does not train sees the centre.
    pub margin: usize,
    /// Pictures to train with.
    pub training: Samples,
    /// Pictures that no weight is fitted to.
    pub validation: Samples,
    /// What was noticed while it was read.
    pub notes: Vec<Note>,
}

/// What a person should know of a dataset, though it can be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "code", rename_all = "kebab-case")]
pub enum Note {
    /// A picture that was left out.
    #[error("{name} was left out: {reason}")]
    BrokenPicture {
        /// Its path.
        name: String,
        /// Why.
        reason: String,
    },
    /// A picture beside the folders of the classes, or of a class that is only validated.
    #[error("{name} was left out: it is in no class's folder")]
    StrayPicture {
        /// Its path.
        name: String,
    },
    /// A folder beside those of training and validation.
    #[error("the {count} pictures of {name} were left out: they neither train nor validate")]
    UnusedFolder {
        /// Its name.
        name: String,
        /// How many pictures it has.
        count: usize,
    },
    /// A class of which no picture could be read.
    #[error("class {class} was left out: none of its pictures can be read")]
    UnreadableClass {
        /// The class.
        class: String,
    },
    /// A class that cannot be validated.
    #[error("class {class} has a single picture, so that nothing shows whether it was learnt")]
    SinglePicture {
        /// The class.
        class: String,
    },
}

impl Dataset {
    /// The pixels of a picture that is seen when nothing is drawn: of its centre,
    /// [`Dataset::shape`], row by row.
    pub fn centre<'a>(&self, picture: &'a [u8]) -> impl Iterator<Item = &'a [u8]> {
        let [height, width, channels] = self.shape;
        let margin = self.margin;
        let rows = picture.chunks_exact((width + 2 * margin) * channels);
        rows.skip(margin).take(height).flat_map(move |row| {
            let pixels = row.chunks_exact(channels);
            pixels.skip(margin).take(width)
        })
    }

    /// Checks that there is something to train with and that labels are classes.
    ///
    /// # Errors
    /// [`Error::NoPictures`], or [`Error::Malformed`] naming a label that is no class.
    pub fn checked(self) -> Result<Self> {
        if self.training.is_empty() {
            return Err(Error::NoPictures.into());
        }
        let classes = self.classes.len() as u32;
        let labels = self.training.labels.iter().chain(&self.validation.labels);
        match labels.copied().find(|label| *label >= classes) {
            Some(label) => Err(malformed(format_args!(
                "a picture has label {label}, but there are {classes} classes"
            ))),
            None => Ok(self),
        }
    }
}

fn malformed(reason: impl Display) -> Box<Error> {
    Error::malformed("dataset", &reason)
}

/// How the channels of a dataset are spread, in 0..1: what a network's input is
/// normalised by.
#[derive(Debug, Clone, PartialEq)]
pub struct Statistics {
    /// Mean of each channel.
    pub mean: Vec<f64>,
    /// Standard deviation of each channel.
    pub deviation: Vec<f64>,
}

impl Statistics {
    /// Of all pixels of these samples.
    pub fn of(samples: &Samples, channels: usize) -> Self {
        let count = (samples.pixels.len() / channels) as f64;
        let mut sum = vec![0.0; channels];
        let mut squares = vec![0.0; channels];
        for pixel in samples.pixels.chunks_exact(channels) {
            for (channel, value) in pixel.iter().enumerate() {
                let value = f64::from(*value) / 255.0;
                sum[channel] += value;
                squares[channel] += value * value;
            }
        }
        let mean: Vec<f64> = sum.iter().map(|sum| sum / count).collect();
        let deviation = (squares.iter().zip(&mean))
            .map(|(squares, mean)| (squares / count - mean * mean).max(0.0).sqrt())
            // A channel of one value is centred and not scaled.
            .map(|deviation| if deviation > 1e-6 { deviation } else { 1.0 })
            .collect();
        Self { mean, deviation }
    }
}
