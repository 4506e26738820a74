//! Local response normalisation across channels (section 3.3 of the paper):
//! `y[c] = x[c] / (k + alpha / n * sum x[c']^2)^beta`, the sum over the `n`
//! channels around `c`. Caffe, PyTorch and ONNX divide alpha by n, as here.
//! cuda-convnet and Caffe also normalise within each map, over the `n x n`
//! pixels around each, and divide alpha by their number.

use serde::Deserialize;

use super::{Operation, Read, Refusal, Values, Window, single, single_map};
use crate::error::Result;
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
}

impl Operation for LocalResponseNorm {
    fn kind(&self) -> &'static str {
        "local_response_norm"
    }

    fn output_shape(&self, inputs: &[&Shape]) -> Result<Shape, Refusal> {
        if self.size == 0 {
            return Err(Refusal::Layer("its size must be at least 1".to_owned()));
        }
        match self.within_map {
            true => single_map(inputs).map(|(height, width, c)| Shape::map(height, width, c)),
            false => single(inputs, "one input").cloned(),
        }
    }

    fn reads(&self, inputs: &[&Shape], index: usize, values: Values) -> Option<Read> {
        if self.within_map {
            return Some(values.same(inputs[index]).under(&self.window()));
        }
        let mut read = values.all_channels(inputs[index]);
        if let Some(channel) = values.channel {
            let end = (channel + self.size / 2 + 1).min(read.channels.end);
            read.channels = channel.saturating_sub((self.size - 1) / 2)..end;
        }
        Some(read)
    }
}
