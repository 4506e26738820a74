//! `train`: one network, one line of the race for each activation.

mod checkpoint;
mod csv;
mod options;
mod progress;

use std::sync::Arc;

use alexnet_live::data::Dataset;
use alexnet_live::engine::Device;
use alexnet_live::models;
use alexnet_live::train::{Checkpoint, Settings, Trainer, estimate, find_rate};
use alexnet_live::weights::{FileSource, WeightsFile};
use anyhow::{Context, Result};

use super::{dataset, say};
use csv::Csv;
pub use options::Options;

/// Trains with each activation in turn.
pub fn train(options: &Options) -> Result<()> {
    options.check()?;
    let checkpoint = options
        .resume
        .as_deref()
        .map(checkpoint::open)
        .transpose()?;
    let dataset = dataset::open(&options.dataset, options.pictures(checkpoint.as_ref())?)?;
    dataset::tell(&dataset.notes);
    let dataset = Arc::new(dataset);
    let mut csv = options.csv.as_deref().map(Csv::create).transpose()?;
    pollster::block_on(async {
        let device = options.engine.open().await?;
        if let Some(checkpoint) = checkpoint {
            let settings = options.resumed(&checkpoint.settings)?;
            let start = Start::Resumed(Box::new(checkpoint));
            return run(&device, options, settings, start, dataset, &mut csv).await;
        }
        for index in 0..options.activation.len() {
            let mut settings = options.settings(index)?;
            if !options.find_lr.is_empty() {
                settings.rate = best_rate(&device, options, &settings, dataset.clone()).await?;
            }
            let start = match &options.init {
                None => Start::New,
                Some(path) => {
                    let file = FileSource::open(path).and_then(models::open);
                    Start::Weights(file.with_context(|| path.display().to_string())?.into())
                }
            };
            run(&device, options, settings, start, dataset.clone(), &mut csv).await?;
        }
        Ok(())
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
    Weights(Box<WeightsFile>),
    Resumed(Box<Checkpoint>),
}

/// One run, from new weights or from a checkpoint.
async fn run(
    device: &Device,
    options: &Options,
    settings: Settings,
    start: Start,
    dataset: Arc<Dataset>,
    csv: &mut Option<Csv>,
) -> Result<()> {
    let activation = settings.activation.clone();
    let images = dataset.training.len();
    let needed = estimate(device, &settings, &dataset)?;
    say(format_args!(
        "{activation}: {} parameters, {} MB of memory, {} steps an epoch",
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
        if let Some(csv) = csv {
            csv.write(&activation, trainer.rate(epoch), epoch, result)?;
        }
    }
    while trainer.state().epochs.len() < options.epochs && !is_reached(options, &trainer) {
        let epoch = trainer.state().epochs.len();
        let bar = progress::bar(images, &activation, epoch);
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
            progress::describe(&result)
        ))?;
        if let Some(csv) = csv {
            csv.write(&activation, rate, epoch, &result)?;
        }
        if trainer.is_stuck() {
            eprintln!(
                "the loss stays where guessing has it, at ln(classes): {activation} has learnt \
                 nothing; try another learning rate or --initializer"
            );
        }
        if let Some(path) = &options.save {
            let bytes = trainer.save(device).await?;
            checkpoint::write(&checkpoint::path(path, options, &activation), &bytes)?;
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
