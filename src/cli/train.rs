//! `train`: one network, one line of the race for each activation.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use alexnet_live::data::{Augmentation, Dataset};
use alexnet_live::gpu::{Device, DeviceOptions};
use alexnet_live::models::TrainableModel;
use alexnet_live::plan::Optimizer;
use alexnet_live::train::{
    Checkpoint, EpochResult, Initializer, Schedule, Settings, Trainer, estimate, find_rate,
};
use alexnet_live::weights::{FileSource, WeightsFile};
use anyhow::{Context, Result, bail};
use clap::ValueEnum;
use indicatif::{ProgressBar, ProgressStyle};

use super::{dataset, say};

#[derive(clap::Args)]
pub struct Options {
    /// four-layer, cifar-80sec, cifar-18pct, alexnet-small or alexnet
    #[arg(long, default_value = "cifar-80sec")]
    network: String,
    /// mnist-5k (built in), cifar-10-binary.tar.gz, a folder of CIFAR-10's .bin(.xz) or MNIST's idx files, or a folder or zip with a folder of pictures for each class
    #[arg(long, default_value = "mnist-5k")]
    dataset: String,
    /// Activations to train with, one after the other
    #[arg(long, value_delimiter = ',', default_value = "relu")]
    activation: Vec<String>,
    /// Epochs in all, those before a resumption included
    #[arg(long, default_value_t = 10)]
    epochs: usize,
    /// Stop when the training error has come down to this share
    #[arg(long)]
    until: Option<f64>,
    /// Train with the first so many pictures; of files of CIFAR-10 and MNIST, a fifth as many validate
    #[arg(long)]
    images: Option<usize>,
    /// Validate with the first so many pictures of those that are kept for it
    #[arg(long)]
    validation_images: Option<usize>,
    /// Height and width that pictures of folders are made to; without it, what the network was made for
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=1024))]
    size: Option<u16>,
    /// Share of the pictures of folders to validate with
    #[arg(long, default_value_t = 0.2)]
    validation_share: f64,
    /// Samples in a step
    #[arg(long, default_value_t = 128)]
    batch: usize,
    /// Learning rate: one for all activations, or one for each
    #[arg(long, value_delimiter = ',', default_value = "0.01")]
    lr: Vec<f32>,
    #[arg(long, default_value_t = 0.9)]
    momentum: f32,
    /// Weight decay
    #[arg(long, default_value_t = 0.0)]
    decay: f32,
    #[arg(long, value_enum, default_value = "sgd")]
    optimizer: OptimizerName,
    /// Divide the learning rate by 10 at these epochs
    #[arg(long, value_delimiter = ',')]
    steps: Vec<usize>,
    /// Divide it by 10 after so many epochs without a better validation error
    #[arg(long, conflicts_with = "steps")]
    patience: Option<usize>,
    /// Largest norm of the gradients; 0 is off
    #[arg(long, default_value_t = 0.0)]
    clip: f32,
    /// own, paper, xavier or he; without it, he for relu and xavier for the others
    #[arg(long)]
    initializer: Option<String>,
    /// Probability of the dropout layers
    #[arg(long, default_value_t = 0.0)]
    dropout: f32,
    /// Crop from pictures with so many pixels of border
    #[arg(long, default_value_t = 0)]
    crop: usize,
    /// Mirror every other picture
    #[arg(long)]
    mirror: bool,
    /// Standard deviation of the colour noise; 0.1 in the paper
    #[arg(long, default_value_t = 0.0)]
    colour: f32,
    /// Pools whose windows do not overlap
    #[arg(long)]
    plain_pools: bool,
    /// No local response normalisation
    #[arg(long)]
    no_normalisation: bool,
    #[arg(long, default_value_t = 1)]
    seed: u32,
    /// First try these learning rates for so many steps, and take the best
    #[arg(long, value_delimiter = ',', conflicts_with = "resume")]
    find_lr: Vec<f32>,
    /// Steps of each try
    #[arg(long, default_value_t = 60)]
    find_steps: usize,
    /// Begin with the weights of this file
    #[arg(long, conflicts_with = "resume")]
    init: Option<PathBuf>,
    /// Take the samples in the order of the dataset
    #[arg(long)]
    no_shuffle: bool,
    /// Go on from this checkpoint, with its settings, number and size of pictures
    #[arg(long)]
    resume: Option<PathBuf>,
    /// Write a line per epoch to this file
    #[arg(long)]
    csv: Option<PathBuf>,
    /// Write a checkpoint to this file after each epoch; {} stands for the activation, which is put behind the name where several are trained without it
    #[arg(long)]
    save: Option<String>,
}

#[derive(Clone, Copy, ValueEnum)]
enum OptimizerName {
    Sgd,
    Nesterov,
    Adam,
}

/// Trains with each activation in turn.
pub fn train(options: &Options) -> Result<()> {
    let checkpoint = options.resume.as_deref().map(open_checkpoint).transpose()?;
    let dataset = dataset::open(&options.dataset, pictures(options, checkpoint.as_ref())?)?;
    for note in &dataset.notes {
        eprintln!("{note}");
    }
    let dataset = Arc::new(dataset);
    let mut csv = options.csv.as_deref().map(create_csv).transpose()?;
    pollster::block_on(async {
        let device = Device::open(DeviceOptions::default()).await?;
        if let Some(checkpoint) = checkpoint {
            let settings = checkpoint.settings.clone();
            let start = Start::Resumed(Box::new(checkpoint));
            return run(&device, options, settings, start, dataset, &mut csv).await;
        }
        for index in 0..options.activation.len() {
            let mut settings = settings(options, index)?;
            if !options.find_lr.is_empty() {
                settings.rate = best_rate(&device, options, &settings, dataset.clone()).await?;
            }
            let start = match &options.init {
                None => Start::New,
                Some(path) => {
                    let file = FileSource::open(path).and_then(WeightsFile::open);
                    Start::Weights(file.with_context(|| path.display().to_string())?)
                }
            };
            run(&device, options, settings, start, dataset.clone(), &mut csv).await?;
        }
        Ok(())
    })
}

fn open_checkpoint(path: &Path) -> Result<Checkpoint> {
    let bytes = fs::read(path).with_context(|| path.display().to_string())?;
    Checkpoint::open(bytes).with_context(|| path.display().to_string())
}

/// Which pictures: those of the checkpoint, so that none that it validates with
/// comes to be trained with.
fn pictures(options: &Options, checkpoint: Option<&Checkpoint>) -> Result<dataset::Options> {
    let ([size, ..], images, seed) = match checkpoint {
        Some(Checkpoint {
            pictures, settings, ..
        }) => (pictures.shape, Some(pictures.training), settings.seed),
        None => {
            let size = match options.size {
                Some(size) => size.into(),
                None => TrainableModel::find(&options.network)?.size,
            };
            ([size; 3], options.images, options.seed)
        }
    };
    Ok(dataset::Options {
        images,
        validation_images: options.validation_images,
        size,
        validation_share: options.validation_share,
        seed,
    })
}

fn settings(options: &Options, index: usize) -> Result<Settings> {
    let activation = &options.activation[index];
    let defaults = Settings::of_names(&options.network, activation)?;
    let rate = match options.lr[..] {
        [rate] => rate,
        _ => match options.lr.get(index) {
            Some(rate) => *rate,
            None => bail!("give one --lr, or one for each activation"),
        },
    };
    let initializer = match &options.initializer {
        None => defaults.initializer,
        Some(name) => {
            let found = Initializer::ALL.iter().find(|(known, _)| known == name);
            let names = Initializer::ALL.map(|(name, _)| name).join(", ");
            found
                .with_context(|| format!("there is no initializer {name}: choose one of {names}"))?
                .1
        }
    };
    Ok(Settings {
        batch: options.batch,
        optimizer: match options.optimizer {
            OptimizerName::Sgd => Optimizer::Sgd,
            OptimizerName::Nesterov => Optimizer::Nesterov,
            OptimizerName::Adam => Optimizer::Adam,
        },
        rate,
        momentum: options.momentum,
        decay: options.decay,
        largest_norm: options.clip,
        schedule: match (options.patience, options.steps.is_empty()) {
            (Some(patience), _) => Schedule::Plateau { patience },
            (None, true) => Schedule::Constant,
            (None, false) => Schedule::Steps {
                epochs: options.steps.clone(),
            },
        },
        initializer,
        dropout: options.dropout,
        overlapping: !options.plain_pools,
        normalisation: !options.no_normalisation,
        augmentation: Augmentation {
            padding: options.crop,
            mirror: options.mirror,
            colour: options.colour,
        },
        shuffle: !options.no_shuffle,
        seed: options.seed,
        ..defaults
    })
}

/// Tries learning rates and says how each did.
async fn best_rate(
    device: &Device,
    options: &Options,
    settings: &Settings,
    dataset: Arc<Dataset>,
) -> Result<f32> {
    let mut trainer = Trainer::new(device, settings.clone(), dataset, |_, _| true).await?;
    let (rates, steps) = (&options.find_lr, options.find_steps);
    let search = find_rate(&mut trainer, device, rates, steps, |_| true).await?;
    for trial in &search.trials {
        let outcome = match trial.losses.last() {
            _ if trial.diverged => "diverged".to_owned(),
            Some(loss) => format!("loss {loss:.4} after {} steps", trial.losses.len()),
            None => "no step".to_owned(),
        };
        say(format_args!(
            "{} with {}: {outcome}",
            settings.activation, trial.rate
        ))?;
    }
    let best = search
        .rate
        .context("every learning rate diverged: try lower ones")?;
    say(format_args!("{} takes {best}", settings.activation))?;
    Ok(best)
}

/// What a run begins with.
enum Start {
    New,
    Weights(WeightsFile),
    Resumed(Box<Checkpoint>),
}

/// One run, from new weights or from a checkpoint.
async fn run(
    device: &Device,
    options: &Options,
    settings: Settings,
    start: Start,
    dataset: Arc<Dataset>,
    csv: &mut Option<File>,
) -> Result<()> {
    let activation = settings.activation.clone();
    let images = dataset.training.len();
    let needed = estimate(device, &settings, &dataset)?;
    say(format_args!(
        "{activation}: {} parameters, {} MB of the GPU's memory, {} steps an epoch",
        needed.parameters,
        needed.bytes.div_ceil(1_000_000),
        needed.steps_per_epoch
    ))?;
    let mut trainer = Trainer::new(device, settings, dataset, |_, _| true).await?;
    match &start {
        Start::New => {}
        Start::Weights(file) => trainer.restore_weights(device, file)?,
        Start::Resumed(checkpoint) => trainer.restore(device, checkpoint)?,
    }
    for (epoch, result) in trainer.state().epochs.iter().enumerate() {
        write_csv(csv, &activation, trainer.rate(epoch), epoch, result)?;
    }
    while trainer.state().epochs.len() < options.epochs && !is_reached(options, &trainer) {
        let epoch = trainer.state().epochs.len();
        let bar = progress_bar(images, &activation, epoch);
        let trained = trainer
            .epoch(device, |results| {
                for result in results {
                    bar.inc(result.samples as u64);
                    bar.set_message(format!("loss {:.4}", result.loss));
                }
                true
            })
            .await;
        bar.finish_and_clear();
        let result = trained?;
        let rate = trainer.rate(epoch);
        say(format_args!(
            "{activation} epoch {}: {}",
            epoch + 1,
            describe(&result)
        ))?;
        write_csv(csv, &activation, rate, epoch, &result)?;
        if trainer.is_stuck() {
            eprintln!(
                "the loss stays where guessing has it, at ln(classes): {activation} has learnt \
                 nothing; try another learning rate or --initializer"
            );
        }
        if let Some(path) = &options.save {
            let bytes = trainer.save(device).await?;
            write_whole(&save_path(path, options, &activation), &bytes)?;
        }
    }
    Ok(())
}

/// Whether the last epoch was as good as asked for.
fn is_reached(options: &Options, trainer: &Trainer) -> bool {
    let last = trainer.state().epochs.last();
    last.zip(options.until)
        .is_some_and(|(last, error)| last.training.error <= error)
}

fn progress_bar(images: usize, activation: &str, epoch: usize) -> ProgressBar {
    let style = ProgressStyle::with_template(
        "{prefix} [{wide_bar}] {pos}/{len} {per_sec} {msg} {eta} left",
    )
    .expect("a valid template");
    ProgressBar::new(images as u64)
        .with_style(style)
        .with_prefix(format!("{activation} epoch {}", epoch + 1))
}

fn describe(result: &EpochResult) -> String {
    let training = result.training;
    let mut text = format!(
        "training loss {:.4}, error {:.2} %",
        training.loss,
        100.0 * training.error
    );
    if let Some(validation) = result.validation {
        text += &format!(
            "; validation loss {:.4}, error {:.2} %",
            validation.loss,
            100.0 * validation.error
        );
    }
    text
}

fn create_csv(path: &Path) -> Result<File> {
    let mut file = File::create(path).with_context(|| path.display().to_string())?;
    writeln!(
        file,
        "activation,learning_rate,epoch,training_loss,training_error,validation_loss,validation_error"
    )?;
    Ok(file)
}

fn write_csv(
    csv: &mut Option<File>,
    activation: &str,
    rate: f32,
    epoch: usize,
    result: &EpochResult,
) -> Result<()> {
    let Some(file) = csv else {
        return Ok(());
    };
    let validation = result
        .validation
        .map_or(",".to_owned(), |v| format!("{},{}", v.loss, v.error));
    let training = result.training;
    writeln!(
        file,
        "{activation},{rate},{},{},{},{validation}",
        epoch + 1,
        training.loss,
        training.error
    )?;
    Ok(())
}

/// Where the checkpoint of an activation goes: no two into one file.
fn save_path(path: &str, options: &Options, activation: &str) -> PathBuf {
    let alone = options.resume.is_some() || options.activation.len() == 1;
    if alone || path.contains("{}") {
        return path.replace("{}", activation).into();
    }
    let path = Path::new(path);
    let mut name = path.file_stem().unwrap_or_default().to_owned();
    name.push(format!("-{activation}"));
    if let Some(extension) = path.extension() {
        name.push(".");
        name.push(extension);
    }
    path.with_file_name(name)
}

/// Replaces a file at once, so that an interruption leaves the old one whole.
fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    let new = path.with_extension("new");
    fs::write(&new, bytes).with_context(|| new.display().to_string())?;
    fs::rename(&new, path).with_context(|| path.display().to_string())
}
