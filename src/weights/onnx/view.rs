//! How a value of the graph is seen in the output of a layer. Operators that only
//! move elements (transposes, reshapes, slices, splits, nearest resizes) change
//! the view; a layer is added where another one needs the elements in order.

use crate::shape::Shape;

/// A value that a layer computes.
#[derive(Debug, Clone, PartialEq)]
pub struct Activation {
    /// Index of the layer.
    pub layer: usize,
    /// The first element, in the layer's output of one sample.
    pub offset: usize,
    /// The dimensions in ONNX's order.
    pub dimensions: Vec<Dimension>,
}

/// A dimension of a value.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Dimension {
    /// Whether it is the batch, which has no axes.
    pub batch: bool,
    /// The axes in the layer's output that it runs along, outermost first; none
    /// when its size is 1.
    pub axes: Vec<Axis>,
    /// Zeros before and behind, that a reader still has to add.
    pub padding: [usize; 2],
}

/// Elements of a layer's output that stand `stride` apart; 0 repeats one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Deserialize)]
pub struct Axis {
    pub size: usize,
    pub stride: usize,
}

impl Dimension {
    /// The batch.
    pub fn batch() -> Self {
        Self {
            batch: true,
            ..Self::default()
        }
    }

    /// One axis; none when its size is 1.
    pub fn axis(size: usize, stride: usize) -> Self {
        let axes = match size {
            1 => Vec::new(),
            _ => vec![Axis { size, stride }],
        };
        Self {
            axes,
            ..Self::default()
        }
    }

    /// Number of elements, without padding; 1 for the batch.
    pub fn inner(&self) -> usize {
        self.axes.iter().map(|axis| axis.size).product()
    }

    /// Number of elements with padding; 1 for the batch.
    pub fn size(&self) -> usize {
        self.inner() + self.padding[0] + self.padding[1]
    }
}

impl Activation {
    /// The output of a layer of this shape as it is, channels first.
    pub fn of(layer: usize, shape: &Shape) -> Self {
        let rest = match shape.as_map() {
            Some((height, width, channels)) => vec![
                Dimension::axis(channels, 1),
                Dimension::axis(height, width * channels),
                Dimension::axis(width, channels),
            ],
            None => vec![Dimension::axis(shape.elements(), 1)],
        };
        Self {
            layer,
            offset: 0,
            dimensions: [vec![Dimension::batch()], rest].concat(),
        }
    }

    /// Sizes of the dimensions, 1 for the batch.
    pub fn sizes(&self) -> Vec<usize> {
        self.dimensions.iter().map(Dimension::size).collect()
    }

    /// Whether zeros are still to be added.
    pub fn is_padded(&self) -> bool {
        self.dimensions.iter().any(|d| d.padding != [0; 2])
    }

    /// Whether each of the layer's `elements` is seen exactly once.
    pub fn is_whole(&self, elements: usize) -> bool {
        let axes = || self.dimensions.iter().flat_map(|d| &d.axes);
        let seen: usize = axes().map(|axis| axis.size).product();
        !self.is_padded() && seen == elements && axes().all(|axis| axis.stride > 0)
    }

    /// The dimensions that are not the batch.
    pub fn own(&self) -> Vec<usize> {
        let is_own = |axis: &usize| !self.dimensions[*axis].batch;
        (0..self.dimensions.len()).filter(is_own).collect()
    }

    /// Dimensions in another order.
    pub fn transposed(&self, permutation: &[usize]) -> Self {
        let dimensions = permutation.iter().map(|axis| &self.dimensions[*axis]);
        Self {
            dimensions: dimensions.cloned().collect(),
            ..self.clone()
        }
    }

    /// `count` indices of a dimension from `start` on, `step` apart; `None` when
    /// the dimension does not run along one axis.
    pub fn sliced(&self, at: usize, start: usize, step: usize, count: usize) -> Option<Self> {
        let mut sliced = self.clone();
        let dimension = &mut sliced.dimensions[at];
        if start == 0 && step == 1 && count == dimension.size() {
            return Some(sliced);
        }
        match (&dimension.axes[..], dimension.padding, dimension.batch) {
            ([axis], [0, 0], false) => {
                sliced.offset += start * axis.stride;
                *dimension = Dimension::axis(count, axis.stride * step);
                Some(sliced)
            }
            _ => None,
        }
    }

    /// Seen with other sizes, in the same order of elements. The batch keeps its
    /// place in that order; its size among `sizes` is `None`. The result is `None`
    /// when a dimension would join axes and parts of axes.
    pub fn reshaped(&self, sizes: &[Option<usize>]) -> Option<Self> {
        let mut factors = Vec::new();
        for dimension in &self.dimensions {
            match dimension.batch {
                true => factors.push(None),
                false => factors.extend(dimension.axes.iter().copied().map(Some)),
            }
        }
        factors.reverse();
        let mut dimensions = Vec::new();
        for size in sizes {
            let Some(size) = size else {
                match factors.pop() {
                    Some(None) => dimensions.push(Dimension::batch()),
                    _ => return None,
                }
                continue;
            };
            let (mut open, mut axes) = (*size, Vec::new());
            while open > 1 {
                let axis = factors.pop()??;
                if open.is_multiple_of(axis.size) {
                    axes.push(axis);
                    open /= axis.size;
                } else if axis.size.is_multiple_of(open) {
                    let inner = axis.size / open;
                    axes.push(Axis {
                        size: open,
                        stride: axis.stride * inner,
                    });
                    factors.push(Some(Axis {
                        size: inner,
                        ..axis
                    }));
                    open = 1;
                } else {
                    return None;
                }
            }
            dimensions.push(Dimension {
                axes: merged(axes),
                ..Dimension::default()
            });
        }
        factors.is_empty().then_some(Self {
            dimensions,
            ..self.clone()
        })
    }

    /// Seen in more or larger dimensions that it is broadcast to; `None` when it
    /// cannot be. The batch must be where `other` has it.
    pub fn broadcast(&self, other: &[Dimension]) -> Option<Self> {
        let missing = other.len().checked_sub(self.dimensions.len())?;
        let mut dimensions = vec![Dimension::default(); missing];
        dimensions.extend(self.dimensions.iter().cloned());
        for (own, other) in dimensions.iter_mut().zip(other) {
            match (own.size(), other.size()) {
                // A dimension beside the batch is 1: what differs between the samples
                // of a batch cannot be told apart.
                _ if own.batch || other.batch => match (own.batch, other.batch) {
                    (true, true) => {}
                    (true, false) if other.size() == 1 => {}
                    (false, true) if own.size() == 1 => own.batch = true,
                    _ => return None,
                },
                (own, other) if own == other => {}
                (1, size) => *own = Dimension::axis(size, 0),
                (_, 1) => {}
                _ => return None,
            }
        }
        Some(Self {
            dimensions,
            ..self.clone()
        })
    }
}

/// Axes of which one runs on where the next ends, as one; axes of size 1 left out.
pub fn merged(axes: impl IntoIterator<Item = Axis>) -> Vec<Axis> {
    let mut joined: Vec<Axis> = Vec::new();
    for axis in axes.into_iter().filter(|axis| axis.size != 1) {
        match joined.last_mut() {
            Some(last) if last.stride == axis.stride * axis.size && axis.stride > 0 => {
                *last = Axis {
                    size: last.size * axis.size,
                    stride: axis.stride,
                };
            }
            _ => joined.push(axis),
        }
    }
    joined
}
