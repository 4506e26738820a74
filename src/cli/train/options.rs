//! What can be said on the command line, and what it comes to.

use std::path::PathBuf;

use alexnet_live::data::Augmentation;
use alexnet_live::models::TrainableModel;
use alexnet_live::plan::Optimizer;
use alexnet_live::train::{Checkpoint, Initializer, Schedule, Settings};
use anyhow::{Context, Result, bail};
use clap::ValueEnum;

use crate::cli::dataset;

#[derive(clap::Args)]
pub struct Options {
    /// four-layer, cifar-80sec, cifar-18pct, alexnet-small or alexnet
    #[arg(long, default_value = "cifar-80sec")]
    pub network: String,
    /// mnist-5k (built in), cifar-10-binary.tar.gz, a folder of CIFAR-10's .bin(.xz) or MNIST's idx files, or a folder or zip with a folder of pictures for each class
    #[arg(long, default_value = "mnist-5k")]
    pub dataset: String,
    /// Activations to train with, one after the other
    #[arg(long, value_delimiter = ',', default_value = "relu")]
    pub activation: Vec<String>,
    /// Epochs in all, those before a resumption included
    #[arg(long, default_value_t = 10)]
    pub epochs: usize,
    /// Stop when the training error has come down to this share
    #[arg(long)]
    pub until: Option<f64>,
    /// Train with the first so many pictures; of files of CIFAR-10 and MNIST, a fifth as many validate
    #[arg(long)]
    pub images: Option<usize>,
    /// Validate with the first so many pictures of those that are kept for it
    #[arg(long)]
    pub validation_images: Option<usize>,
    /// Height and width of what the network sees of pictures of folders; without it, what the network was made for
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub size: Option<u16>,
    /// Share of the pictures of folders to validate with
    #[arg(long, default_value_t = 0.2)]
    pub validation_share: f64,
    /// Samples in a step
    #[arg(long, default_value_t = 128)]
    pub batch: usize,
    /// Learning rate: one for all activations, or one for each
    #[arg(long, value_delimiter = ',', default_value = "0.01")]
    pub lr: Vec<f32>,
    #[arg(long, default_value_t = 0.9)]
    pub momentum: f32,
    /// Weight decay
    #[arg(long, default_value_t = 0.0)]
    pub decay: f32,
    #[arg(long, value_enum, default_value = "sgd")]
    pub optimizer: OptimizerName,
    /// Divide the learning rate by 10 at these epochs
    #[arg(long, value_delimiter = ',')]
    pub steps: Vec<usize>,
    /// Divide it by 10 after so many epochs without a better validation error
    #[arg(long, conflicts_with = "steps")]
    pub patience: Option<usize>,
    /// Largest norm of the gradients; 0 is off
    #[arg(long, default_value_t = 0.0)]
    pub clip: f32,
    /// own, paper, xavier or he; without it, he for relu and xavier for the others
    #[arg(long)]
    pub initializer: Option<String>,
    /// Probability of the dropout layers
    #[arg(long, default_value_t = 0.0)]
    pub dropout: f32,
    /// Crop at random, up to so many pixels off the centre; pictures of folders are kept a seventh larger for it, others get a black border
    #[arg(long, default_value_t = 0)]
    pub crop: usize,
    /// Mirror every other picture
    #[arg(long)]
    pub mirror: bool,
    /// Standard deviation of the colour noise; 0.1 in the paper
    #[arg(long, default_value_t = 0.0)]
    pub colour: f32,
    /// Pools whose windows do not overlap
    #[arg(long)]
    pub plain_pools: bool,
    /// No local response normalisation
    #[arg(long)]
    pub no_normalisation: bool,
    #[arg(long, default_value_t = 1)]
    pub seed: u32,
    /// First try these learning rates for so many steps, and take the best
    #[arg(long, value_delimiter = ',', conflicts_with = "resume")]
    pub find_lr: Vec<f32>,
    /// Steps of each try
    #[arg(long, default_value_t = 60)]
    pub find_steps: usize,
    /// Begin with the weights of this file
    #[arg(long, conflicts_with = "resume")]
    pub init: Option<PathBuf>,
    /// Take the samples in the order of the dataset
    #[arg(long)]
    pub no_shuffle: bool,
    /// Go on from this checkpoint, with its settings, number and size of pictures
    #[arg(long)]
    pub resume: Option<PathBuf>,
    /// Write a line per epoch to this file
    #[arg(long)]
    pub csv: Option<PathBuf>,
    /// Write a checkpoint to this file after each epoch; {} stands for the activation, which is put behind the name where several are trained without it
    #[arg(long)]
    pub save: Option<String>,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum OptimizerName {
    Sgd,
    Nesterov,
    Adam,
}

impl Options {
    /// Which pictures: those of the checkpoint, so that none that it validates with
    /// comes to be trained with.
    pub fn pictures(&self, checkpoint: Option<&Checkpoint>) -> Result<dataset::Options> {
        let ([size, ..], images, seed) = match checkpoint {
            Some(Checkpoint {
                pictures, settings, ..
            }) => (pictures.shape, Some(pictures.training), settings.seed),
            None => {
                let size = match self.size {
                    Some(size) => size.into(),
                    None => TrainableModel::find(&self.network)?.size,
                };
                ([size; 3], self.images, self.seed)
            }
        };
        Ok(dataset::Options {
            images,
            validation_images: self.validation_images,
            size,
            validation_share: self.validation_share,
            seed,
        })
    }

    /// The settings of a run with the activation of this index.
    pub fn settings(&self, index: usize) -> Result<Settings> {
        let activation = &self.activation[index];
        let defaults = Settings::of_names(&self.network, activation)?;
        let rate = match self.lr[..] {
            [rate] => rate,
            _ => match self.lr.get(index) {
                Some(rate) => *rate,
                None => bail!("give one --lr, or one for each activation"),
            },
        };
        let initializer = match &self.initializer {
            None => defaults.initializer,
            Some(name) => {
                let found = Initializer::ALL.iter().find(|(known, _)| known == name);
                let names = Initializer::ALL.map(|(name, _)| name).join(", ");
                found
                    .with_context(|| {
                        format!("there is no initializer {name}: choose one of {names}")
                    })?
                    .1
            }
        };
        Ok(Settings {
            batch: self.batch,
            optimizer: match self.optimizer {
                OptimizerName::Sgd => Optimizer::Sgd,
                OptimizerName::Nesterov => Optimizer::Nesterov,
                OptimizerName::Adam => Optimizer::Adam,
            },
            rate,
            momentum: self.momentum,
            decay: self.decay,
            largest_norm: self.clip,
            schedule: match (self.patience, self.steps.is_empty()) {
                (Some(patience), _) => Schedule::Plateau { patience },
                (None, true) => Schedule::Constant,
                (None, false) => Schedule::Steps {
                    epochs: self.steps.clone(),
                },
            },
            initializer,
            dropout: self.dropout,
            overlapping: !self.plain_pools,
            normalisation: !self.no_normalisation,
            augmentation: Augmentation {
                padding: self.crop,
                mirror: self.mirror,
                colour: self.colour,
            },
            shuffle: !self.no_shuffle,
            seed: self.seed,
            ..defaults
        })
    }
}
