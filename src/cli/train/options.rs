//! What can be said on the command line, and what it comes to.

use std::path::{Path, PathBuf};

use alexnet_live::data::Augmentation;
use alexnet_live::models::TrainableModel;
use alexnet_live::plan::Optimizer;
use alexnet_live::train::{Checkpoint, Initializer, Schedule, Settings};
use anyhow::{Context, Result, bail};
use clap::ValueEnum;

use super::checkpoint;
use crate::cli::{dataset, engine, limits};

#[derive(clap::Args)]
#[command(allow_negative_numbers = true)]
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
    #[arg(long, value_parser = limits::error)]
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
    #[arg(long, default_value_t = 0.2, value_parser = limits::share)]
    pub validation_share: f64,
    /// Samples in a step
    #[arg(long, default_value_t = 128, value_parser = limits::count)]
    pub batch: usize,
    /// Learning rate: one for all activations, or one for each
    #[arg(long, value_delimiter = ',', default_value = "0.01", value_parser = limits::positive)]
    pub lr: Vec<f32>,
    /// Share of the last step that the next one keeps
    #[arg(long, default_value_t = 0.9, value_parser = limits::below_one)]
    pub momentum: f32,
    /// Weight decay
    #[arg(long, default_value_t = 0.0, value_parser = limits::not_negative)]
    pub decay: f32,
    #[arg(long, value_enum, default_value = "sgd")]
    pub optimizer: OptimizerName,
    /// Divide the learning rate by 10 at these epochs
    #[arg(long, value_delimiter = ',', value_parser = limits::count)]
    pub steps: Vec<usize>,
    /// Divide it by 10 after so many epochs without a better validation error
    #[arg(long, conflicts_with = "steps", value_parser = limits::count)]
    pub patience: Option<usize>,
    /// Largest norm of the gradients; 0 is off
    #[arg(long, default_value_t = 0.0, value_parser = limits::not_negative)]
    pub clip: f32,
    /// own, paper, xavier or he; without it, he for relu and xavier for the others
    #[arg(long)]
    pub initializer: Option<String>,
    /// Probability of the dropout layers
    #[arg(long, default_value_t = 0.0, value_parser = limits::below_one)]
    pub dropout: f32,
    /// Crop at random, up to so many pixels off the centre; pictures of folders are kept a seventh larger for it, others get a black border
    #[arg(long, default_value_t = 0)]
    pub crop: usize,
    /// Mirror every other picture
    #[arg(long)]
    pub mirror: bool,
    /// Standard deviation of the colour noise; 0.1 in the paper
    #[arg(long, default_value_t = 0.0, value_parser = limits::not_negative)]
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
    #[arg(long, value_delimiter = ',', conflicts_with = "resume", value_parser = limits::positive)]
    pub find_lr: Vec<f32>,
    /// Steps of each try
    #[arg(long, default_value_t = 60, value_parser = limits::count)]
    pub find_steps: usize,
    /// Begin with the weights of this file
    #[arg(long, conflicts_with = "resume")]
    pub init: Option<PathBuf>,
    /// Take the samples in the order of the dataset
    #[arg(long)]
    pub no_shuffle: bool,
    /// Go on from this checkpoint, with its settings, number and size of pictures; rate, schedule, momentum, decay, clip and augmentation may be said anew
    #[arg(long)]
    pub resume: Option<PathBuf>,
    /// Write a line per epoch to this file
    #[arg(long)]
    pub csv: Option<PathBuf>,
    /// Write a checkpoint to this file after each epoch; {} stands for the activation, which is put behind the name where several are trained without it
    #[arg(long)]
    pub save: Option<String>,
    #[command(flatten)]
    pub engine: engine::Options,
    /// Names of the settings that the command line gives, and not their defaults.
    #[arg(skip)]
    pub given: Vec<String>,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum OptimizerName {
    Sgd,
    Nesterov,
    Adam,
}

impl Options {
    /// Checks what no parser of a single option can: what belongs together, and that
    /// files can be written where they are to be.
    pub fn check(&self) -> Result<()> {
        let (rates, activations) = (self.lr.len(), self.activation.len());
        if rates > 1 && rates != activations {
            bail!(
                "--lr gives {rates} learning rates for {activations} activations: give one, or \
                 one for each, with a point before the decimals"
            );
        }
        let save = self.save.iter().flat_map(|path| {
            let activations = self.activation.iter();
            activations.map(move |activation| ("--save", checkpoint::path(path, self, activation)))
        });
        let csv = self.csv.iter().map(|path| ("--csv", path.clone()));
        for (option, path) in save.chain(csv) {
            let folder = path.parent().filter(|folder| *folder != Path::new(""));
            if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
                bail!("{option}: there is no folder {}", folder.display());
            }
            if path.is_dir() {
                bail!(
                    "{option}: {} is a folder: name a file in it",
                    path.display()
                );
            }
        }
        Ok(())
    }

    /// The settings that a run goes on with: those of its checkpoint, but for what the
    /// command line gives and a run can change.
    pub fn resumed(&self, run: &Settings) -> Result<Settings> {
        let mut settings = run.clone();
        if self.given.is_empty() {
            return Ok(settings);
        }
        let activation = match self.is_given("activation") {
            true => self.activation[0].clone(),
            false => run.activation.clone(),
        };
        let network = match self.is_given("network") {
            true => &self.network,
            false => &run.network,
        };
        let said = self.settings_of(network, &activation, self.lr[0])?;
        let fixed = [
            ("network", said.network != run.network),
            (
                "activation",
                self.activation.len() > 1 || activation != run.activation,
            ),
            ("batch", said.batch != run.batch),
            ("optimizer", said.optimizer != run.optimizer),
            ("initializer", said.initializer != run.initializer),
            ("dropout", said.dropout.to_bits() != run.dropout.to_bits()),
            ("plain_pools", said.overlapping != run.overlapping),
            ("no_normalisation", said.normalisation != run.normalisation),
            ("no_shuffle", said.shuffle != run.shuffle),
            ("seed", said.seed != run.seed),
        ];
        for (name, differs) in fixed {
            if differs && self.is_given(name) {
                let option = name.replace('_', "-");
                bail!(
                    "--{option} cannot change in a run that goes on with --resume: leave it \
                     out, or begin a new run"
                );
            }
        }
        let given = |name: &str| self.is_given(name);
        if given("lr") {
            settings.rate = said.rate;
        }
        if given("momentum") {
            settings.momentum = said.momentum;
        }
        if given("decay") {
            settings.decay = said.decay;
        }
        if given("clip") {
            settings.largest_norm = said.largest_norm;
        }
        if given("steps") || given("patience") {
            settings.schedule = said.schedule;
        }
        if given("crop") {
            settings.augmentation.padding = said.augmentation.padding;
        }
        if given("mirror") {
            settings.augmentation.mirror = said.augmentation.mirror;
        }
        if given("colour") {
            settings.augmentation.colour = said.augmentation.colour;
        }
        Ok(settings)
    }

    fn is_given(&self, name: &str) -> bool {
        self.given.iter().any(|given| given == name)
    }

    /// Which pictures: those of the checkpoint, so that none that it validates with
    /// comes to be trained with.
    pub fn pictures(&self, checkpoint: Option<&Checkpoint>) -> Result<dataset::Options> {
        let ([size, ..], images, seed) = match checkpoint {
            Some(Checkpoint {
                pictures, settings, ..
            }) => {
                let same = |said: Option<usize>, run| said.is_none_or(|said| said == run);
                if !same(self.images, pictures.training) {
                    bail!("--images cannot change in a run that goes on with --resume");
                }
                if !same(self.size.map(usize::from), pictures.shape[0]) {
                    bail!("--size cannot change in a run that goes on with --resume");
                }
                (pictures.shape, Some(pictures.training), settings.seed)
            }
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
        let rate = match self.lr[..] {
            [rate] => rate,
            _ => self.lr[index],
        };
        self.settings_of(&self.network, &self.activation[index], rate)
    }

    fn settings_of(&self, network: &str, activation: &str, rate: f32) -> Result<Settings> {
        let defaults = Settings::of_names(network, activation)?;
        let initializer = match &self.initializer {
            None => defaults.initializer,
            Some(name) => {
                let found = Initializer::ALL.iter().find(|(known, _)| known == name);
                let names = Initializer::ALL.map(|(name, _)| name).join(", ");
                found
                    .with_context(|| {
                        format!("--initializer: there is no {name}: choose one of {names}")
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
