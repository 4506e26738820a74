//! Local response normalisation across channels (section 3.3 of the paper):
//! `y[c] = x[c] / (k + alpha / n * sum x[c']^2)^beta`, the sum over the `n`
//! channels around `c`. Caffe, PyTorch and ONNX divide alpha by n, as here.
//! cuda-convnet and Caffe also normalise within each map, over the `n x n`
//! pixels around each, and divide alpha by their number.

use serde::Deserialize;

use super::{Operation, Refusal, Window, channel_quads, single, single_map};
use crate::error::Result;
use crate::kernels::local_response_norm::{BackwardInput, Constants, Forward, ForwardSaving};
use crate::plan::{Gradients, PlanBuilder, Site};
use crate::shape::Shape;

/// Brightness normalisation between neighbouring maps.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct LocalResponseNorm {
    /// Number of neighbouring channels, or side of the window of pixels, `n`. An
    /// even number reaches one further up than down, as in ONNX (in PyTorch it is
    /// the other way round).
    pub size: usize,
    /// `alpha`, before the division by the number of neighbours.
    pub alpha: f32,
    /// `beta`.
    pub beta: f32,
    /// `k`.
    pub k: f32,
    /// Whether the neighbours are pixels of the same map, not channels.
    #[serde(default)]
    pub within_map: bool,
}

impl LocalResponseNorm {
    /// `n = 5`, `alpha = 1e-4`, `beta = 0.75` and `k = 1`: Caffe's AlexNet.
    pub fn caffe() -> Self {
        Self {
            size: 5,
            alpha: 1e-4,
            beta: 0.75,
            k: 1.0,
            within_map: false,
        }
    }

    /// Within maps, as cuda-convnet's CIFAR networks.
    pub fn within_map(size: usize, alpha: f32, beta: f32) -> Self {
        Self {
            size,
            alpha,
            beta,
            k: 1.0,
            within_map: true,
        }
    }

    /// The pixels around each that are normalised by, within a map. An even size
    /// reaches one further down than up.
    pub fn window(&self) -> Window {
        let (before, after) = ((self.size - 1) / 2, self.size / 2);
        Window {
            padding: [before, before, after, after],
            ..Window::square(self.size)
        }
    }

    fn constants(&self, site: &Site, accumulate: bool) -> Constants {
        let [height, width, channels] = site.input().map();
        Constants {
            pixels: site.batch as u32 * height * width,
            height,
            width,
            channels,
            within_map: self.within_map,
            size: self.size as u32,
            alpha: self.alpha,
            beta: self.beta,
            k: self.k,
            accumulate,
        }
    }
}

impl Operation for LocalResponseNorm {
    fn output_shape(&self, inputs: &[&Shape]) -> Result<Shape, Refusal> {
        if self.size == 0 {
            return Err(Refusal::Layer("its size must be at least 1".to_owned()));
        }
        match self.within_map {
            true => single_map(inputs).map(|(height, width, c)| Shape::map(height, width, c)),
            false => single(inputs, "one input").cloned(),
        }
    }

    fn saved_bytes(&self, output: &Shape) -> u64 {
        4 * output.elements() as u64
    }

    fn forward(&self, site: &Site, plan: &mut PlanBuilder) {
        let constants = self.constants(site, false);
        let grid = channel_quads(constants.pixels, constants.channels);
        let (x, y) = (site.input().slice, site.output.slice);
        let dispatch = match site.saved {
            None => Forward { x, y }.dispatch(&constants, grid),
            Some(scale) => ForwardSaving { x, y, scale }.dispatch(&constants, grid),
        };
        plan.dispatch(site.node, dispatch);
    }

    fn backward(&self, site: &Site, gradients: &Gradients, plan: &mut PlanBuilder) -> Result<()> {
        if let Some(dx) = gradients.inputs[0] {
            let constants = self.constants(site, dx.accumulate);
            let kernel = BackwardInput {
                x: site.input().slice,
                saved: site.saved.expect("forward saved it"),
                value: site.output.slice,
                dy: gradients.output,
                dx: dx.slice,
            };
            let grid = channel_quads(constants.pixels, constants.channels);
            plan.dispatch(site.node, kernel.dispatch(&constants, grid));
        }
        Ok(())
    }
}
