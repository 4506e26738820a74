//! A run: a network on a device, its settings, its dataset and where it stands.

use std::sync::Arc;

use serde::Serialize;

use super::advance::Pass;
use super::pace::Pace;
use super::results::Throughput;
use super::slices::{Slices, slice_of};
use super::{News, Random, Settings, State, Stream, Tally};
use crate::data::{Dataset, Preparation, Samples};
use crate::engine::{Crew, Device, Executable};
use crate::error::{Error, Result};
use crate::inference::target;
use crate::kernels::{Clip, Slice};
use crate::models::TrainableModel;
use crate::network::Network;
use crate::plan::{Plan, RunSettings, TrainingPlan};

/// What a run takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Estimate {
    /// Memory on the device.
    pub bytes: u64,
    /// Trainable numbers.
    pub parameters: usize,
    /// Steps in an epoch.
    pub steps_per_epoch: usize,
}

/// What a run with these settings would take, before anything is allocated.
///
/// # Errors
/// As [`Trainer::new`].
pub fn estimate(device: &Device, settings: &Settings, dataset: &Dataset) -> Result<Estimate> {
    let (network, plan) = plan(device, settings, dataset)?;
    Ok(Estimate {
        bytes: plan.plan.bytes(),
        parameters: network.parameter_count(),
        steps_per_epoch: dataset
            .training
            .len()
            .div_ceil(settings.batch_of(dataset.training.len())),
    })
}

fn plan(
    device: &Device,
    settings: &Settings,
    dataset: &Dataset,
) -> Result<(Network, TrainingPlan)> {
    if dataset.training.is_empty() {
        return Err(Error::NoPictures.into());
    }
    let network = settings.network(dataset.shape, dataset.classes.len())?;
    let target = target(device);
    let batch = settings.batch_of(dataset.training.len());
    let batch = match device.works_in_slices() {
        true => slice_of(batch, network.parameter_count()),
        false => batch,
    };
    let factors = |name: &str| settings.factors(name);
    let plan = Plan::training(&network, batch, target, settings.optimizer, factors)?;
    Ok((network, plan))
}

/// A network in training on a device.
#[derive(Debug)]
pub struct Trainer {
    pub(super) settings: Settings,
    pub(super) state: State,
    pub(super) dataset: Arc<Dataset>,
    pub(super) preparation: Preparation,
    pub(super) network: Network,
    pub(super) plan: TrainingPlan,
    pub(super) executable: Executable,
    /// Where the processor computes with helpers.
    pub(super) slices: Option<Slices>,
    /// Samples of a step; those of the plan are fewer where it works in slices.
    pub(super) batch: usize,
    /// The order of the samples of an epoch.
    order: Option<(usize, Vec<u32>)>,
    pub(super) pace: Pace,
    /// What is under way on the device.
    pub(super) pass: Option<Pass>,
    /// Steps done since the ring was read, with their samples.
    pub(super) unread: Vec<(u32, usize)>,
    /// Whether the next step lifts the halt of a gradient that was not finite.
    pub(super) lifts_halt: bool,
    /// The validation under way.
    pub(super) validation: Option<Tally>,
    pub(super) confusion: Option<Vec<Vec<u32>>>,
    /// What was not told yet.
    pub(super) news: News,
    pub(super) throughput: Throughput,
}

impl Trainer {
    /// Plans and compiles the network and gives it its initial weights.
    ///
    /// `progress(done, total)` counts kernels; `false` stops.
    ///
    /// # Errors
    /// [`Error::Unknown`] for a network or activation, [`Error::Input`] for
    /// pictures too small, [`Error::NoPictures`], what [`Plan::training`] and [`Executable::new`] give.
    pub async fn new(
        device: &Device,
        settings: Settings,
        dataset: Arc<Dataset>,
        mut progress: impl FnMut(usize, usize) -> bool,
    ) -> Result<Self> {
        let (network, plan) = plan(device, &settings, &dataset)?;
        let dispatches = plan.plan.dispatches();
        let allocations = plan.plan.allocations();
        let executable = Executable::new(device, &allocations, &dispatches, &mut progress).await?;
        let crew = Crew::new(device, &allocations, &dispatches).await?;
        let mut trainer = Self {
            slices: crew.map(Slices::new),
            batch: settings.batch_of(dataset.training.len()),
            preparation: Preparation::of(&dataset.training, dataset.shape, dataset.margin),
            settings,
            state: State::default(),
            dataset,
            network,
            plan,
            executable,
            pace: Pace::new(&dispatches, device.summary().kind),
            order: None,
            pass: None,
            unread: Vec::new(),
            lifts_halt: true,
            validation: None,
            confusion: None,
            news: News::default(),
            throughput: Throughput::default(),
        };
        trainer.initialise(device);
        Ok(trainer)
    }

    /// What decides the run.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Where it stands.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// What it is trained with.
    pub fn dataset(&self) -> &Arc<Dataset> {
        &self.dataset
    }

    /// The network.
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// Steps in an epoch.
    pub fn steps_per_epoch(&self) -> usize {
        self.dataset.training.len().div_ceil(self.batch)
    }

    /// Last step of the present epoch, and one.
    pub(super) fn epoch_end(&self) -> usize {
        (self.state.epochs.len() + 1) * self.steps_per_epoch()
    }

    /// Samples trained with in a second of work, once that is known.
    pub fn images_per_second(&self) -> Option<f64> {
        self.throughput.images_per_second()
    }

    /// Of the last validation: how many samples of each class (outer) were
    /// answered with each class (inner).
    pub fn confusion(&self) -> Option<&[Vec<u32>]> {
        self.confusion.as_deref()
    }

    /// Whether the loss stays where guessing has it, at `ln(classes)`: the
    /// network has learnt nothing.
    pub fn is_stuck(&self) -> bool {
        /// Steps after which a network should have learnt something.
        const PATIENCE: usize = 50;
        let batch = self.batch;
        let loss = match self.state.seen >= PATIENCE * batch {
            true => Some(self.state.loss / self.state.seen as f64),
            false if (self.state.step as usize) < PATIENCE => None,
            false => self.state.epochs.last().map(|epoch| epoch.training.loss),
        };
        let guessing = (self.dataset.classes.len() as f64).ln();
        loss.is_some_and(|loss| (loss / guessing - 1.0).abs() < 0.01)
    }

    /// Takes settings that hold from the next step on. After
    /// [`Error::Diverged`] the run can go on then, from its last good weights.
    ///
    /// # Errors
    /// [`Error::NeedsRestart`] naming a setting that cannot change in a run.
    pub fn change(&mut self, settings: Settings) -> Result<()> {
        if let Some(setting) = self.settings.fixed_difference(&settings) {
            return Err(Error::NeedsRestart { setting }.into());
        }
        self.settings = settings;
        self.lifts_halt = true;
        Ok(())
    }

    /// Begins anew with another learning rate.
    pub fn restart(&mut self, device: &Device, rate: f32) {
        self.settings.rate = rate;
        self.clear_memory(device);
        self.initialise(device);
    }

    /// Takes the weights before the last step whose loss was good.
    pub(super) fn take_back(&mut self, device: &Device) {
        for (parameter, kept) in self.plan.plan.parameters.iter().zip(&self.plan.kept) {
            for (chunk, kept) in parameter.each().iter().zip(kept) {
                self.executable.copy(device, *kept, chunk.slice);
            }
        }
        self.clear_memory(device);
        self.state.memory_since = self.state.step;
    }

    /// Keeps the present weights for [`Trainer::take_back`].
    pub(super) fn keep(&self, device: &Device) {
        for (parameter, kept) in self.plan.plan.parameters.iter().zip(&self.plan.kept) {
            for (chunk, kept) in parameter.each().iter().zip(kept) {
                self.executable.copy(device, chunk.slice, *kept);
            }
        }
    }

    /// Forgets what the optimiser remembers.
    fn clear_memory(&self, device: &Device) {
        for slice in self.plan.state.iter().flatten().flatten() {
            self.executable.clear(device, slice.buffer);
        }
    }

    /// Initial weights and nothing learnt.
    fn initialise(&mut self, device: &Device) {
        let Ok(model) = TrainableModel::find(&self.settings.network) else {
            panic!("{} was built, but there is none", self.settings.network);
        };
        let initializer = self.settings.initializer;
        for (item, parameter) in (0..).zip(&self.plan.plan.parameters) {
            let (name, shape) = (&parameter.name, &parameter.shape);
            let values = initializer.values(model, name, shape, self.settings.seed, item);
            self.write_packed(device, parameter, &self.weight_slices(parameter), &values);
        }
        self.keep(device);
        self.lifts_halt = true;
        self.resume_at(State::default());
    }

    /// Forgets what is under way.
    pub(super) fn resume_at(&mut self, state: State) {
        self.state = state;
        (self.pass, self.validation, self.confusion) = (None, None, None);
        self.news = News::default();
        self.unread.clear();
    }

    /// Writes the batch and the settings of the next step; returns its samples.
    pub(super) fn begin_step(&mut self, device: &Device) -> usize {
        let batch = self.batch;
        let step = self.state.step;
        let epoch = self.state.epochs.len();
        let first = (step as usize - epoch * self.steps_per_epoch()) * batch;
        let order = match self.order.take() {
            Some((of, order)) if of == epoch => order,
            _ => self.order_of(epoch),
        };
        let chosen = &order[first..(first + batch).min(order.len())];
        let count = chosen.len();
        if self.slices.is_none() {
            self.fill(device, &self.dataset.training, chosen, Some(epoch));
            self.write_run(device, step, count, true);
        }
        let update = self
            .settings
            .update(self.rate(epoch), self.state.remembered());
        self.write(device, self.plan.update, &[update]);
        if std::mem::take(&mut self.lifts_halt) {
            let clip = Clip {
                factor: 1.0,
                halted: 0.0,
                good: 0.0,
            };
            self.write(device, self.plan.clip, &[clip]);
        }
        let chosen = chosen.to_vec();
        self.begin_slices(epoch, chosen);
        self.order = Some((epoch, order));
        count
    }

    /// The learning rate of an epoch, counted from 0: the present one or one before.
    pub fn rate(&self, epoch: usize) -> f32 {
        let errors = self.state.epochs[..epoch]
            .iter()
            .map(|epoch| epoch.validation.unwrap_or(epoch.training).error);
        let errors: Vec<f64> = errors.collect();
        let factor = self.settings.schedule.factor(epoch, &errors);
        (f64::from(self.settings.rate) * factor) as f32
    }

    fn order_of(&self, epoch: usize) -> Vec<u32> {
        let count = self.dataset.training.len();
        match self.settings.shuffle {
            true => Random::new(self.settings.seed, Stream::Shuffle, epoch as u32).order(count),
            false => (0..count as u32).collect(),
        }
    }

    /// Writes a batch; augmented when an epoch is given.
    pub(super) fn fill(
        &self,
        device: &Device,
        samples: &Samples,
        chosen: &[u32],
        epoch: Option<usize>,
    ) {
        let (values, labels) = self.batch(samples, chosen, epoch);
        self.write_batch(device, &values, &labels);
    }

    pub(super) fn write_batch(&self, device: &Device, values: &[f32], labels: &[u32]) {
        let input = self.plan.plan.value(self.network.inputs()[0]);
        self.write(device, input, values);
        self.write(device, self.plan.labels, labels);
    }

    /// Pictures and labels of as many samples as the plan takes, zeros behind the last;
    /// augmented when an epoch is given.
    pub(super) fn batch(
        &self,
        samples: &Samples,
        chosen: &[u32],
        epoch: Option<usize>,
    ) -> (Vec<f32>, Vec<u32>) {
        let batch = self.plan.plan.batch;
        let elements = self.dataset.shape.iter().product::<usize>();
        let mut values = Vec::with_capacity(batch * elements);
        let mut labels: Vec<u32> = Vec::with_capacity(batch);
        for index in chosen {
            let picture = samples.picture(*index as usize);
            let mut random = epoch.map(|epoch| {
                let item = (epoch * samples.len()) as u32;
                Random::new(
                    self.settings.seed,
                    Stream::Augmentation,
                    item.wrapping_add(*index),
                )
            });
            let draw = random
                .as_mut()
                .map(|random| (&self.settings.augmentation, random));
            self.preparation.append(picture, draw, &mut values);
            labels.push(samples.labels[*index as usize]);
        }
        values.resize(batch * elements, 0.0);
        labels.resize(batch, 0);
        (values, labels)
    }

    pub(super) fn write_run(&self, device: &Device, step: u32, samples: usize, training: bool) {
        let run = self.run_settings(step, samples, 0, training);
        self.write(device, self.plan.run, &[run]);
    }

    /// The settings of a run over `samples`, the first of which is that of its batch.
    pub(super) fn run_settings(
        &self,
        step: u32,
        samples: usize,
        first: usize,
        training: bool,
    ) -> RunSettings {
        RunSettings {
            seed: self.settings.seed,
            step,
            samples: samples as u32,
            slot: step % self.plan.ring_entries() as u32,
            training: u32::from(training),
            first_sample: first as u32,
        }
    }

    pub(super) fn write<T: bytemuck::Pod>(&self, device: &Device, slice: Slice, values: &[T]) {
        let bytes = bytemuck::cast_slice(values);
        self.executable
            .write(device, slice.buffer, slice.offset, bytes);
    }
}
