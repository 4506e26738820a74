//! Numbers with a shape, indexed as the formulas are.

use std::ops::{Index, IndexMut};

use alexnet_live::reference::{Maps, size};
use alexnet_live::shape::Shape;
use serde::Deserialize;

use crate::support::random;

/// Numbers in order of a shape, outermost dimension first. Values of a layer
/// start with the batch: `[batch, height, width, channels]` or
/// `[batch, features]`; parameters are in file order.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Tensor {
    pub shape: Vec<usize>,
    pub values: Vec<f64>,
}

impl Tensor {
    pub fn zeros(shape: &[usize]) -> Self {
        Self {
            shape: shape.to_vec(),
            values: vec![0.0; shape.iter().product()],
        }
    }

    /// Numbers between -1 and 1, exact in f32, other for each seed.
    pub fn random(seed: u32, shape: &[usize]) -> Self {
        let values = random(seed, shape.iter().product());
        Self {
            shape: shape.to_vec(),
            values: values.into_iter().map(f64::from).collect(),
        }
    }

    /// The shape without the batch.
    pub fn sample_shape(&self) -> Shape {
        Shape(self.shape[1..].to_vec())
    }

    /// What the reference reads.
    pub fn maps(&self) -> Maps<'_> {
        Maps {
            size: size(self.shape[0], &self.sample_shape()),
            values: &self.values,
        }
    }

    /// The numbers as a GPU takes them.
    pub fn narrow(&self) -> Vec<f32> {
        self.values.iter().map(|value| *value as f32).collect()
    }

    /// The shape of a tensor of known rank.
    pub fn dimensions<const RANK: usize>(&self) -> [usize; RANK] {
        self.shape[..].try_into().expect("a tensor of this rank")
    }

    /// Size of the last dimension: channels or features.
    pub fn channels(&self) -> usize {
        *self.shape.last().expect("at least one dimension")
    }

    /// The tensor with each number replaced.
    pub fn map(&self, replace: impl Fn(f64) -> f64) -> Self {
        Self {
            shape: self.shape.clone(),
            values: self.values.iter().map(|value| replace(*value)).collect(),
        }
    }

    /// Two tensors of one shape, number by number.
    pub fn zip(&self, other: &Self, combine: impl Fn(f64, f64) -> f64) -> Self {
        assert_eq!(self.shape, other.shape, "two tensors of one shape");
        let pairs = self.values.iter().zip(&other.values);
        Self {
            shape: self.shape.clone(),
            values: pairs.map(|(a, b)| combine(*a, *b)).collect(),
        }
    }

    fn offset(&self, index: &[usize]) -> usize {
        assert_eq!(index.len(), self.shape.len(), "an index of this rank");
        let sizes = index.iter().zip(&self.shape);
        sizes.fold(0, |offset, (index, size)| {
            assert!(index < size, "index {index} of {size}");
            offset * size + index
        })
    }
}

impl<const RANK: usize> Index<[usize; RANK]> for Tensor {
    type Output = f64;

    fn index(&self, index: [usize; RANK]) -> &f64 {
        &self.values[self.offset(&index)]
    }
}

impl<const RANK: usize> IndexMut<[usize; RANK]> for Tensor {
    fn index_mut(&mut self, index: [usize; RANK]) -> &mut f64 {
        let offset = self.offset(&index);
        &mut self.values[offset]
    }
}
