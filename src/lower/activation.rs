//! How an activation is computed, where no other kernel computes it as well.

use super::{Gradients, Lower, PlanBuilder, Site};
use crate::error::Result;
use crate::kernels::activation::{BackwardInput, Constants, Forward};
use crate::layers::Activation;

/// The override `FUNCTION` of a ReLU in guided backpropagation.
const GUIDED_RELU: u32 = 4;

impl Activation {
    /// The override `FUNCTION` or `ACTIVATION` of the shaders; 0 is none.
    pub(crate) fn code(self) -> u32 {
        match self {
            Self::Relu => 1,
            Self::Sigmoid => 2,
            Self::Tanh => 3,
        }
    }
}

impl Lower for Activation {
    fn forward(&self, site: &Site, plan: &mut PlanBuilder) -> Result<()> {
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
        plan.dispatch(site.node, kernel.over(&constants, elements));
        Ok(())
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
            plan.dispatch(site.node, kernel.over(&constants, elements));
        }
        Ok(())
    }
}
