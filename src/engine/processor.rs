//! The processor as a device.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Mutex;

use futures_channel::oneshot;

use super::helper::Helper;
use super::{DeviceKind, DeviceSummary, Engine, ProcessorSummary};
use crate::error::{Error, Result};

/// Bytes of a buffer at most: kernels count its numbers in 32 bits, and WebAssembly
/// has 4 GiB for everything.
const MAX_BYTES: u64 = if cfg!(target_arch = "wasm32") {
    1 << 30
} else {
    1 << 34
};

/// An open processor.
#[derive(Debug)]
pub(super) struct Processor {
    pub cpu: cpu::Processor,
    /// None before any were employed.
    helpers: Option<Vec<Rc<dyn Helper>>>,
    executables: Cell<u32>,
    summary: DeviceSummary,
    closed: Mutex<Closed>,
}

/// Whether it was given up, and who waits for that.
#[derive(Debug, Default)]
struct Closed {
    closed: bool,
    waiting: Vec<oneshot::Sender<()>>,
}

impl Processor {
    pub fn open() -> Self {
        let cpu = cpu::Processor::detect();
        Self {
            summary: DeviceSummary {
                engine: Engine::Cpu,
                name: cpu.name().to_owned(),
                kind: DeviceKind::Processor,
                timestamps: false,
                max_binding_bytes: MAX_BYTES,
                max_buffer_bytes: MAX_BYTES,
                processor: Some(ProcessorSummary {
                    cores: cpu.threads(),
                    lanes: cpu.lanes(),
                }),
            },
            cpu,
            helpers: None,
            executables: Cell::new(0),
            closed: Mutex::default(),
        }
    }

    pub fn employ(&mut self, helpers: Vec<Rc<dyn Helper>>) {
        self.summary.processor = Some(ProcessorSummary {
            cores: self.cpu.threads() + helpers.len(),
            lanes: self.cpu.lanes(),
        });
        self.helpers = Some(helpers);
    }

    /// Those that were employed; `None` where nobody was asked for any.
    pub fn helpers(&self) -> Option<&[Rc<dyn Helper>]> {
        self.helpers.as_deref()
    }

    /// A number that no executable of this processor has.
    pub fn next_executable(&self) -> u32 {
        self.executables.replace(self.executables.get() + 1)
    }

    pub fn summary(&self) -> &DeviceSummary {
        &self.summary
    }

    /// [`Error::DeviceLost`] once it was given up.
    pub fn check(&self) -> Result<()> {
        let closed = self.closed.lock().expect("no panic while locked").closed;
        if closed { Err(lost()) } else { Ok(()) }
    }

    /// Waits until it is given up.
    pub async fn closed(&self) -> Box<Error> {
        let receiver = {
            let mut closed = self.closed.lock().expect("no panic while locked");
            if closed.closed {
                return lost();
            }
            let (sender, receiver) = oneshot::channel();
            closed.waiting.push(sender);
            receiver
        };
        // A sender that is dropped means the same.
        let _ = receiver.await;
        lost()
    }

    pub fn close(&self) {
        let mut closed = self.closed.lock().expect("no panic while locked");
        closed.closed = true;
        for waiting in closed.waiting.drain(..) {
            // Whoever waited may have gone.
            let _ = waiting.send(());
        }
    }
}

fn lost() -> Box<Error> {
    let reason = "it was closed".to_owned();
    Error::DeviceLost { reason }.into()
}
