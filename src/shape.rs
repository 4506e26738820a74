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

    /// Number of elements of one sample.
    pub fn elements(&self) -> usize {
        self.0.iter().product()
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
