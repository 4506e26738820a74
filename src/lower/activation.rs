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
            Self::LeakyRelu { .. } => 5,
            Self::Clip { .. } => 6,
            Self::HardSigmoid { .. } => 7,
            Self::HardSwish => 8,
            Self::Silu => 9,
            Self::Gelu => 10,
            Self::GeluTanh => 11,
            Self::Elu { .. } => 12,
            Self::Softplus => 13,
            Self::Affine { .. } => 14,
            Self::Erf => 15,
            Self::Exp => 16,
            Self::Log => 17,
            Self::Abs => 18,
            Self::Power { .. } => 19,
        }
    }

    /// The overrides `ALPHA` and `BETA`.
    fn numbers(self) -> [f32; 2] {
        match self {
            Self::LeakyRelu { slope } => [slope, 0.0],
            Self::Clip { low, high } => [low, high],
            Self::HardSigmoid { slope, offset } => [slope, offset],
            Self::Elu { alpha } => [alpha, 0.0],
            Self::Affine { scale, shift } => [scale, shift],
            Self::Power { exponent } => [exponent, 0.0],
            _ => [0.0; 2],
        }
    }

    /// Whether the slope is known by `f(x)`, so that other kernels compute the
    /// function as well and forget `x`.
    pub(crate) fn is_told_by_its_value(self) -> bool {
        matches!(self, Self::Relu | Self::Sigmoid | Self::Tanh)
    }
}

impl Lower for Activation {
    fn forward(&self, site: &Site, plan: &mut PlanBuilder) -> Result<()> {
        let elements = site.output_elements();
        let kernel = Forward {
            x: site.input().slice,
            y: site.output.slice,
        };
        let [alpha, beta] = self.numbers();
        let constants = Constants {
            elements,
            function: self.code(),
            alpha,
            beta,
            accumulate: false,
        };
        plan.dispatch(site.node, kernel.over(&constants, elements));
        Ok(())
    }

    fn backward(&self, site: &Site, gradients: &Gradients, plan: &mut PlanBuilder) -> Result<()> {
        if let Some(dx) = gradients.inputs[0] {
            let elements = site.output_elements();
            let [alpha, beta] = self.numbers();
            let constants = Constants {
                elements,
                alpha,
                beta,
                function: match (self, gradients.guided) {
                    (Self::Relu, true) => GUIDED_RELU,
                    _ => self.code(),
                },
                accumulate: dx.accumulate,
            };
            let kernel = BackwardInput {
                value: match self.is_told_by_its_value() {
                    true => site.output.slice,
                    false => site.input().slice,
                },
                dy: gradients.output,
                dx: dx.slice,
            };
            plan.dispatch(site.node, kernel.over(&constants, elements));
        }
        Ok(())
    }
}
