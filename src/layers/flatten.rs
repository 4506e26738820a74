//! Flattening: maps to one vector in the order of the published files,
//! channels first, so that a checkpoint's linear layers fit as they are.

use serde::Deserialize;

use super::{Area, Operation, Read, Refusal, Values, single};
use crate::error::Result;
use crate::shape::Shape;

/// `y[c * height * width + i * width + j] = x[i,j,c]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct Flatten;

impl Operation for Flatten {
    fn kind(&self) -> &'static str {
        "flatten"
    }

    fn output_shape(&self, inputs: &[&Shape]) -> Result<Shape, Refusal> {
        let input = single(inputs, "one input")?;
        Ok(Shape::vector(input.elements()))
    }

    fn reads(&self, inputs: &[&Shape], index: usize, values: Values) -> Option<Read> {
        let shape = inputs[index];
        let (height, width, _) = shape.as_map_or_vector().unwrap_or((1, 1, shape.elements()));
        let values = match values.channel {
            Some(element) => {
                let [channel, y, x] = unflatten(element, height, width);
                Values {
                    area: Area::place(y, x),
                    channel: Some(channel),
                }
            }
            None => Values {
                area: Area::from_corner(0, 0, height, width),
                channel: None,
            },
        };
        Some(values.same(shape))
    }
}

/// Channel, row and column of an element of flattened maps of this size.
fn unflatten(index: usize, height: usize, width: usize) -> [usize; 3] {
    [
        index / (height * width),
        index / width % height,
        index % width,
    ]
}
