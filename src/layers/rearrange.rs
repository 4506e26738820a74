//! The elements of an input in another order, some of them, or some repeatedly:
//! transposed, cut, shuffled, enlarged. A view that another layer needs in order.

use serde::Deserialize;

use super::{Area, Operation, Read, Refusal, Values, single};
use crate::error::Result;
use crate::shape::Shape;

/// The most axes.
pub const MAX_AXES: usize = 6;

/// `y[i_0, i_1, ...] = x[offset + i_0 * stride_0 + i_1 * stride_1 + ...]`, both
/// counted through one sample in the order in memory (channels last).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Rearrange {
    /// Shape of the output.
    pub shape: Shape,
    /// The first element read.
    pub offset: usize,
    /// Size and stride of each axis, outermost first; a stride of 0 repeats. No
    /// element is read along two ways but by such repeats.
    pub axes: Vec<[usize; 2]>,
}

impl Rearrange {
    /// The element of the input that an element of the output is.
    pub fn source(&self, mut index: usize) -> usize {
        let mut source = self.offset;
        for [size, stride] in self.axes.iter().rev() {
            source += index % size * stride;
            index /= size;
        }
        source
    }
}

impl Operation for Rearrange {
    fn kind(&self) -> &'static str {
        "rearrange"
    }

    fn output_shape(&self, inputs: &[&Shape]) -> Result<Shape, Refusal> {
        let input = single(inputs, "one input")?;
        let elements: usize = self.axes.iter().map(|[size, _]| size).product();
        let last = self
            .axes
            .iter()
            .map(|[size, stride]| (size.max(&1) - 1) * stride);
        let last = self.offset + last.sum::<usize>();
        if self.axes.len() > MAX_AXES || elements == 0 || elements != self.shape.elements() {
            let reason = format!("at most {MAX_AXES} axes of as many elements as it has");
            return Err(Refusal::Layer(reason));
        }
        match last < input.elements() {
            true => Ok(self.shape.clone()),
            false => Err(Refusal::Input(format!("more than {last} elements"))),
        }
    }

    fn reads(&self, inputs: &[&Shape], index: usize, values: Values) -> Option<Read> {
        let input = inputs[index];
        let (height, width, channels) = input.as_map_or_vector()?;
        let (_, columns, units) = self.shape.as_map_or_vector()?;
        let Area {
            top,
            left,
            bottom,
            right,
        } = values.area;
        let values = match values.channel {
            // One value is one value.
            Some(unit) if (bottom - top, right - left) == (1, 1) && top >= 0 && left >= 0 => {
                let place = (top as usize * columns + left as usize) * units + unit;
                let source = self.source(place.min(self.shape.elements() - 1));
                let pixel = source / channels;
                Values {
                    area: Area::place(pixel / width, pixel % width),
                    channel: Some(source % channels),
                }
            }
            // Others may come from anywhere.
            _ => Values {
                area: Area::from_corner(0, 0, height, width),
                channel: None,
            },
        };
        Some(values.same(input))
    }
}
