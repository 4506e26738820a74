//! A network with its weights on a device: numbers in, numbers out.

use serde::Serialize;

use crate::engine::{Clock, Device, DeviceKind, Executable};
use crate::error::{Error, Result};
use crate::network::{Network, NodeId};
use crate::plan::{Chunk, Packing, Plan, PlannedParameter, Preset, Storage, Target};
use crate::weights::{Encoding, Tensor, WeightsFile};

/// What a long task is at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Hashing the file, in bytes.
    Check,
    /// Compiling kernels, one by one.
    Compile,
    /// Moving weights to the device, in numbers.
    Upload,
    /// Computing the reference, in multiply-adds.
    Verify,
}

impl Stage {
    /// Name in lower case.
    pub fn name(self) -> &'static str {
        match self {
            Self::Check => "check",
            Self::Compile => "compile",
            Self::Upload => "upload",
            Self::Verify => "verify",
        }
    }
}

/// Told the stage, what is done and the total; `false` stops.
pub type Progress<'a> = dyn FnMut(Stage, u64, u64) -> bool + 'a;

/// Numbers of a weight read at once (1 MiB as f32).
pub(crate) const PIECE: usize = 1 << 18;

/// A network planned for a batch, compiled, and its weights uploaded.
#[derive(Debug)]
pub struct Inference {
    pub(crate) network: Network,
    pub(crate) plan: Plan,
    pub(crate) executable: Executable,
    pub(crate) target: Target,
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

impl Inference {
    /// Makes `network` ready to answer `batch` samples at once, with the weights
    /// of a file that fits it.
    ///
    /// # Errors
    /// [`Error::WeightsMismatch`] when the file does not fit,
    /// [`Error::WeightsNotFinite`] when it is damaged, [`Error::Stopped`], what reading the file gives, and what the device gives.
    pub async fn new(
        device: &Device,
        network: Network,
        batch: usize,
        file: &WeightsFile,
        progress: &mut Progress<'_>,
    ) -> Result<Self> {
        file.check(&network)?;
        let target = target(device);
        let plan = Plan::inference(&network, batch, target, |name| storage(file, name))?;
        let executable = Executable::in_a_team(
            device,
            &plan.allocations(),
            &plan.dispatches(),
            &mut |done, total| progress(Stage::Compile, done as u64, total as u64),
        )
        .await?;

        let total = network.parameter_count() as u64;
        let mut done = 0;
        for parameter in &plan.parameters {
            let mut report = |numbers: usize| {
                done += numbers as u64;
                progress(Stage::Upload, done, total)
            };
            upload(device, &executable, file, parameter, None, &mut report).await?;
        }
        Ok(Self {
            network,
            plan,
            executable,
            target,
        })
    }

    /// The network.
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// What runs for it.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Sets an input, `[batch, ...shape]`, before the next run.
    ///
    /// # Errors
    /// [`Error::Input`] when the number of elements is another.
    pub fn write(&self, device: &Device, input: NodeId, values: &[f32]) -> Result<()> {
        let node = &self.network[input];
        let expected = self.plan.batch * node.shape.elements();
        if values.len() != expected {
            return Err(Error::Input {
                layer: node.name.clone(),
                expected: format!("{expected} numbers ({} x {})", self.plan.batch, node.shape),
                found: format!("{} numbers", values.len()),
            }
            .into());
        }
        let slice = self.plan.value(input);
        let bytes = bytemuck::cast_slice(values);
        self.executable
            .write(device, slice.buffer, slice.offset, bytes);
        Ok(())
    }

    /// Computes everything from the inputs written last.
    ///
    /// # Errors
    /// What the device gives.
    pub async fn run(&self, device: &Device) -> Result<()> {
        self.executable.run(device).await
    }

    /// The value of a node, `[batch, ...shape]`.
    ///
    /// # Errors
    /// What the device gives.
    pub async fn read(&self, device: &Device, node: NodeId) -> Result<Vec<f32>> {
        let slice = self.plan.value(node);
        let mut values = self.executable.read(device, slice).await?;
        values.truncate(self.plan.batch * self.network[node].shape.elements());
        Ok(values)
    }

    /// Times each layer on the inputs written last.
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
}

/// What a plan for this device must know of it.
pub fn target(device: &Device) -> Target {
    let summary = device.summary();
    Target {
        preset: match (summary.processor, summary.kind) {
            (Some(processor), _) => Preset::cpu(processor.lanes as u32),
            (None, DeviceKind::Software) => Preset::SOFTWARE,
            _ => Preset::GPU,
        },
        max_binding_bytes: summary.max_binding_bytes,
    }
}

/// Weights stay as small on the device as in their file, unless they are read as others
/// than stand there.
fn storage(file: &WeightsFile, name: &str) -> Storage {
    let Ok(tensor) = file.find(name) else {
        return Storage::F32;
    };
    match tensor.encoding() {
        Encoding::F16 if !tensor.is_scaled() => Storage::F16,
        Encoding::Codes { bits: 4 } if tensor.shape.0.len() == 2 => Storage::Codes4,
        _ => Storage::F32,
    }
}

/// Changes numbers of a parameter on their way: those of the outputs from this one on.
pub(crate) type Edit<'a> = dyn Fn(usize, &mut [f32]) + 'a;

/// Reads, packs and writes a parameter piece by piece, so that it never stands
/// in memory whole. `report` is told how many numbers a piece has.
pub(crate) async fn upload(
    device: &Device,
    executable: &Executable,
    file: &WeightsFile,
    parameter: &PlannedParameter,
    edit: Option<&Edit<'_>>,
    report: &mut dyn FnMut(usize) -> bool,
) -> Result<()> {
    let tensor = file.find(&parameter.name)?;
    let (packing, storage) = (parameter.packing, parameter.storage);
    if let (Some(slice), Some(values)) = (parameter.codebook, tensor.codebook()) {
        tensor.expect_finite(values)?;
        let bytes = bytemuck::cast_slice(values);
        executable
            .upload(device, slice.buffer, slice.offset, bytes)
            .await?;
    }
    let row = packing.row();
    for chunk in parameter.each() {
        if edit.is_none() && tensor.is_transposed() {
            upload_by_inputs(device, executable, (file, tensor), parameter, chunk, report).await?;
            continue;
        }
        let base = packing.offset(chunk.outputs.start);
        for outputs in packing.runs(chunk.outputs.clone(), PIECE / row) {
            let range = outputs.start * row..outputs.end * row;
            let numbers = range.len();
            file.prefetch(tensor, range.clone()).await?;
            let bytes = match storage {
                Storage::Codes4 => packing.pack_codes(&file.read_codes(tensor, range)?),
                _ => {
                    let mut rows = file.read_finite(tensor, range)?;
                    if let Some(edit) = edit {
                        edit(outputs.start, &mut rows);
                    }
                    packing.pack(&rows, storage)
                }
            };
            let element = packing.offset(outputs.start) - base;
            let offset = chunk.slice.offset + element as u64 * storage.bits() as u64 / 8;
            executable
                .upload(device, chunk.slice.buffer, offset, &bytes)
                .await?;
            if !report(numbers) {
                return Err(Error::Stopped.into());
            }
        }
    }
    Ok(())
}

/// As [`upload`], a chunk of a parameter whose outputs stand side by side in the file:
/// a few inputs of all of them at once, each to the blocks of its outputs, so that the
/// file is read once.
async fn upload_by_inputs(
    device: &Device,
    executable: &Executable,
    (file, tensor): (&WeightsFile, &Tensor),
    parameter: &PlannedParameter,
    chunk: &Chunk,
    report: &mut dyn FnMut(usize) -> bool,
) -> Result<()> {
    let (packing, storage) = (parameter.packing, parameter.storage);
    let bytes_of = |elements: usize| elements * storage.bits() / 8;
    let base = packing.offset(chunk.outputs.start);
    let all = chunk.outputs.len().next_multiple_of(packing.block);
    for outputs in packing.runs(chunk.outputs.clone(), all) {
        let few = (PIECE / (outputs.len() * packing.positions)).max(1);
        for first in (0..packing.inputs).step_by(few) {
            let inputs = first..packing.inputs.min(first + few);
            let numbers = file.read_inputs(tensor, outputs.clone(), inputs.clone())?;
            let part = Packing {
                inputs: inputs.len(),
                ..packing
            };
            let bytes = part.pack(&numbers, storage);
            let run = inputs.len() * packing.block;
            let start = packing.offset(outputs.start) - base + first * packing.block;
            let pieces = bytes
                .chunks(bytes_of(run))
                .enumerate()
                .map(|(index, bytes)| {
                    let element = start + index * packing.inputs * packing.block;
                    (chunk.slice.offset + bytes_of(element) as u64, bytes)
                });
            executable
                .upload_pieces(device, chunk.slice.buffer, pieces)
                .await?;
            if !report(numbers.len()) {
                return Err(Error::Stopped.into());
            }
        }
    }
    Ok(())
}
