//! A network with its weights on a device: numbers in, numbers out.

use serde::Serialize;

use crate::engine::{Clock, Device, DeviceKind, Executable};
use crate::error::{Error, Result};
use crate::network::{Network, NodeId};
use crate::plan::{Plan, PlannedParameter, Preset, Storage, Target};
use crate::weights::{Encoding, WeightsFile};

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
            upload(
                device,
                &executable,
                file,
                parameter,
                &|_, _| (),
                &mut report,
            )
            .await?;
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

/// Reads, packs and writes a parameter piece by piece, so that it never stands
/// in memory whole. `edit` is given the first output of each piece of f32 and
/// its numbers, `report` told how many those are.
pub(crate) async fn upload(
    device: &Device,
    executable: &Executable,
    file: &WeightsFile,
    parameter: &PlannedParameter,
    edit: &dyn Fn(usize, &mut [f32]),
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
        let base = packing.offset(chunk.outputs.start);
        for outputs in packing.runs(chunk.outputs.clone(), PIECE / row) {
            let range = outputs.start * row..outputs.end * row;
            let numbers = range.len();
            file.prefetch(tensor, range.clone()).await?;
            let bytes = match storage {
                Storage::Codes4 => packing.pack_codes(&file.read_codes(tensor, range)?),
                _ => {
                    let mut rows = file.read_finite(tensor, range)?;
                    edit(outputs.start, &mut rows);
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
