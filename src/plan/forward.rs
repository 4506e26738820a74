//! The forward pass: values, sites and dispatches of every node, for answers
//! alone or for training.

use super::{Mode, PlanBuilder, Site, Storage, Value};
use crate::error::Result;
use crate::kernels::Slice;
use crate::layers::{Activation, Layer};
use crate::lower::lowered;
use crate::network::{Network, NodeId};

/// A planned forward pass; a list entry for each node.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Forward {
    /// Where the output of the node stands.
    pub values: Vec<Option<Slice>>,
    /// Where the node itself stands; inputs and identities have no site.
    pub sites: Vec<Option<Site>>,
    /// The node whose value an identity passes on; any other node itself.
    pub roots: Vec<NodeId>,
}

impl Forward {
    /// Adds the dispatches that compute `network` to the builder.
    pub fn plan(
        network: &Network,
        mode: Mode,
        builder: &mut PlanBuilder,
        storage: &dyn Fn(&str) -> Storage,
    ) -> Result<Self> {
        let count = network.nodes().len();
        let mut forward = Self {
            values: vec![None; count],
            sites: vec![None; count],
            roots: (0..count).map(NodeId).collect(),
        };
        let consumers = consumers(network);
        let mut fused = vec![false; count];
        for (id, node) in network.nodes() {
            let input = node.inputs.first().map(|id| forward.values[id.0]);
            let Some(operation) = lowered(&node.layer) else {
                forward.values[id.0] = Some(builder.value(&node.name, &node.shape)?);
                continue;
            };
            let shapes = network.input_shapes(id);
            if operation.is_identity(&shapes, mode) {
                forward.values[id.0] = input.expect("an input");
                forward.roots[id.0] = forward.roots[node.inputs[0].0];
                continue;
            }
            let activation = match mode {
                Mode::Inspection => None,
                _ => fusable_activation(network, id, &consumers),
            };
            let output = match fused[id.0] {
                true => input.flatten().expect("an input"),
                false => builder.value(&node.name, &node.shape)?,
            };
            let saved = match mode {
                Mode::Inference => 0,
                Mode::Inspection | Mode::Training => {
                    builder.batch as u64 * operation.saved_bytes(&node.shape)
                }
            };
            let saved = match saved {
                0 => None,
                bytes => Some(builder.buffer(&format!("{} saved", node.name), bytes)?),
            };
            let site = Site {
                node: id,
                batch: builder.batch,
                mode,
                activation: activation.map(|(_, activation)| activation),
                inputs: node
                    .inputs
                    .iter()
                    .map(|id| Value {
                        shape: network[*id].shape.clone(),
                        slice: forward.values[id.0].expect("inputs stand before their consumers"),
                    })
                    .collect(),
                output: Value {
                    shape: node.shape.clone(),
                    slice: output,
                },
                parameters: builder.parameters(network, id, storage)?,
                saved,
            };
            if !fused[id.0] {
                operation.forward(&site, builder)?;
            }
            builder.parameters.extend(site.parameters.iter().cloned());
            // The sum before a fused activation is never written down: its
            // buffer holds the activation's value.
            if let Some((next, _)) = activation {
                fused[next.0] = true;
            }
            forward.values[id.0] = Some(output);
            forward.sites[id.0] = Some(site);
        }
        Ok(forward)
    }
}

/// The nodes that read each node; outputs of the network are read by one more.
fn consumers(network: &Network) -> Vec<Vec<NodeId>> {
    let mut consumers = vec![Vec::new(); network.nodes().len()];
    for (id, node) in network.nodes() {
        for input in &node.inputs {
            consumers[input.0].push(id);
        }
    }
    for output in network.outputs() {
        consumers[output.0].push(output);
    }
    consumers
}

/// The activation that alone reads a layer whose kernel can compute it as well.
fn fusable_activation(
    network: &Network,
    id: NodeId,
    consumers: &[Vec<NodeId>],
) -> Option<(NodeId, Activation)> {
    if !lowered(&network[id].layer)?.fuses_activation() {
        return None;
    }
    let [next] = consumers[id.0][..] else {
        return None;
    };
    match network[next].layer {
        Layer::Activation(activation) if next != id && activation.is_told_by_its_value() => {
            Some((next, activation))
        }
        _ => None,
    }
}
