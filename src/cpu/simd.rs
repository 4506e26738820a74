//! What the processor offers.

/// The processor: its instruction set and its threads.
#[derive(Debug, Clone)]
pub struct Processor {}

impl Processor {
    /// What the machine offers.
    pub fn detect() -> Self {
        Self {}
    }

    /// Name of the instruction set.
    pub fn name(&self) -> &'static str {
        "scalar"
    }

    /// Numbers in a vector.
    pub fn lanes(&self) -> usize {
        4
    }

    /// Threads that compute.
    pub fn threads(&self) -> usize {
        1
    }
}
