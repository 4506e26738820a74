//! A run: batches from a dataset, steps on a device, losses read back now and
//! then.

use std::sync::Arc;

use super::{EpochResult, Evaluation, Random, Settings, State, StepResult, Stream};
use crate::data::{Dataset, Preparation, Samples};
use crate::error::{Error, Result};
use crate::gpu::{Device, Executable, Slice};
use crate::models::TrainableModel;
use crate::network::Network;
use crate::plan::{Plan, Preset, RunSettings, Target, TrainingPlan};

/// A network in training on a device.
#[derive(Debug)]
pub struct Trainer {
    pub(super) settings: Settings,
    pub(super) state: State,
    dataset: Arc<Dataset>,
    preparation: Preparation,
    network: Network,
    pub(super) plan: TrainingPlan,
    pub(super) executable: Executable,
    /// The order of the samples of an epoch.
    order: Option<(usize, Vec<u32>)>,
    /// Steps submitted since the ring was read, with their samples.
    unread: Vec<(u32, usize)>,
}

impl Trainer {
    /// Plans and compiles the network and gives it its initial weights.
    ///
    /// `progress(done, total)` counts kernels; `false` stops.
    ///
    /// # Errors
    /// [`Error::Unknown`] for a network or activation, [`Error::Input`] for
    /// pictures too small, what [`Plan::training`] and [`Executable::new`] give.
    pub async fn new(
        device: &Device,
        settings: Settings,
        dataset: Arc<Dataset>,
        progress: impl FnMut(usize, usize) -> bool,
    ) -> Result<Self> {
        let model = TrainableModel::find(&settings.network)?;
        let network = model.network(
            dataset.shape,
            dataset.classes.len(),
            settings.activation()?,
            settings.dropout,
        )?;
        let summary = device.summary();
        let target = Target {
            preset: Preset::of(summary.kind),
            max_binding_bytes: summary.max_binding_bytes,
        };
        let batch = settings.batch.clamp(1, dataset.training.len());
        let factors = |name: &str| settings.factors(name);
        let plan = Plan::training(&network, batch, target, settings.optimizer, factors)?;
        let dispatches = plan.plan.dispatches();
        let allocations = plan.plan.allocations();
        let executable = Executable::new(device, &allocations, &dispatches, progress).await?;
        let trainer = Self {
            preparation: Preparation::of(&dataset.training, dataset.shape),
            settings,
            state: State::default(),
            dataset,
            network,
            plan,
            executable,
            order: None,
            unread: Vec::new(),
        };
        let seed = trainer.settings.seed;
        let initializer = trainer.settings.initializer;
        for (item, parameter) in (0..).zip(&trainer.plan.plan.parameters) {
            let (name, shape) = (&parameter.name, &parameter.shape);
            let values = initializer.values(model, name, shape, seed, item);
            trainer.write_packed(
                device,
                parameter,
                &trainer.weight_slices(parameter),
                &values,
            );
        }
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

    /// The network.
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// Steps in an epoch.
    pub fn steps_per_epoch(&self) -> usize {
        self.dataset.training.len().div_ceil(self.plan.plan.batch)
    }

    /// Whether the ring must be read before the next step.
    pub fn ring_is_full(&self) -> bool {
        self.unread.len() == self.plan.ring_entries()
    }

    /// Whether losses of steps wait to be read.
    pub fn has_unread(&self) -> bool {
        !self.unread.is_empty()
    }

    /// Submits one step of training.
    ///
    /// # Panics
    /// When the ring is full.
    pub fn step(&mut self, device: &Device) {
        assert!(!self.ring_is_full(), "the ring must be read first");
        let batch = self.plan.plan.batch;
        let step = self.state.step;
        let epoch = self.state.epochs.len();
        let first = (step as usize - epoch * self.steps_per_epoch()) * batch;
        let order = match self.order.take() {
            Some((of, order)) if of == epoch => order,
            _ => self.order_of(epoch),
        };
        let chosen = &order[first..(first + batch).min(order.len())];
        let count = chosen.len();
        self.fill(device, &self.dataset.training, chosen, Some(epoch));
        let errors: Vec<f64> = (self.state.epochs.iter())
            .map(|epoch| epoch.validation.unwrap_or(epoch.training).error)
            .collect();
        let factor = self.settings.schedule.factor(epoch, &errors);
        self.write(
            device,
            self.plan.update,
            &[self.settings.update(factor, step)],
        );
        self.write_run(device, step, count, self.unread.len(), true);
        self.executable.run(device);
        self.order = Some((epoch, order));
        self.unread.push((step, count));
        self.state.step += 1;
    }

    /// Reads the losses of all steps submitted since the last time.
    ///
    /// # Errors
    /// [`Error::Diverged`] when a loss or gradient is not finite: from that step
    /// on no update was made. [`Error::DeviceLost`], and what the driver complains of.
    pub async fn read(&mut self, device: &Device) -> Result<Vec<StepResult>> {
        let pairs = self.read_ring(device).await?;
        // A gradient can overflow where the loss does not.
        let clip: Vec<f32> = self.executable.read(device, self.plan.clip).await?;
        let halted = clip[1] != 0.0;
        let last = self.state.step.wrapping_sub(1);
        let mut results = Vec::new();
        for ((step, samples), [loss, errors]) in self.unread.drain(..).zip(pairs) {
            if !loss.is_finite() || (halted && step == last) {
                return Err(Error::Diverged {
                    step,
                    activation: self.settings.activation.clone(),
                    rate: self.settings.rate,
                });
            }
            let (loss, errors) = (f64::from(loss), errors as usize);
            self.state.seen += samples;
            self.state.loss += loss * samples as f64;
            self.state.errors += errors;
            results.push(StepResult {
                step,
                samples,
                loss,
                errors,
            });
        }
        Ok(results)
    }

    /// Trains to the end of this epoch and validates. `told` gets the losses as
    /// they are read; `false` stops between two steps, from where it goes on.
    ///
    /// # Errors
    /// [`Error::Stopped`], and as [`Trainer::read`].
    pub async fn epoch(
        &mut self,
        device: &Device,
        mut told: impl FnMut(&[StepResult]) -> bool,
    ) -> Result<EpochResult> {
        /// Steps between two read-backs: a few seconds on a driver in software.
        const INTERVAL: usize = 8;
        let end = (self.state.epochs.len() + 1) * self.steps_per_epoch();
        while (self.state.step as usize) < end {
            self.step(device);
            if self.unread.len() >= INTERVAL || self.state.step as usize == end {
                let results = self.read(device).await?;
                if !told(&results) {
                    return Err(Error::Stopped);
                }
            }
        }
        let seen = self.state.seen as f64;
        let training = Evaluation {
            loss: self.state.loss / seen,
            error: self.state.errors as f64 / seen,
        };
        let dataset = self.dataset.clone();
        let validation = match dataset.validation.is_empty() {
            true => None,
            false => Some(self.evaluate(device, &dataset.validation).await?),
        };
        let result = EpochResult {
            training,
            validation,
        };
        self.state.epochs.push(result);
        (self.state.seen, self.state.loss, self.state.errors) = (0, 0.0, 0);
        Ok(result)
    }

    /// Loss and error of samples without augmentation, dropout and update.
    ///
    /// # Errors
    /// As [`Trainer::read`].
    ///
    /// # Panics
    /// While losses of steps wait to be read.
    pub async fn evaluate(&mut self, device: &Device, samples: &Samples) -> Result<Evaluation> {
        assert!(self.unread.is_empty(), "losses of steps wait to be read");
        let all: Vec<u32> = (0..samples.len() as u32).collect();
        let (mut loss, mut errors) = (0.0, 0.0);
        for chunk in all.chunks(self.plan.plan.batch * self.plan.ring_entries()) {
            let batches = chunk.chunks(self.plan.plan.batch);
            for (slot, batch) in batches.clone().enumerate() {
                self.fill(device, samples, batch, None);
                self.write_run(device, 0, batch.len(), slot, false);
                let steps = self.plan.evaluation.clone();
                self.executable.run_steps(device, steps);
            }
            let pairs = self.read_ring(device).await?;
            for (batch, pair) in batches.zip(pairs) {
                loss += f64::from(pair[0]) * batch.len() as f64;
                errors += f64::from(pair[1]);
            }
        }
        let count = samples.len() as f64;
        Ok(Evaluation {
            loss: loss / count,
            error: errors / count,
        })
    }

    fn order_of(&self, epoch: usize) -> Vec<u32> {
        let count = self.dataset.training.len();
        match self.settings.shuffle {
            true => Random::new(self.settings.seed, Stream::Shuffle, epoch as u32).order(count),
            false => (0..count as u32).collect(),
        }
    }

    /// Writes a batch; augmented when an epoch is given.
    fn fill(&self, device: &Device, samples: &Samples, chosen: &[u32], epoch: Option<usize>) {
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
        let input = self.plan.plan.value(self.network.inputs()[0]);
        self.write(device, input, &values);
        self.write(device, self.plan.labels, &labels);
    }

    fn write_run(&self, device: &Device, step: u32, samples: usize, slot: usize, training: bool) {
        let run = RunSettings {
            seed: self.settings.seed,
            step,
            samples: samples as u32,
            slot: slot as u32,
            training: u32::from(training),
            padding: [0; 3],
        };
        self.write(device, self.plan.run, &[run]);
    }

    fn write<T: bytemuck::Pod>(&self, device: &Device, slice: Slice, values: &[T]) {
        let bytes = bytemuck::cast_slice(values);
        self.executable
            .write(device, slice.buffer, slice.offset, bytes);
    }

    async fn read_ring(&self, device: &Device) -> Result<Vec<[f32; 2]>> {
        self.executable.read(device, self.plan.ring).await
    }
}
