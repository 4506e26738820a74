//! Helpers: other workers, each with a module and a memory of its own, that compute
//! shares of the work on the processor. Nothing is shared: requests and answers are
//! messages, so that a page needs no isolation from others.

use std::collections::HashMap;
use std::fmt::Debug;
use std::ops::Range;
use std::pin::Pin;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::kernels::{Dispatch, Slice};

/// What comes of a request.
pub type Answer = Pin<Box<dyn Future<Output = Result<Vec<u8>>>>>;

/// Where requests go.
pub trait Helper: Debug {
    /// Hands a request over, with the bytes that belong to it, and gives the answer.
    /// Requests are answered in their order; the first is on its way when this returns.
    fn ask(&self, request: &Request, bytes: Vec<u8>) -> Answer;
}

/// What a helper can be asked.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Request {
    /// Allocate buffers, all zero, and bind dispatches to them.
    Prepare {
        /// The name that later requests give.
        executable: u32,
        /// Label and bytes of each buffer.
        buffers: Vec<(String, u64)>,
        /// What will run.
        dispatches: Vec<Task>,
    },
    /// Write the bytes of this request into a buffer.
    Write {
        /// See [`Request::Prepare`].
        executable: u32,
        /// The range of a buffer.
        to: Part,
    },
    /// Write the bytes of this request, run, and answer with what stands in `reads`.
    Run {
        /// See [`Request::Prepare`].
        executable: u32,
        /// Where the bytes of this request go, one after the other.
        writes: Vec<Part>,
        /// The dispatches to run.
        steps: Range<usize>,
        /// What to answer, one after the other.
        reads: Vec<Part>,
    },
    /// Give the memory back.
    Release {
        /// See [`Request::Prepare`].
        executable: u32,
    },
}

/// A dispatch, in words.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Task {
    /// Name of the shader.
    pub shader: String,
    /// Name of its entry point.
    pub entry_point: String,
    /// Values of the overrides, in their order.
    pub constants: Vec<f64>,
    /// What is bound, in the order of the binding numbers.
    pub bindings: Vec<Part>,
}

/// A range of a buffer: buffer, first byte, number of bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part(pub usize, pub usize, pub usize);

impl Part {
    /// The range that a plan's slice is.
    pub fn of(slice: &Slice) -> Self {
        Self(slice.buffer.0, slice.offset as usize, slice.bytes as usize)
    }

    /// As the CPU engine takes it.
    pub fn slice(self) -> cpu::Slice {
        cpu::Slice {
            buffer: self.0,
            offset: self.1,
            bytes: self.2,
        }
    }
}

impl Task {
    /// A dispatch of a plan.
    pub fn of(dispatch: &Dispatch) -> Self {
        Self {
            shader: dispatch.kernel.source.name.to_owned(),
            entry_point: dispatch.kernel.entry_point.to_owned(),
            constants: dispatch.constants.iter().map(|(_, value)| *value).collect(),
            bindings: dispatch.bindings.iter().map(Part::of).collect(),
        }
    }

    /// As the CPU engine takes it.
    pub fn dispatch(&self) -> cpu::Dispatch<'_> {
        cpu::Dispatch {
            shader: &self.shader,
            entry_point: &self.entry_point,
            constants: self.constants.clone(),
            bindings: self.bindings.iter().map(|part| part.slice()).collect(),
        }
    }
}

/// The helper's end: what it holds, and how it answers.
#[derive(Debug)]
pub struct Server {
    processor: cpu::Processor,
    executables: HashMap<u32, cpu::Executable>,
}

impl Server {
    /// With nothing prepared yet.
    pub fn new() -> Self {
        Self {
            processor: cpu::Processor::detect(),
            executables: HashMap::new(),
        }
    }

    /// Answers a request.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`].
    ///
    /// # Panics
    /// When a request names what was not prepared.
    pub fn answer(&mut self, request: &Request, bytes: &[u8]) -> Result<Vec<u8>> {
        match request {
            Request::Prepare {
                executable,
                buffers,
                dispatches,
            } => {
                let dispatches: Vec<_> = dispatches.iter().map(Task::dispatch).collect();
                let prepared = cpu::Executable::new(None, buffers, &dispatches);
                let prepared = prepared.map_err(|what| Error::OutOfMemory { what })?;
                self.executables.insert(*executable, prepared);
                Ok(Vec::new())
            }
            Request::Write { executable, to } => {
                self.executables[executable].write(to.0, to.1, bytes);
                Ok(Vec::new())
            }
            Request::Run {
                executable,
                writes,
                steps,
                reads,
            } => {
                let executable = &self.executables[executable];
                let mut rest = bytes;
                for part in writes {
                    let (own, behind) = rest.split_at(part.2);
                    executable.write(part.0, part.1, own);
                    rest = behind;
                }
                executable.run(&self.processor, steps.clone());
                let read = |part: &Part| executable.read::<u8>(part.slice());
                Ok(reads.iter().flat_map(read).collect())
            }
            Request::Release { executable } => {
                self.executables.remove(executable);
                Ok(Vec::new())
            }
        }
    }
}

impl Default for Server {
    fn default() -> Self {
        Self::new()
    }
}
