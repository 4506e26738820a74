//! Helpers that each hold the whole of an executable, and run it on other samples.

use std::ops::Range;
use std::rc::Rc;

use super::helper::{Answer, Helper, Part, Request, Task};
use super::{Device, Kind};
use crate::error::Result;
use crate::kernels::{Dispatch, Slice};

/// The same executable with every helper of the processor.
#[derive(Debug)]
pub struct Crew {
    id: u32,
    helpers: Vec<Rc<dyn Helper>>,
}

impl Crew {
    /// Prepares the executable with each helper; `None` on a device that nobody was
    /// employed for.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`](crate::error::Error::OutOfMemory) of a helper.
    pub async fn new(
        device: &Device,
        buffers: &[(String, u64)],
        dispatches: &[Dispatch],
    ) -> Result<Option<Self>> {
        let Kind::Processor(processor) = &device.kind else {
            return Ok(None);
        };
        let Some(helpers) = processor.helpers() else {
            return Ok(None);
        };
        let crew = Self {
            id: processor.next_executable(),
            helpers: helpers.to_vec(),
        };
        for helper in helpers {
            let request = Request::Prepare {
                executable: crew.id,
                buffers: buffers.to_vec(),
                dispatches: dispatches.iter().map(Task::of).collect(),
            };
            helper.ask(&request, Vec::new()).await?;
        }
        Ok(Some(crew))
    }

    /// How many helpers there are.
    pub fn helpers(&self) -> usize {
        self.helpers.len()
    }

    /// Lets a helper write, run and read; the answer is what stands in `reads`, one
    /// after the other.
    pub fn ask(
        &self,
        helper: usize,
        writes: &[(Slice, &[u8])],
        steps: Range<usize>,
        reads: &[Slice],
    ) -> Answer {
        let within = |slice: &Slice, bytes: usize| {
            let part = Part::of(slice);
            Part(part.0, part.1, bytes)
        };
        let request = Request::Run {
            executable: self.id,
            writes: writes
                .iter()
                .map(|(slice, bytes)| within(slice, bytes.len()))
                .collect(),
            steps,
            reads: reads.iter().map(Part::of).collect(),
        };
        let bytes = writes.iter().flat_map(|(_, bytes)| *bytes).copied();
        self.helpers[helper].ask(&request, bytes.collect())
    }
}

impl Drop for Crew {
    fn drop(&mut self) {
        let executable = self.id;
        for helper in &self.helpers {
            // Nobody waits for the memory that it gives back.
            drop(helper.ask(&Request::Release { executable }, Vec::new()));
        }
    }
}
