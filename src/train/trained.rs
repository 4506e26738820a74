//! A trained network as a file of weights that says of itself what it is, so
//! that it can be asked like a published one.

use std::collections::BTreeMap;
use std::fmt::Display;

use serde::{Deserialize, Serialize};

use super::Settings;
use crate::data::{Dataset, Statistics};
use crate::error::{Error, Result};
use crate::network::Network;
use crate::preprocess::{Channels, Preprocessing, Resize};

/// The notes in the header of such a file.
pub(super) const SETTINGS: &str = "alexnet-live.settings";
pub(super) const PICTURES: &str = "alexnet-live.pictures";

/// What the network was trained with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Pictures {
    /// Name of the dataset.
    pub name: String,
    /// Number of pictures to train with.
    pub training: usize,
    /// `[height, width, channels]` of each, as the network takes it.
    pub shape: [usize; 3],
    /// Pixels beyond that on each side.
    #[serde(default)]
    pub margin: usize,
    /// Names of the classes.
    pub classes: Vec<String>,
    /// Mean of each channel, in 0..1.
    pub mean: Vec<f64>,
    /// Standard deviation of each channel.
    pub deviation: Vec<f64>,
}

impl Pictures {
    /// Those of a dataset that a network is trained with.
    pub fn of(dataset: &Dataset, statistics: &Statistics) -> Self {
        let Statistics { mean, deviation } = statistics.clone();
        Self {
            name: dataset.name.clone(),
            training: dataset.training.len(),
            shape: dataset.shape,
            margin: dataset.margin,
            classes: dataset.classes.clone(),
            mean,
            deviation,
        }
    }

    /// Whether a run can go on with these: the same ones, as far as their number
    /// and colours tell, whatever their dataset is called.
    ///
    /// # Errors
    /// [`Error::OtherDataset`].
    pub fn expect(&self, found: &Self) -> Result<()> {
        let means = self.mean.iter().zip(&found.mean);
        let same = self.training == found.training
            && self.shape == found.shape
            && self.margin == found.margin
            && self.classes == found.classes
            // Two decoders of pictures differ a little.
            && means.into_iter().all(|(a, b)| (a - b).abs() < 1e-4);
        match same {
            true => Ok(()),
            false => Err(Error::OtherDataset {
                name: self.name.clone(),
                expected: self.training,
                open: found.name.clone(),
                found: found.training,
            }
            .into()),
        }
    }
}

/// A network that was trained here, without its weights.
#[derive(Debug)]
pub struct Trained {
    /// The network.
    pub network: Network,
    /// Names of its outputs.
    pub classes: Vec<String>,
    /// How it takes pictures.
    pub preprocessing: Preprocessing,
}

impl Trained {
    /// By the notes of a safetensors file; `None` when it is no such file.
    ///
    /// # Errors
    /// [`Error::Malformed`], and as [`Settings::network`].
    pub fn of(notes: &BTreeMap<String, String>) -> Result<Option<Self>> {
        let (Some(settings), Some(pictures)) = (notes.get(SETTINGS), notes.get(PICTURES)) else {
            return Ok(None);
        };
        let malformed = |reason: &dyn Display| Error::malformed("safetensors", reason);
        let settings: Settings =
            serde_json::from_slice(settings.as_bytes()).map_err(|error| malformed(&error))?;
        let Pictures {
            shape,
            margin,
            classes,
            mean,
            deviation,
            ..
        } = serde_json::from_slice(pictures.as_bytes()).map_err(|error| malformed(&error))?;
        let [height, width, channels] = shape;
        let fits = matches!(channels, 1 | 3) && mean.len() == channels;
        let side = 1..=1024;
        let longer = height.max(width);
        if !fits
            || deviation.len() != channels
            || !side.contains(&height)
            || !side.contains(&width)
            || margin > longer
        {
            let reason = format_args!("pictures of {shape:?} with {} means", mean.len());
            return Err(malformed(&reason));
        }
        let each = |values: &[f64]| [0, channels / 2, channels - 1].map(|c| values[c] as f32);
        Ok(Some(Self {
            network: settings.network(shape, classes.len())?,
            classes,
            preprocessing: Preprocessing {
                // As the pictures to train with, of which the centre is seen.
                resize: Resize::ShorterSide((longer + 2 * margin) as u32),
                channels: if channels == 3 {
                    Channels::Rgb
                } else {
                    Channels::Grey
                },
                scale: 1.0 / 255.0,
                mean: each(&mean),
                std: each(&deviation),
            },
        }))
    }
}
