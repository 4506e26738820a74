//! Where backward of a layer reads and writes.

use crate::kernels::Slice;

/// The gradient of one input of a layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gradient {
    /// Where it stands, as the value itself.
    pub slice: Slice,
    /// Whether another consumer has written it already, so that it is added to.
    pub accumulate: bool,
}

/// Where backward of a layer finds and leaves gradients.
#[derive(Debug, Clone, PartialEq)]
pub struct Gradients {
    /// `dy`, of its output.
    pub output: Slice,
    /// `dx`, of each input; `None` where nobody needs it.
    pub inputs: Vec<Option<Gradient>>,
    /// Of each parameter, in its layout, chunk by chunk; empty when only those
    /// of the inputs are wanted.
    pub parameters: Vec<Vec<Slice>>,
    /// Whether a ReLU lets only what is positive pass back too: guided
    /// backpropagation (Springenberg et al. 2015).
    pub guided: bool,
}
