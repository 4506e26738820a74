//! Everything that decides a run, so that it can be run again.

use serde::{Deserialize, Serialize};

use super::{Initializer, Schedule};
use crate::data::Augmentation;
use crate::error::{Error, Result};
use crate::layers::Activation;
use crate::models::{TrainableModel, Variant};
use crate::network::Network;
use crate::plan::{Optimizer, ParameterFactors, UpdateSettings};

/// The settings of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Settings {
    /// Name of the network.
    pub network: String,
    /// Its activation, by name.
    pub activation: String,
    /// Samples in a step.
    pub batch: usize,
    /// How gradients become steps.
    pub optimizer: Optimizer,
    /// Learning rate.
    pub rate: f32,
    /// Momentum, or Adam's beta 1.
    pub momentum: f32,
    /// Adam's beta 2.
    pub beta2: f32,
    /// Weight decay, not of biases.
    pub decay: f32,
    /// Factor on the learning rate of biases; 2 in the original code.
    pub bias_rate: f32,
    /// Factors on rate and decay of single layers, named.
    #[serde(default)]
    pub factors: Vec<(String, ParameterFactors)>,
    /// Norm beyond which gradients are scaled down; 0 is off.
    pub largest_norm: f32,
    /// How the rate falls.
    pub schedule: Schedule,
    /// What weights begin with.
    pub initializer: Initializer,
    /// Probability of the dropout layers.
    pub dropout: f32,
    /// Whether the windows of the pools overlap (section 3.4 of the paper).
    pub overlapping: bool,
    /// Whether responses are normalised, in networks that do (section 3.3).
    pub normalisation: bool,
    /// Crops, mirror images, colour noise.
    pub augmentation: Augmentation,
    /// Whether each epoch has an order of its own.
    pub shuffle: bool,
    /// Seed of weights, order, augmentation and dropout.
    pub seed: u32,
}

impl Settings {
    /// Today's initialiser, the paper's batch and momentum, no regularisation:
    /// what Figure 1 asks for.
    pub fn figure_1(network: &str, activation: Activation) -> Self {
        Self {
            network: network.to_owned(),
            activation: activation.name().to_owned(),
            batch: 128,
            optimizer: Optimizer::Sgd,
            rate: 0.01,
            momentum: 0.9,
            beta2: 0.999,
            decay: 0.0,
            bias_rate: 2.0,
            factors: Vec::new(),
            largest_norm: 0.0,
            schedule: Schedule::Constant,
            initializer: match activation {
                Activation::Sigmoid | Activation::Tanh => Initializer::Xavier,
                _ => Initializer::He,
            },
            dropout: 0.0,
            overlapping: true,
            normalisation: true,
            augmentation: Augmentation::default(),
            shuffle: true,
            seed: 1,
        }
    }

    /// As [`Settings::figure_1`].
    ///
    /// # Errors
    /// [`Error::Unknown`] for a network or activation of no such name.
    pub fn of_names(network: &str, activation: &str) -> Result<Self> {
        TrainableModel::find(network)?;
        let settings = Self {
            activation: activation.to_owned(),
            ..Self::figure_1(network, Activation::Relu)
        };
        Ok(Self::figure_1(network, settings.activation()?))
    }

    /// The network, for pictures `[height, width, channels]`.
    ///
    /// # Errors
    /// [`Error::Unknown`] for a network or activation, [`Error::Input`] for
    /// pictures too small.
    pub fn network(&self, input: [usize; 3], classes: usize) -> Result<Network> {
        let variant = Variant {
            activation: self.activation()?,
            classes,
            dropout: self.dropout,
            overlapping: self.overlapping,
            normalisation: self.normalisation,
        };
        TrainableModel::find(&self.network)?.network(input, &variant)
    }

    /// The activation.
    ///
    /// # Errors
    /// [`Error::Unknown`] with all names.
    pub fn activation(&self) -> Result<Activation> {
        Activation::named(&self.activation).ok_or_else(|| {
            let mut known = Activation::ALL.iter().map(|known| known.name());
            Error::unknown("activation", &self.activation, &mut known)
        })
    }

    /// A setting that differs in `other` and cannot change in a run, as it is
    /// part of the network, of its kernels or of what began.
    pub fn fixed_difference(&self, other: &Self) -> Option<&'static str> {
        let Self {
            network,
            activation,
            batch,
            optimizer,
            rate: _,
            momentum: _,
            beta2: _,
            decay: _,
            bias_rate,
            factors,
            largest_norm: _,
            schedule: _,
            initializer,
            dropout,
            overlapping,
            normalisation,
            augmentation: _,
            shuffle,
            seed,
        } = self;
        let differs = [
            ("network", *network != other.network),
            ("activation", *activation != other.activation),
            ("batch", *batch != other.batch),
            ("optimizer", *optimizer != other.optimizer),
            ("biasRate", *bias_rate != other.bias_rate),
            ("factors", *factors != other.factors),
            ("initializer", *initializer != other.initializer),
            ("dropout", *dropout != other.dropout),
            ("overlapping", *overlapping != other.overlapping),
            ("normalisation", *normalisation != other.normalisation),
            ("shuffle", *shuffle != other.shuffle),
            ("seed", *seed != other.seed),
        ];
        let found = differs.into_iter().find(|(_, differs)| *differs);
        found.map(|(name, _)| name)
    }

    /// The factors of a parameter, by its name in full: those of `factors`, else
    /// those of the network's authors. Biases do not decay.
    pub fn factors(&self, name: &str) -> ParameterFactors {
        let (layer, role) = name.rsplit_once('.').unwrap_or((name, "weight"));
        let own = TrainableModel::find(&self.network).map_or(1.0, |model| {
            let decay = model.decays.iter().find(|(known, _)| *known == layer);
            decay.map_or(1.0, |(_, decay)| *decay)
        });
        let of_layer = self.factors.iter().find(|(known, _)| known == layer);
        let of_layer = of_layer.map(|(_, factors)| *factors);
        let ParameterFactors { rate, decay } = of_layer.unwrap_or(ParameterFactors {
            rate: 1.0,
            decay: own,
        });
        match role {
            "bias" => ParameterFactors {
                rate: rate * self.bias_rate,
                decay: 0.0,
            },
            _ => ParameterFactors { rate, decay },
        }
    }

    /// Samples in a step, of so many in all.
    pub fn batch_of(&self, images: usize) -> usize {
        self.batch.min(images).max(1)
    }

    /// What the kernels of an update read, at a learning rate, after so many steps that
    /// the optimiser remembers.
    pub fn update(&self, rate: f32, remembered: u32) -> UpdateSettings {
        let settings = UpdateSettings {
            rate,
            decay: self.decay,
            momentum: self.momentum,
            beta2: self.beta2,
            epsilon: 1e-8,
            largest_norm: self.largest_norm,
        };
        match self.optimizer {
            Optimizer::Adam => settings.adam(remembered + 1),
            Optimizer::Sgd | Optimizer::Nesterov => settings,
        }
    }
}
