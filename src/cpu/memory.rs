//! Buffers, and dispatches bound to them: the same list that a GPU runs.

use std::cell::{Ref, RefCell, RefMut};
use std::fmt;
use std::ops::Range;
use std::rc::Rc;

use crate::contract;
use crate::simd::Processor;

/// One run of a kernel, described.
#[derive(Debug, Clone)]
pub struct Dispatch<'a> {
    /// Name of the shader.
    pub shader: &'a str,
    /// Name of its entry point.
    pub entry_point: &'a str,
    /// Values of the overrides, in their order.
    pub constants: Vec<f64>,
    /// What is bound, in the order of the binding numbers.
    pub bindings: Vec<Slice>,
}

/// A range of a buffer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slice {
    /// Index of the buffer.
    pub buffer: usize,
    /// First byte, a multiple of 4.
    pub offset: usize,
    /// Number of bytes, a multiple of 4.
    pub bytes: usize,
}

/// Memory that any number of executables share, in words of four bytes.
pub(crate) type Buffer = Rc<RefCell<Vec<u32>>>;

/// A dispatch ready to run.
pub(crate) type Step = Box<dyn Fn(&Processor)>;

/// A range of a buffer at hand.
pub(crate) struct Bound {
    buffer: Buffer,
    words: Range<usize>,
}

impl Slice {
    fn words(&self) -> Range<usize> {
        self.offset / 4..(self.offset + self.bytes) / 4
    }

    pub(crate) fn bind(&self, memory: &[Buffer]) -> Bound {
        Bound {
            buffer: memory[self.buffer].clone(),
            words: self.words(),
        }
    }
}

impl Bound {
    pub(crate) fn read(&self) -> Ref<'_, [u32]> {
        Ref::map(self.buffer.borrow(), |words| &words[self.words.clone()])
    }

    pub(crate) fn write(&self) -> RefMut<'_, [u32]> {
        RefMut::map(self.buffer.borrow_mut(), |words| {
            &mut words[self.words.clone()]
        })
    }
}

/// Dispatches ready to run, with their buffers.
pub struct Executable {
    memory: Vec<Buffer>,
    steps: Vec<Step>,
}

impl fmt::Debug for Executable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Executable")
            .field("buffers", &self.memory.len())
            .field("steps", &self.steps.len())
            .finish()
    }
}

impl Executable {
    /// Allocates `buffers` (label and bytes, all zero), the first of which are those of
    /// `other`, and binds `dispatches` to them.
    ///
    /// # Errors
    /// The label of a buffer for which there is no memory.
    ///
    /// # Panics
    /// When a dispatch names a kernel that no shader has.
    pub fn new(
        other: Option<&Self>,
        buffers: &[(String, u64)],
        dispatches: &[Dispatch<'_>],
    ) -> Result<Self, String> {
        let mut memory = other.map_or_else(Vec::new, |other| other.memory.clone());
        for (label, bytes) in &buffers[memory.len()..] {
            let words = usize::try_from(bytes / 4).map_err(|_| label.clone())?;
            let mut buffer = Vec::new();
            buffer.try_reserve_exact(words).map_err(|_| label.clone())?;
            buffer.resize(words, 0);
            memory.push(Rc::new(RefCell::new(buffer)));
        }
        let steps = dispatches.iter().map(|dispatch| {
            contract::compile(dispatch, &memory).unwrap_or_else(|| {
                panic!("no shader has {}.{}", dispatch.shader, dispatch.entry_point)
            })
        });
        Ok(Self {
            steps: steps.collect(),
            memory,
        })
    }

    /// Number of dispatches.
    pub fn steps(&self) -> usize {
        self.steps.len()
    }

    /// Runs some of the dispatches, in order.
    pub fn run(&self, processor: &Processor, steps: Range<usize>) {
        for step in &self.steps[steps] {
            step(processor);
        }
    }

    /// Writes bytes, a multiple of 4, at an offset of a buffer.
    ///
    /// # Panics
    /// When they do not fit.
    pub fn write(&self, buffer: usize, offset: usize, bytes: &[u8]) {
        let mut memory = self.memory[buffer].borrow_mut();
        let memory: &mut [u8] = bytemuck::cast_slice_mut(&mut memory);
        memory[offset..offset + bytes.len()].copy_from_slice(bytes);
    }

    /// Numbers of a range of a buffer.
    ///
    /// # Panics
    /// When the range lies outside.
    pub fn read<T: bytemuck::Pod>(&self, slice: Slice) -> Vec<T> {
        bytemuck::pod_collect_to_vec(&self.memory[slice.buffer].borrow()[slice.words()])
    }

    /// Copies a range to another of the same size.
    ///
    /// # Panics
    /// When either lies outside, or their sizes differ.
    pub fn copy(&self, from: Slice, to: Slice) {
        let words = self.memory[from.buffer].borrow()[from.words()].to_vec();
        self.memory[to.buffer].borrow_mut()[to.words()].copy_from_slice(&words);
    }

    /// Fills a buffer with zeros.
    pub fn clear(&self, buffer: usize) {
        self.memory[buffer].borrow_mut().fill(0);
    }
}
