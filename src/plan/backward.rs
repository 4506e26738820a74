//! Backward: from the gradient of one value to those of all that it was made of.
//!
//! Gradients need no clearing: walking backward, the plan knows which consumer
//! of a value comes first. That one overwrites the value's gradient, later ones
//! add to it, which saves a write and a read of every gradient.

use super::forward::Forward;
use super::{Gradient, Gradients, PlanBuilder};
use crate::error::Result;
use crate::kernels::Slice;
use crate::lower::lowered;
use crate::network::{Network, NodeId};

/// Which gradients to compute, and how.
#[derive(Debug)]
pub(super) struct Wanted {
    /// Where those of the parameters go, as [`Gradients::parameters`] of all
    /// nodes; empty when none is wanted.
    pub parameters: Vec<Vec<Slice>>,
    /// Whether the gradient of the value of each node is wanted.
    pub values: Vec<bool>,
    /// See [`Gradients::guided`].
    pub guided: bool,
}

/// Plans backward from the gradient of the value of a node, in reverse order;
/// gives the gradients of the values that it depends on.
pub(super) fn plan_backward(
    network: &Network,
    forward: &Forward,
    (from, gradient): (NodeId, Slice),
    wanted: Wanted,
    builder: &mut PlanBuilder,
) -> Result<Vec<Option<Slice>>> {
    let mut values: Vec<Option<Slice>> = vec![None; network.nodes().len()];
    values[from.0] = Some(gradient);
    let mut last = wanted.parameters.len();
    for (id, node) in network.nodes().rev() {
        let Some(site) = &forward.sites[id.0] else {
            continue;
        };
        let first = last.saturating_sub(site.parameters.len());
        let parameters = wanted.parameters[first..last].to_vec();
        last = first;
        // A node that the loss does not depend on.
        let Some(output) = values[id.0] else {
            continue;
        };
        let mut inputs = Vec::new();
        for input in &node.inputs {
            let root = forward.roots[input.0];
            inputs.push(match (wanted.values[root.0], values[root.0]) {
                (false, _) => None,
                (true, Some(slice)) => Some(Gradient {
                    slice,
                    accumulate: true,
                }),
                (true, None) => {
                    let label = format!("{} gradient", network[root].name);
                    let slice = builder.value(&label, &network[root].shape)?;
                    values[root.0] = Some(slice);
                    Some(Gradient {
                        slice,
                        accumulate: false,
                    })
                }
            });
        }
        let gradients = Gradients {
            output,
            inputs,
            parameters,
            guided: wanted.guided,
        };
        let layer = lowered(&node.layer).expect("a site has a layer");
        layer.backward(site, &gradients, builder)?;
    }
    Ok(values)
}
