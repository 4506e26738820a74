//! Shapes of tensors, outermost dimension first and without the batch: a map
//! is `[height, width, channels]`, a vector `[features]`.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Sizes of the dimensions of a tensor, outermost first.
///
/// ```
/// use alexnet_live::shape::Shape;
/// let conv1 = Shape::map(55, 55, 96);
/// assert_eq!(conv1.elements(), 290_400);
/// assert_eq!(conv1.to_string(), "55 x 55 x 96");
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Shape(pub Vec<usize>);

impl Shape {
    /// A stack of feature maps, channels last: `[height, width, channels]`.
    pub fn map(height: usize, width: usize, channels: usize) -> Self {
        Self(vec![height, width, channels])
    }

    /// A vector: `[features]`.
    pub fn vector(features: usize) -> Self {
        Self(vec![features])
    }

    /// Number of elements of one sample. Where they are more than memory can hold it
    /// is the largest number, so that no plan takes them for few.
    pub fn elements(&self) -> usize {
        usize::try_from(self.count()).unwrap_or(usize::MAX)
    }

    /// The same in 64 bits, which sizes in bytes are made from: the page's `usize` has 32.
    pub fn count(&self) -> u64 {
        product(&self.0)
    }

    /// `(height, width, channels)` of a stack of maps; `None` for any other rank.
    pub fn as_map(&self) -> Option<(usize, usize, usize)> {
        match self.0[..] {
            [height, width, channels] => Some((height, width, channels)),
            _ => None,
        }
    }

    /// `(height, width, channels)`, with a vector seen as a 1 x 1 map; `None`
    /// for any other rank.
    pub fn as_map_or_vector(&self) -> Option<(usize, usize, usize)> {
        match self.0[..] {
            [features] => Some((1, 1, features)),
            _ => self.as_map(),
        }
    }
}

/// A product that stays at the largest number when it exceeds that.
pub(crate) fn product(factors: &[usize]) -> u64 {
    let mut factors = factors.iter().map(|factor| *factor as u64);
    match factors.clone().any(|factor| factor == 0) {
        true => 0,
        false => factors.try_fold(1, u64::checked_mul).unwrap_or(u64::MAX),
    }
}

impl<const RANK: usize> From<[usize; RANK]> for Shape {
    fn from(dimensions: [usize; RANK]) -> Self {
        Self(dimensions.to_vec())
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("one number");
        }
        for (i, dimension) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str(" x ")?;
            }
            write!(f, "{dimension}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}
