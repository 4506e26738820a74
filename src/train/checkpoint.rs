//! A run as a safetensors file: the weights under their own names, so that the
//! file is also a file of weights; the optimiser's memory under
//! `optimizer.INDEX.NAME`; settings and state as metadata.

use std::collections::BTreeMap;
use std::fmt::Display;

use super::trained::{PICTURES, Pictures, SETTINGS};
use super::{Settings, State, Trainer};
use crate::engine::Device;
use crate::error::{Error, Result};
use crate::weights::{Source, WeightsFile, write_safetensors};

const FORMAT: &str = "checkpoint";
const STATE: &str = "alexnet-live.state";
/// Name of the device that trained it last, for who reads the file.
const DEVICE: &str = "alexnet-live.device";

/// A run in a file.
pub struct Checkpoint {
    /// Its settings.
    pub settings: Settings,
    /// Where it stands.
    pub state: State,
    /// What it was trained with.
    pub pictures: Pictures,
    file: WeightsFile,
}

impl Checkpoint {
    /// Reads everything but the weights.
    ///
    /// # Errors
    /// [`Error::Malformed`] when it is none, and as [`WeightsFile::open`].
    pub fn open(source: impl Source + 'static) -> Result<Self> {
        let file = WeightsFile::open(source)?;
        let note = |key: &str| {
            let note = file.notes().get(key);
            let note = note.map(String::as_bytes);
            note.ok_or_else(|| malformed(format_args!("it lacks {key}: it is a file of weights")))
        };
        Ok(Self {
            settings: serde_json::from_slice(note(SETTINGS)?).map_err(malformed)?,
            state: serde_json::from_slice(note(STATE)?).map_err(malformed)?,
            pictures: serde_json::from_slice(note(PICTURES)?).map_err(malformed)?,
            file,
        })
    }

    /// Whether it can go on with these pictures.
    ///
    /// # Errors
    /// [`Error::OtherDataset`]; [`Error::Malformed`] when it stands where no run
    /// with them can.
    pub fn check(&self, pictures: &Pictures) -> Result<()> {
        self.pictures.expect(pictures)?;
        let images = pictures.training;
        let batch = self.settings.batch_of(images);
        let steps = images.div_ceil(batch);
        let state = &self.state;
        let done = (state.epochs.len().checked_mul(steps))
            .and_then(|before| (state.step as usize).checked_sub(before));
        let possible = done.is_some_and(|done| {
            done <= steps
                && state.seen == (done * batch).min(images)
                && state.errors <= state.seen
                && state.memory_since <= state.step
        });
        // Far from where counting ends.
        match possible && state.step < 1 << 30 {
            true => Ok(()),
            false => Err(malformed("no run can stand where it does")),
        }
    }
}

impl Trainer {
    /// The run as a file.
    ///
    /// # Errors
    /// As [`Trainer::advance`].
    pub async fn save(&mut self, device: &Device) -> Result<Vec<u8>> {
        self.serialise(device, true).await
    }

    /// The trained network as a file, without what only the run needs.
    ///
    /// # Errors
    /// As [`Trainer::advance`].
    pub async fn model(&mut self, device: &Device) -> Result<Vec<u8>> {
        self.serialise(device, false).await
    }

    fn pictures(&self) -> Pictures {
        Pictures::of(&self.dataset, self.preparation.statistics())
    }

    async fn serialise(&mut self, device: &Device, memory_too: bool) -> Result<Vec<u8>> {
        self.settle(device).await?;
        let mut tensors = Vec::new();
        for (parameter, state) in self.plan.plan.parameters.iter().zip(&self.plan.state) {
            let weights = self.weight_slices(parameter);
            let values = self.read_packed(device, parameter, &weights).await?;
            tensors.push((parameter.name.clone(), parameter.shape.clone(), values));
            for (index, slices) in state.iter().enumerate().filter(|_| memory_too) {
                let values = self.read_packed(device, parameter, slices).await?;
                let name = format!("optimizer.{index}.{}", parameter.name);
                tensors.push((name, parameter.shape.clone(), values));
            }
        }
        let pictures = self.pictures();
        let json = |value: serde_json::Result<String>| value.expect("plain data serialises");
        let mut notes = BTreeMap::new();
        let mut note = |key: &str, value| notes.insert(key.to_owned(), json(value));
        note(SETTINGS, serde_json::to_string(&self.settings));
        note(PICTURES, serde_json::to_string(&pictures));
        if memory_too {
            note(STATE, serde_json::to_string(&self.state));
            note(DEVICE, serde_json::to_string(&device.summary().name));
        }
        Ok(write_safetensors(&tensors, &notes))
    }

    /// Takes weights, the optimiser's memory and the state from a checkpoint of
    /// the same network.
    ///
    /// # Errors
    /// As [`Checkpoint::check`]; [`Error::Malformed`] or [`Error::Unknown`] when its
    /// network does not fit; [`Error::WeightsNotFinite`]. Nothing has changed then.
    pub fn restore(&mut self, device: &Device, checkpoint: &Checkpoint) -> Result<()> {
        checkpoint.check(&self.pictures())?;
        self.restore_tensors(device, &checkpoint.file, true)?;
        self.resume_at(checkpoint.state.clone());
        Ok(())
    }

    /// Takes only the weights of a file: a new run from them.
    ///
    /// # Errors
    /// As [`Trainer::restore`].
    pub fn restore_weights(&mut self, device: &Device, file: &WeightsFile) -> Result<()> {
        self.restore_tensors(device, file, false)
    }

    fn restore_tensors(&self, device: &Device, file: &WeightsFile, memory_too: bool) -> Result<()> {
        let mut writes = Vec::new();
        for (parameter, memory) in self.plan.plan.parameters.iter().zip(&self.plan.state) {
            let mut wanted = vec![(parameter.name.clone(), self.weight_slices(parameter))];
            for (index, slices) in memory.iter().enumerate().filter(|_| memory_too) {
                let name = format!("optimizer.{index}.{}", parameter.name);
                wanted.push((name, slices.clone()));
            }
            for (name, slices) in wanted {
                let tensor = file.find(&name)?;
                if tensor.shape != parameter.shape {
                    let (found, expected) = (&tensor.shape, &parameter.shape);
                    return Err(malformed(format_args!("{name} is {found}, not {expected}")));
                }
                let values = file.read_finite(tensor, 0..tensor.elements())?;
                writes.push((parameter, slices, values));
            }
        }
        for (parameter, slices, values) in &writes {
            self.write_packed(device, parameter, slices, values);
        }
        self.keep(device);
        Ok(())
    }
}

fn malformed(reason: impl Display) -> Box<Error> {
    Error::malformed(FORMAT, &reason)
}
