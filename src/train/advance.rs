//! Running: steps and evaluations in pieces, from which a run can be left and
//! taken up at any time.

use std::time::Duration;

use serde::Serialize;
use web_time::Instant;

use super::pace::Place;
use super::{EpochResult, Evaluation, StepResult, Tally, Trainer};
use crate::data::Samples;
use crate::engine::Device;
use crate::error::{Error, Result};
use crate::kernels::{Clip, Slice};

/// What came of some work.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct News {
    /// Steps whose losses were read.
    pub steps: Vec<StepResult>,
    /// The epoch that ended, if one did.
    pub epoch: Option<EpochResult>,
}

/// A run of the network over a batch that is under way on the device.
#[derive(Debug)]
pub(super) struct Pass {
    /// What to submit next.
    next: Place,
    /// The dispatch behind the last.
    end: usize,
    work: Work,
}

#[derive(Debug)]
enum Work {
    /// Of training, with so many samples.
    Step(usize),
    /// Of validation, with so many.
    Validation(usize),
    /// Of whatever the caller reads.
    Answers,
}

impl Trainer {
    /// Works for about `time`, at most to the end of an epoch, its validation
    /// included; losses are read at the end. A step that is not done by then
    /// goes on with the next call.
    ///
    /// # Errors
    /// [`Error::Diverged`] when a loss or gradient is not finite: from that step
    /// on no update was made. [`Error::DeviceLost`], and what the driver complains of.
    pub async fn advance(&mut self, device: &Device, time: Duration) -> Result<News> {
        let deadline = Instant::now() + time;
        while self.news.epoch.is_none() {
            if self.pass.is_none() {
                self.begin(device).await?;
            } else if self.work(device, Some(deadline)).await? {
                self.end(device).await?;
            }
            if Instant::now() >= deadline {
                break;
            }
        }
        self.read(device).await?;
        Ok(self.news())
    }

    /// Does one step to its end, and the validation where the step ends an epoch.
    ///
    /// # Errors
    /// As [`Trainer::advance`].
    pub async fn step(&mut self, device: &Device) -> Result<News> {
        self.settle(device).await?;
        let before = self.state.step;
        loop {
            self.begin(device).await?;
            self.settle(device).await?;
            let ended = self.state.step as usize == self.epoch_end();
            if self.news.epoch.is_some() || (self.state.step > before && !ended) {
                return Ok(std::mem::take(&mut self.news));
            }
        }
    }

    /// Trains to the end of this epoch and validates. `told` gets the losses as
    /// they are read; `false` stops, from where it goes on.
    ///
    /// # Errors
    /// [`Error::Stopped`], and as [`Trainer::advance`].
    pub async fn epoch(
        &mut self,
        device: &Device,
        mut told: impl FnMut(&[StepResult]) -> bool,
    ) -> Result<EpochResult> {
        loop {
            let news = self.advance(device, Duration::from_secs(1)).await?;
            let goes_on = told(&news.steps);
            match news.epoch {
                Some(result) => return Ok(result),
                None if !goes_on => return Err(Error::Stopped.into()),
                None => {}
            }
        }
    }

    /// Ends the step that is under way and reads the losses, so that the weights
    /// belong to [`Trainer::state`]. What came of it is told by the next call.
    ///
    /// # Errors
    /// As [`Trainer::advance`].
    pub async fn settle(&mut self, device: &Device) -> Result<()> {
        if self.work(device, None).await? {
            self.end(device).await?;
        }
        self.read(device).await
    }

    /// What came of work, such as [`Trainer::settle`]'s, that was not told yet.
    pub fn news(&mut self) -> News {
        std::mem::take(&mut self.news)
    }

    /// The logits of samples without augmentation and dropout, `classes` for
    /// each.
    ///
    /// # Errors
    /// As [`Trainer::advance`].
    pub async fn logits(
        &mut self,
        device: &Device,
        samples: &Samples,
        chosen: &[u32],
    ) -> Result<Vec<f32>> {
        self.settle(device).await?;
        if self.slices.is_some() {
            return self.logits_in_slices(device, samples, chosen).await;
        }
        let mut logits = Vec::new();
        for batch in chosen.chunks(self.plan.plan.batch) {
            self.begin_answers(device, samples, batch, Work::Answers);
            self.work(device, None).await?;
            self.pass = None;
            logits.extend(self.read_logits(device, batch.len()).await?);
        }
        Ok(logits)
    }

    /// Begins what comes next: a step, a batch of the validation, an epoch.
    async fn begin(&mut self, device: &Device) -> Result<()> {
        if (self.state.step as usize) < self.epoch_end() {
            // A halt must be seen before it is lifted.
            if self.unread.len() == self.plan.ring_entries() || self.lifts_halt {
                self.read(device).await?;
            }
            let start = Instant::now();
            let samples = self.begin_step(device);
            self.throughput.worked(start.elapsed());
            self.pass = Some(Pass {
                next: Place::before(0),
                end: self.plan.plan.steps.len(),
                work: Work::Step(samples),
            });
            return Ok(());
        }
        // The ring takes the losses of the validation too.
        self.read(device).await?;
        let dataset = self.dataset.clone();
        let samples = &dataset.validation;
        let classes = dataset.classes.len();
        let tally = self.validation.get_or_insert_with(|| Tally::new(classes));
        let first = tally.samples;
        if first < samples.len() {
            let last = (first + self.batch).min(samples.len());
            let chosen: Vec<u32> = (first as u32..last as u32).collect();
            if self.slices.is_some() {
                let logits = self.logits_in_slices(device, samples, &chosen).await?;
                self.count(&logits, chosen.len());
                return Ok(());
            }
            let work = Work::Validation(chosen.len());
            self.begin_answers(device, samples, &chosen, work);
            return Ok(());
        }
        self.end_epoch();
        Ok(())
    }

    fn begin_answers(&mut self, device: &Device, samples: &Samples, chosen: &[u32], work: Work) {
        self.fill(device, samples, chosen, None);
        self.write_run(device, 0, chosen.len(), false);
        self.pass = Some(Pass {
            next: Place::before(self.plan.evaluation.start),
            end: self.plan.evaluation.end,
            work,
        });
    }

    /// Submits what is left of a pass; `false` when the time was over before.
    pub(super) async fn work(
        &mut self,
        device: &Device,
        deadline: Option<Instant>,
    ) -> Result<bool> {
        let start = Instant::now();
        let is_step = matches!(&self.pass, Some(pass) if matches!(pass.work, Work::Step(_)));
        let done = match is_step && self.slices.is_some() {
            true => self.work_in_slices(device, deadline).await?,
            false => self.submit(device, deadline).await?,
        };
        // Whoever asks for it: a look at the weights ends a step too.
        if is_step {
            self.throughput.worked(start.elapsed());
        }
        Ok(done)
    }

    async fn submit(&mut self, device: &Device, deadline: Option<Instant>) -> Result<bool> {
        let Some(pass) = &mut self.pass else {
            return Ok(false);
        };
        while pass.next.dispatch < pass.end {
            let piece = self.pace.piece(pass.next, pass.end);
            if self.pace.is_full(&piece) {
                device.finish().await?;
                self.pace.done();
                if deadline.is_some_and(|deadline| Instant::now() >= deadline) {
                    return Ok(false);
                }
            }
            piece.submit(&self.executable, device);
            pass.next = piece.next;
            self.pace.submitted(piece);
        }
        Ok(true)
    }

    /// Takes account of a pass that is all submitted.
    async fn end(&mut self, device: &Device) -> Result<()> {
        let pass = self.pass.take().expect("a pass was under way");
        match pass.work {
            Work::Step(samples) => {
                self.unread.push((self.state.step, samples));
                self.state.step += 1;
            }
            Work::Validation(count) => {
                let logits = self.read_logits(device, count).await?;
                self.count(&logits, count);
            }
            Work::Answers => {}
        }
        Ok(())
    }

    /// Counts the answers to the next samples of the validation.
    fn count(&mut self, logits: &[f32], samples: usize) {
        let tally = self.validation.as_mut().expect("a validation under way");
        let labels = &self.dataset.validation.labels[tally.samples..];
        tally.add(logits, &labels[..samples]);
    }

    fn end_epoch(&mut self) {
        let tally = self.validation.take().expect("a validation that ended");
        let seen = self.state.seen as f64;
        let result = EpochResult {
            training: Evaluation {
                loss: self.state.loss / seen,
                error: self.state.errors as f64 / seen,
            },
            validation: tally.evaluation(),
        };
        if result.validation.is_some() {
            self.confusion = Some(tally.counts);
        }
        self.state.epochs.push(result);
        (self.state.seen, self.state.loss, self.state.errors) = (0, 0.0, 0);
        self.news.epoch = Some(result);
    }

    async fn read_logits(&mut self, device: &Device, count: usize) -> Result<Vec<f32>> {
        let slice = self.plan.plan.value(self.network.outputs()[0]);
        let mut logits: Vec<f32> = self.executable.read(device, slice).await?;
        self.pace.done();
        logits.truncate(count * self.dataset.classes.len());
        Ok(logits)
    }

    /// The struct at the start of a buffer.
    async fn read_first<T: bytemuck::Pod>(&self, device: &Device, slice: Slice) -> Result<T> {
        let slice = Slice {
            bytes: size_of::<T>() as u64,
            ..slice
        };
        Ok(self.executable.read(device, slice).await?[0])
    }

    /// Reads the losses of all steps submitted since the last time.
    async fn read(&mut self, device: &Device) -> Result<()> {
        if self.unread.is_empty() {
            return Ok(());
        }
        let start = Instant::now();
        let ring: Vec<[f32; 2]> = self.executable.read(device, self.plan.ring).await?;
        // A gradient can overflow where the loss does not.
        let clip: Clip = self.read_first(device, self.plan.clip).await?;
        self.pace.done();
        self.throughput.worked(start.elapsed());
        let unread = std::mem::take(&mut self.unread);
        let slot = |step: u32| step as usize % ring.len();
        // From this step on no update was made: the one whose slot the kernel noted, or
        // all when that was reported before.
        let halted = (clip.halted != 0.0).then(|| {
            let at = |(step, _): &(u32, usize)| slot(*step) + 1 == clip.halted as usize;
            unread.iter().position(at).unwrap_or(0)
        });
        for (index, (step, samples)) in unread.into_iter().enumerate() {
            let [loss, errors] = ring[slot(step)];
            if !loss.is_finite() || halted.is_some_and(|halted| index >= halted) {
                // From here on it can go on, with a lower rate.
                self.pass = None;
                self.state.step = step;
                self.take_back(device);
                return Err(Error::Diverged {
                    step,
                    activation: self.settings.activation.clone(),
                    rate: self.rate(self.state.epochs.len()),
                }
                .into());
            }
            let (loss, errors) = (f64::from(loss), errors as usize);
            self.state.seen += samples;
            self.state.loss += loss * samples as f64;
            self.state.errors += errors;
            self.throughput.trained(samples);
            self.news.steps.push(StepResult {
                step,
                samples,
                loss,
                error: errors as f64 / samples as f64,
            });
        }
        Ok(())
    }
}
