//! Memory for the time of a computation.

use std::cell::RefCell;
use std::ops::{Deref, DerefMut};

thread_local! {
    /// What this thread no longer uses, so that the next computation need not ask the
    /// system for it.
    static FREE: RefCell<Vec<Vec<f32>>> = const { RefCell::new(Vec::new()) };
}

/// Numbers that belong to one computation; what stands in them at first is left from
/// others.
pub(crate) struct Scratch {
    /// At least `count` of them.
    numbers: Vec<f32>,
    count: usize,
}

impl Scratch {
    /// Room for this many numbers.
    pub fn new(count: usize) -> Self {
        let mut numbers = FREE.with_borrow_mut(Vec::pop).unwrap_or_default();
        if numbers.len() < count {
            numbers.resize(count, 0.0);
        }
        Self { numbers, count }
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let numbers = std::mem::take(&mut self.numbers);
        FREE.with_borrow_mut(|free| free.push(numbers));
    }
}

impl Deref for Scratch {
    type Target = [f32];
    fn deref(&self) -> &[f32] {
        &self.numbers[..self.count]
    }
}

impl DerefMut for Scratch {
    fn deref_mut(&mut self) -> &mut [f32] {
        &mut self.numbers[..self.count]
    }
}
