//! The non-linearities of the paper's section 3.1, element by element.

use serde::Deserialize;

use super::{Operation, Refusal, elementwise, single};
use crate::error::Result;
use crate::kernels::activation::{BackwardInput, Constants, Forward};
use crate::plan::{Gradients, PlanBuilder, Site};
use crate::shape::Shape;

/// What a neuron does with its sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
pub enum Activation {
    /// `max(0, x)`: does not saturate for positive inputs.
    Relu,
    /// `1 / (1 + exp(-x))`.
    Sigmoid,
    /// `tanh(x)`.
    Tanh,
}

/// The override `FUNCTION` of a ReLU in guided backpropagation.
const GUIDED_RELU: u32 = 4;

impl Activation {
    /// Name in lower case, as on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Relu => "relu",
            Self::Sigmoid => "sigmoid",
            Self::Tanh => "tanh",
        }
    }

    /// The override `FUNCTION` or `ACTIVATION` of the shaders; 0 is none.
    pub(crate) fn code(self) -> u32 {
        match self {
            Self::Relu => 1,
            Self::Sigmoid => 2,
            Self::Tanh => 3,
        }
    }
}

impl Operation for Activation {
    fn output_shape(&self, inputs: &[&Shape]) -> Result<Shape, Refusal> {
        single(inputs, "one input").cloned()
    }

    fn forward(&self, site: &Site, plan: &mut PlanBuilder) {
        let elements = site.output_elements();
        let kernel = Forward {
            x: site.input().slice,
            y: site.output.slice,
        };
        let constants = Constants {
            elements,
            function: self.code(),
            accumulate: false,
        };
        plan.dispatch(
            site.node,
            kernel.dispatch(&constants, elementwise(elements)),
        );
    }
    fn backward(&self, site: &Site, gradients: &Gradients, plan: &mut PlanBuilder) -> Result<()> {
        if let Some(dx) = gradients.inputs[0] {
            let elements = site.output_elements();
            let constants = Constants {
                elements,
                function: match (self, gradients.guided) {
                    (Self::Relu, true) => GUIDED_RELU,
                    _ => self.code(),
                },
                accumulate: dx.accumulate,
            };
            let kernel = BackwardInput {
                value: site.output.slice,
                dy: gradients.output,
                dx: dx.slice,
            };
            let grid = elementwise(elements);
            plan.dispatch(site.node, kernel.dispatch(&constants, grid));
        }
        Ok(())
    }
}
