//! The two engines behind one face: a [`Device`] is the GPU or the processor, and an
//! [`Executable`] runs a plan's dispatches on it. Nothing above knows which.

mod crew;
mod executable;
mod helper;
mod processor;
mod shares;
mod team;

pub use crate::hardware::*;
pub use crew::Crew;
pub use executable::Executable;
pub use helper::{Answer, Helper, Request, Server};

use std::rc::Rc;

use crate::error::{Error, Result};
use crate::gpu;
use processor::Processor;

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

    /// Whether a batch is computed in slices, which helpers share.
    pub fn works_in_slices(&self) -> bool {
        matches!(&self.kind, Kind::Processor(processor) if processor.helpers().is_some())
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
    pub fn handle(&self) -> Option<DeviceHandle> {
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
