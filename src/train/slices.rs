//! Steps in slices. Where helpers share the work of the processor, a batch is computed
//! in slices of a fixed size, each by whoever has time. Their gradients are added in the
//! order of the slices, so that the curve does not depend on the number of helpers.

use web_time::Instant;

use super::Trainer;
use crate::data::Samples;
use crate::engine::{Crew, Device};
use crate::error::Result;
use crate::kernels::Slice;
use crate::plan::RunSettings;

/// Slices of a batch at most.
const SLICES: usize = 8;
/// Samples of a slice at least.
const LEAST: usize = 4;
/// Parameters from which on exchanging gradients would take longer than computing them.
const MANY: usize = 8 << 20;

/// Samples of a slice of a batch.
pub(super) fn slice_of(batch: usize, parameters: usize) -> usize {
    match parameters > MANY {
        true => batch,
        false => batch.div_ceil(SLICES).max(LEAST).min(batch),
    }
}

/// The helpers of a run, and the step that is under way with them.
#[derive(Debug)]
pub(super) struct Slices {
    crew: Crew,
    step: Option<Step>,
}

/// A step of which some slices are done.
#[derive(Debug)]
struct Step {
    epoch: usize,
    chosen: Vec<u32>,
    /// Samples that are done.
    done: usize,
    /// Sums over those: gradients, one after the other as [`Trainer::gradients`] lists
    /// them; mean loss and errors.
    gradients: Vec<f32>,
    loss: [f32; 2],
    /// Helpers that have the weights of this step.
    told: usize,
}

impl Slices {
    pub fn new(crew: Crew) -> Self {
        Self { crew, step: None }
    }
}

impl Trainer {
    /// Begins a step of these samples.
    pub(super) fn begin_slices(&mut self, epoch: usize, chosen: Vec<u32>) {
        if let Some(slices) = &mut self.slices {
            slices.step = Some(Step {
                epoch,
                chosen,
                done: 0,
                gradients: Vec::new(),
                loss: [0.0; 2],
                told: 0,
            });
        }
    }

    /// Computes what is left of the step that was begun, and updates the parameters;
    /// `false` when the time was over before.
    pub(super) async fn work_in_slices(
        &mut self,
        device: &Device,
        deadline: Option<Instant>,
    ) -> Result<bool> {
        let Some(mut step) = self.slices.as_mut().and_then(|slices| slices.step.take()) else {
            return Ok(true);
        };
        while step.done < step.chosen.len() {
            self.round(device, &mut step).await?;
            let is_over = deadline.is_some_and(|deadline| Instant::now() >= deadline);
            if is_over && step.done < step.chosen.len() {
                self.slices.as_mut().expect("taken from there").step = Some(step);
                return Ok(false);
            }
        }
        let mut rest = &step.gradients[..];
        for slice in self.gradients() {
            let (own, behind) = rest.split_at(slice.bytes as usize / 4);
            self.write(device, slice, own);
            rest = behind;
        }
        let entry = self.ring_entry(self.state.step);
        self.write(device, entry, &step.loss);
        self.write_run(device, self.state.step, step.chosen.len(), true);
        let steps = self.plan.update_steps.clone();
        self.executable.run_steps(device, steps);
        Ok(true)
    }

    /// The next slice of each worker.
    async fn round(&self, device: &Device, step: &mut Step) -> Result<()> {
        let slices = self.slices.as_ref().expect("a run in slices");
        let training = &self.dataset.training;
        let steps = 0..self.plan.update_steps.start;
        let number = self.state.step;
        let mut reads = self.gradients();
        reads.push(self.ring_entry(number));
        let sizes = step.chosen[step.done..].chunks(self.plan.plan.batch);
        let sizes: Vec<usize> = sizes
            .map(<[u32]>::len)
            .take(1 + slices.crew.helpers())
            .collect();

        let (own, others) = sizes.split_first().expect("samples are left");
        let mut first = step.done + own;
        let mut answers = Vec::new();
        for (helper, count) in others.iter().enumerate() {
            let chosen = &step.chosen[first..first + count];
            let (x, labels) = self.batch(training, chosen, Some(step.epoch));
            let run = self.run_settings(number, *count, first, true);
            let knows = helper < step.told;
            answers.push(
                self.ask(device, helper, knows, (&x, &labels, run), &steps, &reads)
                    .await?,
            );
            first += count;
        }
        step.told = step.told.max(others.len());

        let chosen = &step.chosen[step.done..step.done + own];
        let (x, labels) = self.batch(training, chosen, Some(step.epoch));
        self.write_batch(device, &x, &labels);
        let run = self.run_settings(number, *own, step.done, true);
        self.write(device, self.plan.run, &[run]);
        self.executable.run_steps(device, steps);
        let mut numbers: Vec<f32> = Vec::new();
        for slice in &reads {
            numbers.extend(self.executable.read::<f32>(device, *slice).await?);
        }
        step.add(&numbers, *own);
        for (answer, count) in answers.into_iter().zip(others) {
            let numbers: Vec<f32> = bytemuck::pod_collect_to_vec(&answer.await?);
            step.add(&numbers, *count);
        }
        Ok(())
    }

    /// The logits of samples, computed by all workers.
    pub(super) async fn logits_in_slices(
        &self,
        device: &Device,
        samples: &Samples,
        chosen: &[u32],
    ) -> Result<Vec<f32>> {
        let slices = self.slices.as_ref().expect("a run in slices");
        let steps = self.plan.evaluation.clone();
        let output = self.plan.plan.value(self.network.outputs()[0]);
        let classes = self.dataset.classes.len();
        let mut logits = Vec::with_capacity(chosen.len() * classes);
        let mut told = 0;
        let workers = 1 + slices.crew.helpers();
        for round in chosen.chunks(self.plan.plan.batch * workers) {
            let mut parts = round.chunks(self.plan.plan.batch);
            let own = parts.next().expect("a chunk is not empty");
            let mut answers = Vec::new();
            for (helper, chosen) in parts.enumerate() {
                let (x, labels) = self.batch(samples, chosen, None);
                let run = self.run_settings(0, chosen.len(), 0, false);
                let knows = helper < told;
                let reads = [output];
                let asked = (&x[..], &labels[..], run);
                answers.push((
                    self.ask(device, helper, knows, asked, &steps, &reads)
                        .await?,
                    chosen.len(),
                ));
            }
            told = told.max(answers.len());
            let (x, labels) = self.batch(samples, own, None);
            self.write_batch(device, &x, &labels);
            let run = self.run_settings(0, own.len(), 0, false);
            self.write(device, self.plan.run, &[run]);
            self.executable.run_steps(device, steps.clone());
            let numbers: Vec<f32> = self.executable.read(device, output).await?;
            logits.extend_from_slice(&numbers[..own.len() * classes]);
            for (answer, count) in answers {
                let numbers: Vec<f32> = bytemuck::pod_collect_to_vec(&answer.await?);
                logits.extend_from_slice(&numbers[..count * classes]);
            }
        }
        Ok(logits)
    }

    /// Hands a slice to a helper, with the weights if it does not know them.
    async fn ask(
        &self,
        device: &Device,
        helper: usize,
        knows: bool,
        (x, labels, run): (&[f32], &[u32], RunSettings),
        steps: &std::ops::Range<usize>,
        reads: &[Slice],
    ) -> Result<crate::engine::Answer> {
        let mut weights = Vec::new();
        if !knows {
            for slice in self.weights_of_all() {
                let bytes: Vec<u8> = self.executable.read(device, slice).await?;
                weights.push((slice, bytes));
            }
        }
        let input = self.plan.plan.value(self.network.inputs()[0]);
        let mut writes: Vec<(Slice, &[u8])> = weights
            .iter()
            .map(|(slice, bytes)| (*slice, &bytes[..]))
            .collect();
        writes.push((input, bytemuck::cast_slice(x)));
        writes.push((self.plan.labels, bytemuck::cast_slice(labels)));
        writes.push((self.plan.run, bytemuck::bytes_of(&run)));
        let slices = self.slices.as_ref().expect("a run in slices");
        Ok(slices.crew.ask(helper, &writes, steps.clone(), reads))
    }

    /// Where the gradients of all parameters stand.
    fn gradients(&self) -> Vec<Slice> {
        self.plan.gradients.iter().flatten().copied().collect()
    }

    /// Where all parameters stand.
    fn weights_of_all(&self) -> impl Iterator<Item = Slice> {
        let parameters = self.plan.plan.parameters.iter();
        parameters.flat_map(|parameter| self.weight_slices(parameter))
    }

    /// Where mean loss and errors of a step stand.
    fn ring_entry(&self, step: u32) -> Slice {
        let ring = self.plan.ring;
        let slot = u64::from(step) % self.plan.ring_entries() as u64;
        Slice {
            offset: ring.offset + 8 * slot,
            bytes: 8,
            ..ring
        }
    }
}

impl Step {
    /// Adds what came of so many samples: means of gradients and loss, and errors.
    fn add(&mut self, numbers: &[f32], samples: usize) {
        let share = samples as f32 / self.chosen.len() as f32;
        let (gradients, loss) = numbers.split_at(numbers.len() - 2);
        self.gradients.resize(gradients.len(), 0.0);
        for (sum, gradient) in self.gradients.iter_mut().zip(gradients) {
            *sum += share * gradient;
        }
        self.loss[0] += share * loss[0];
        self.loss[1] += loss[1];
        self.done += samples;
    }
}
