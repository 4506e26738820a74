//! The two engines behind one face: a [`Device`] is the GPU or the processor, and an
//! [`Executable`] runs a plan's dispatches on it. Nothing above knows which.

mod executable;
mod helper;
mod processor;
mod shares;
mod team;

pub use executable::Executable;
pub use helper::{Answer, Helper, Request, Server};

use std::rc::Rc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::gpu;
use processor::Processor;

/// The browser's own buffer, which canvases can draw from.
#[cfg(target_arch = "wasm32")]
pub use wgpu::webgpu::GpuBuffer as BufferHandle;

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

/// An open device.
#[derive(Debug)]
pub struct Device {
    kind: Kind,
    passed_over: Option<Box<Error>>,
}

#[derive(Debug)]
enum Kind {
    Gpu(gpu::Device),
    Processor(Processor),
}

impl Device {
    /// Opens the device that `options` ask for.
    ///
    /// # Errors
    /// [`Error::NoAdapter`] when the GPU is asked for and there is none or it cannot
    /// be opened.
    pub async fn open(options: DeviceOptions) -> Result<Self> {
        let processor = |passed_over| Self {
            kind: Kind::Processor(Processor::open()),
            passed_over,
        };
        if options.engine == Some(Engine::Cpu) {
            return Ok(processor(None));
        }
        let asked_for = options.engine.is_some() || options.force_fallback;
        match gpu::Device::open(options).await {
            Ok(device) if !asked_for && device.summary().kind == DeviceKind::Software => {
                let name = device.summary().name.clone();
                device.destroy();
                Ok(processor(Some(Error::SoftwareGpu { name }.into())))
            }
            Ok(device) => Ok(Self {
                kind: Kind::Gpu(device),
                passed_over: None,
            }),
            Err(error) if asked_for => Err(error),
            Err(error) => Ok(processor(Some(error))),
        }
    }

    /// Lets helpers share the work of what is prepared from now on, where the processor
    /// computes.
    pub fn employ(&mut self, helpers: Vec<Rc<dyn Helper>>) {
        if let Kind::Processor(processor) = &mut self.kind {
            processor.employ(helpers);
        }
    }

    /// Why the GPU was passed over, where the processor was not asked for.
    pub fn passed_over(&self) -> Option<&Error> {
        self.passed_over.as_deref()
    }

    /// What it is and what it can do.
    pub fn summary(&self) -> &DeviceSummary {
        match &self.kind {
            Kind::Gpu(device) => device.summary(),
            Kind::Processor(processor) => processor.summary(),
        }
    }

    /// The browser's own object, which canvases ask for; none where the processor
    /// computes.
    #[cfg(target_arch = "wasm32")]
    pub fn handle(&self) -> Option<wgpu::webgpu::GpuDevice> {
        match &self.kind {
            Kind::Gpu(device) => Some(device.handle()),
            Kind::Processor(_) => None,
        }
    }

    /// Waits until the device is lost and says why; never returns before.
    pub async fn lost(&self) -> Box<Error> {
        match &self.kind {
            Kind::Gpu(device) => device.lost().await,
            Kind::Processor(processor) => processor.closed().await,
        }
    }

    /// Gives the device up; whatever waits for it ends with [`Error::DeviceLost`].
    pub fn destroy(&self) {
        match &self.kind {
            Kind::Gpu(device) => device.destroy(),
            Kind::Processor(processor) => processor.close(),
        }
    }

    /// Waits until all work handed over is done.
    ///
    /// # Errors
    /// [`Error::DeviceLost`], or the first error of the driver since the last call.
    pub async fn finish(&self) -> Result<()> {
        match &self.kind {
            Kind::Gpu(device) => device.finish().await,
            Kind::Processor(processor) => processor.check(),
        }
    }
}
