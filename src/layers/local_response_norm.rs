//! Local response normalisation across channels (section 3.3 of the paper):
//! `y[c] = x[c] / (k + alpha / n * sum x[c']^2)^beta`, the sum over the `n`
//! channels around `c`. Caffe, PyTorch and ONNX divide alpha by n, as here.

use super::{Operation, Refusal, elementwise, single};
use crate::gpu::kernels::local_response_norm::{Constants, Forward};
use crate::plan::{PlanBuilder, Site};
use crate::shape::Shape;

/// Brightness normalisation between neighbouring maps.
#[derive(Debug, Clone, PartialEq)]
pub struct LocalResponseNorm {
    /// Number of neighbouring channels, `n`.
    pub size: usize,
    /// `alpha`, before the division by `n`.
    pub alpha: f32,
    /// `beta`.
    pub beta: f32,
    /// `k`.
    pub k: f32,
}

impl LocalResponseNorm {
    /// `n = 5`, `alpha = 1e-4`, `beta = 0.75` and `k = 1`: Caffe's AlexNet.
    pub fn caffe() -> Self {
        Self {
            size: 5,
            alpha: 1e-4,
            beta: 0.75,
            k: 1.0,
        }
    }
}

impl Operation for LocalResponseNorm {
    fn output_shape(&self, inputs: &[&Shape]) -> Result<Shape, Refusal> {
        if self.size == 0 {
            return Err(Refusal::Layer("its size must be at least 1".to_owned()));
        }
        single(inputs, "one input").cloned()
    }

    fn forward(&self, site: &Site, plan: &mut PlanBuilder) {
        let [_, _, channels] = site.input().map();
        let elements = site.output_elements();
        let constants = Constants {
            elements,
            channels,
            size: self.size as u32,
            alpha: self.alpha,
            beta: self.beta,
            k: self.k,
        };
        let kernel = Forward {
            x: site.input().slice,
            y: site.output.slice,
        };
        plan.dispatch(
            site.node,
            kernel.dispatch(&constants, elementwise(elements)),
        );
    }
}
