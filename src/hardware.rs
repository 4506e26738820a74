//! What is asked and told of a device, whichever engine it is: plain data that both
//! engines and everything above them share.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// The browser's own buffer, which canvases can draw from, and its own device.
#[cfg(target_arch = "wasm32")]
pub use wgpu::webgpu::{GpuBuffer as BufferHandle, GpuDevice as DeviceHandle};

/// What computes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Engine {
    /// WGSL kernels on a GPU.
    Gpu,
    /// SIMD kernels on the processor.
    Cpu,
}

/// What kind of hardware stands behind a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeviceKind {
    /// A graphics card.
    Discrete,
    /// A GPU that shares the memory of the CPU.
    Integrated,
    /// A GPU played by a driver in software.
    Software,
    /// A GPU of which the browser does not tell more.
    Unknown,
    /// The processor itself.
    Processor,
}

/// How to ask for a device.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DeviceOptions {
    /// The engine; where none is asked for, the GPU, or the processor where there is
    /// no GPU or only one in software.
    pub engine: Option<Engine>,
    /// Take a software adapter, even where there is a GPU.
    pub force_fallback: bool,
    /// Stay at WebGPU's default limits (128 MiB per binding, 256 MiB per
    /// buffer), even where the adapter offers more.
    pub default_limits: bool,
}

impl DeviceOptions {
    /// Asks for this engine and nothing else.
    pub fn on(engine: Engine) -> Self {
        Self {
            engine: Some(engine),
            ..Self::default()
        }
    }
}

/// What a person wants to know of a device.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DeviceSummary {
    /// What computes.
    pub engine: Engine,
    /// The driver's name for a GPU, which browsers may leave empty; the instruction
    /// set of a processor.
    pub name: String,
    /// What kind it is.
    pub kind: DeviceKind,
    /// Whether kernels can be timed on the device itself.
    pub timestamps: bool,
    /// Largest storage binding in bytes.
    pub max_binding_bytes: u64,
    /// Largest buffer in bytes.
    pub max_buffer_bytes: u64,
    /// Of the processor, where it computes.
    pub processor: Option<ProcessorSummary>,
}

/// How the processor computes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ProcessorSummary {
    /// Cores that compute.
    pub cores: usize,
    /// Numbers in a vector of its instruction set.
    pub lanes: usize,
}

/// Which clock a time was read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Clock {
    /// The device's own timestamps.
    Timestamp,
    /// Running one kernel alone and waiting for it.
    Wall,
}

/// How long one dispatch took.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KernelTime {
    /// Index of the dispatch.
    pub dispatch: usize,
    /// Its time.
    pub time: Duration,
}

impl Engine {
    /// The engine of this name.
    pub fn of(name: &str) -> Option<Self> {
        match name {
            "gpu" => Some(Self::Gpu),
            "cpu" => Some(Self::Cpu),
            _ => None,
        }
    }
}
