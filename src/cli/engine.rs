//! What computes, as the command line asks for it.

use alexnet_live::engine::{Device, DeviceOptions, Engine};
use alexnet_live::error::Result;

#[derive(clap::Args)]
#[group(skip)]
pub struct Options {
    /// What computes; without it, the GPU, or the processor where there is none
    #[arg(long, value_enum)]
    engine: Option<Name>,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Name {
    Cpu,
    Gpu,
}

impl Options {
    /// Opens the device.
    pub async fn open(&self) -> Result<Device> {
        let engine = self.engine.map(|name| match name {
            Name::Cpu => Engine::Cpu,
            Name::Gpu => Engine::Gpu,
        });
        let options = DeviceOptions {
            engine,
            ..DeviceOptions::default()
        };
        Device::open(options).await
    }
}
