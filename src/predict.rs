//! The use case image -> classes: a network with its weights on a device, asked
//! one picture at a time.

use serde::Serialize;
use web_time::Instant;

use crate::error::{Error, Result};
use crate::gpu::{Clock, Device, Executable};
use crate::models::{self, Loaded, Model, ModelInfo};
use crate::network::Network;
use crate::plan::{Plan, PlannedParameter, Preset, Storage, Target};
use crate::preprocess::{Picture, Preprocessing};
use crate::weights::{Encoding, Source, WeightsFile, sha256};

/// What loading is at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Hashing the file, in bytes.
    Check,
    /// Compiling kernels, one by one.
    Compile,
    /// Moving weights to the device, in numbers.
    Upload,
}

impl Stage {
    /// Name in lower case.
    pub fn name(self) -> &'static str {
        match self {
            Self::Check => "check",
            Self::Compile => "compile",
            Self::Upload => "upload",
        }
    }
}

/// Told the stage, what is done and the total; `false` stops.
pub type Progress<'a> = dyn FnMut(Stage, u64, u64) -> bool + 'a;

/// Numbers of a weight read, packed and uploaded at once (4 MiB as f32).
const PIECE: usize = 1 << 20;

/// How many classes are answered.
const TOP: usize = 5;

/// A network with its weights on a device.
#[derive(Debug)]
pub struct Predictor {
    network: Network,
    preprocessing: Preprocessing,
    plan: Plan,
    executable: Executable,
    info: ModelInfo,
}

/// One of the best answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Class {
    /// Index of the output.
    pub index: usize,
    /// Its name, where the outputs have names.
    pub label: String,
    /// Softmax over all outputs, 0 to 1.
    pub probability: f32,
}

/// Where the time of one answer went, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Milliseconds {
    /// Resizing, cropping and normalising.
    pub preprocess: f64,
    /// Handing the input to the device.
    pub upload: f64,
    /// Computing.
    pub gpu: f64,
    /// Reading the logits.
    pub read_back: f64,
}

/// What a network says of a picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Classification {
    /// The five best classes, best first.
    pub top: Vec<Class>,
    /// What the network saw.
    pub crop: Picture,
    /// Where the time went.
    pub milliseconds: Milliseconds,
}

/// Time of one layer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LayerTime {
    /// Name of the node.
    pub name: String,
    /// Kind of layer.
    pub kind: &'static str,
    /// Milliseconds of all its kernels.
    pub milliseconds: f64,
}

impl Predictor {
    /// Loads a file of weights for `model`, or for the registered model that
    /// its tensors fit.
    ///
    /// # Errors
    /// What the file gives, [`Error::WeightsMismatch`], [`Error::Stopped`], or
    /// what the device gives.
    pub async fn load(
        device: &Device,
        model: Option<&'static Model>,
        source: impl Source + 'static,
        progress: &mut Progress<'_>,
    ) -> Result<Self> {
        let bytes = source.len();
        let hash = sha256(&source, &mut |done| progress(Stage::Check, done, bytes))?;
        let mut file = WeightsFile::open(source)?;
        let (model, network) = identify(&mut file, model)?;

        let target = Target {
            preset: Preset::of(device.summary().kind),
            max_binding_bytes: device.summary().max_binding_bytes,
        };
        let plan = Plan::inference(&network, 1, target, |name| storage(&file, name))?;
        let executable = Executable::new(
            device,
            &plan.allocations(),
            &plan.dispatches(),
            |done, total| progress(Stage::Compile, done as u64, total as u64),
        )
        .await?;

        let total = network.parameter_count() as u64;
        let mut done = 0;
        for parameter in &plan.parameters {
            let mut report = |numbers: usize| {
                done += numbers as u64;
                progress(Stage::Upload, done, total)
            };
            upload(device, &executable, &file, parameter, &mut report).await?;
        }
        let mut info = ModelInfo::new(&network, Some(model));
        info.loaded = Some(Loaded {
            hash,
            format: file.format().name(),
            bytes,
        });
        Ok(Self {
            network,
            preprocessing: model.preprocessing,
            plan,
            executable,
            info,
        })
    }

    /// The network and what is known of it.
    pub fn info(&self) -> &ModelInfo {
        &self.info
    }

    /// Names what a picture shows.
    ///
    /// # Errors
    /// What the device gives.
    pub async fn classify(&self, device: &Device, picture: &Picture) -> Result<Classification> {
        let start = Instant::now();
        let input = self.network.inputs()[0];
        let (height, width, _) = self.network[input].shape.as_map().expect("a picture");
        let crop = self
            .preprocessing
            .crop(picture, height as u32, width as u32);
        let x = self.preprocessing.normalise(&crop);
        let preprocess = milliseconds(start);

        let start = Instant::now();
        let slice = self.plan.value(input);
        let bytes = bytemuck::cast_slice(&x);
        self.executable
            .write(device, slice.buffer, slice.offset, bytes);
        device.finish().await?;
        let upload = milliseconds(start);

        let start = Instant::now();
        self.executable.run(device);
        device.finish().await?;
        let gpu = milliseconds(start);

        let start = Instant::now();
        let logits = self.logits(device).await?;
        let read_back = milliseconds(start);
        Ok(Classification {
            top: best(&logits, models::labels(&self.network).as_deref()),
            crop,
            milliseconds: Milliseconds {
                preprocess,
                upload,
                gpu,
                read_back,
            },
        })
    }

    /// Runs the network on numbers as they are, `[height, width, channels]`, and
    /// gives the logits.
    ///
    /// # Errors
    /// [`Error::Input`] when the number of elements is another, and what the
    /// device gives.
    pub async fn run(&self, device: &Device, x: &[f32]) -> Result<Vec<f32>> {
        let input = self.network.inputs()[0];
        let shape = &self.network[input].shape;
        if x.len() != shape.elements() {
            return Err(Error::Input {
                layer: self.network[input].name.clone(),
                expected: format!("{} numbers ({shape})", shape.elements()),
                found: format!("{} numbers", x.len()),
            });
        }
        let slice = self.plan.value(input);
        let bytes = bytemuck::cast_slice(x);
        self.executable
            .write(device, slice.buffer, slice.offset, bytes);
        self.executable.run(device);
        self.logits(device).await
    }

    /// Times each layer on the last picture.
    ///
    /// # Errors
    /// What the device gives.
    pub async fn profile(&self, device: &Device) -> Result<(Clock, Vec<LayerTime>)> {
        let (clock, times) = self.executable.profile(device).await?;
        let mut layers: Vec<LayerTime> = Vec::new();
        for time in times {
            let node = &self.network[self.plan.steps[time.dispatch].node];
            let milliseconds = time.time.as_secs_f64() * 1e3;
            match layers.last_mut() {
                Some(layer) if layer.name == node.name => layer.milliseconds += milliseconds,
                _ => layers.push(LayerTime {
                    name: node.name.clone(),
                    kind: node.layer.kind(),
                    milliseconds,
                }),
            }
        }
        Ok((clock, layers))
    }

    async fn logits(&self, device: &Device) -> Result<Vec<f32>> {
        let output = self.network.outputs()[0];
        let mut logits = self
            .executable
            .read(device, self.plan.value(output))
            .await?;
        logits.truncate(self.network[output].shape.elements());
        Ok(logits)
    }
}

/// The model that a file belongs to; its tensors take the network's names.
fn identify(
    file: &mut WeightsFile,
    model: Option<&'static Model>,
) -> Result<(&'static Model, Network)> {
    let candidates: Vec<(&'static Model, Network)> = models::MODELS
        .iter()
        .filter(|candidate| model.is_none_or(|model| model.name == candidate.name))
        .map(|candidate| (*candidate, candidate.network()))
        .collect();
    let fit = file.identify(candidates.iter().map(|(_, network)| network))?;
    let (name, renames) = (fit.network.name.clone(), fit.renames);
    file.rename(&renames);
    let found = candidates
        .into_iter()
        .find(|(_, network)| network.name == name);
    Ok(found.expect("one of the candidates"))
}

/// Weights stay as small on the device as in their file.
fn storage(file: &WeightsFile, name: &str) -> Storage {
    let Ok(tensor) = file.find(name) else {
        return Storage::F32;
    };
    match tensor.encoding() {
        Encoding::F16 => Storage::F16,
        Encoding::Codes { bits: 4 } if tensor.shape.0.len() == 2 => Storage::Codes4,
        _ => Storage::F32,
    }
}

/// Reads, packs and writes a parameter piece by piece, so that it never stands
/// in memory whole. `report` is told the numbers of each piece.
async fn upload(
    device: &Device,
    executable: &Executable,
    file: &WeightsFile,
    parameter: &PlannedParameter,
    report: &mut impl FnMut(usize) -> bool,
) -> Result<()> {
    let tensor = file.find(&parameter.name)?;
    let (packing, storage) = (parameter.packing, parameter.storage);
    if let (Some(slice), Some(values)) = (parameter.codebook, tensor.codebook()) {
        let bytes = bytemuck::cast_slice(values);
        executable.write(device, slice.buffer, slice.offset, bytes);
    }
    let row = packing.row();
    for chunk in &parameter.chunks {
        let base = packing.offset(chunk.outputs.start);
        for run in packing.runs(PIECE / row) {
            if !chunk.outputs.contains(&run.start) {
                continue;
            }
            // A run may reach into the next chunk, which takes up from there.
            let outputs = run.start..run.end.min(chunk.outputs.end);
            let range = outputs.start * row..outputs.end * row;
            let numbers = range.len();
            let bytes = match storage {
                Storage::Codes4 => packing.pack_codes(&file.read_codes(tensor, range)?),
                _ => packing.pack(&file.read_f32(tensor, range)?, storage),
            };
            let element = packing.offset(outputs.start) - base;
            let offset = chunk.slice.offset + (element * storage.bits() / 8) as u64;
            executable
                .upload(device, chunk.slice.buffer, offset, &bytes)
                .await?;
            if !report(numbers) {
                return Err(Error::Stopped);
            }
        }
    }
    Ok(())
}

/// The best classes of these logits, by their softmax.
fn best(logits: &[f32], labels: Option<&[&str]>) -> Vec<Class> {
    let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let sum: f32 = logits.iter().map(|logit| (logit - largest).exp()).sum();
    let mut order: Vec<usize> = (0..logits.len()).collect();
    order.sort_by(|a, b| logits[*b].total_cmp(&logits[*a]));
    order
        .into_iter()
        .take(TOP)
        .map(|index| Class {
            index,
            label: labels.map_or_else(|| index.to_string(), |labels| labels[index].to_owned()),
            probability: (logits[index] - largest).exp() / sum,
        })
        .collect()
}

fn milliseconds(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1e3
}
