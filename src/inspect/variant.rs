//! A loaded network changed as the paper's sections would have it, with the
//! weights that it has: what becomes of the maps and of the answer.

use crate::error::{Error, Result};
use crate::layers::{Activation, Layer, LocalResponseNorm};
use crate::network::{Network, NodeId};

/// What is changed.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Changes {
    /// Another non-linearity everywhere.
    pub activation: Option<Activation>,
    /// Local response normalisation does nothing.
    pub unnormalised: bool,
    /// Pools that do not overlap: the kernel becomes the stride.
    pub plain_pools: bool,
    /// What becomes of the two towers.
    pub towers: Option<Towers>,
}

/// What becomes of two towers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Towers {
    /// No convolution sees the other tower's maps any more.
    Apart,
    /// This one computes nothing but zeros.
    Without(usize),
}

impl Changes {
    /// From words: the name of an activation, `unnormalised`, `plain-pools`,
    /// `towers-apart`, `first-tower`, `second-tower` (alone).
    ///
    /// # Errors
    /// [`Error::Unknown`] for any other.
    pub fn of_words(words: &str) -> Result<Self> {
        let mut changes = Self::default();
        for word in words.split_whitespace() {
            if let Some(activation) = Activation::named(word) {
                changes.activation = Some(activation);
                continue;
            }
            match word {
                "unnormalised" => changes.unnormalised = true,
                "plain-pools" => changes.plain_pools = true,
                "towers-apart" => changes.towers = Some(Towers::Apart),
                "first-tower" => changes.towers = Some(Towers::Without(1)),
                "second-tower" => changes.towers = Some(Towers::Without(0)),
                _ => {
                    return Err(Error::Unknown {
                        kind: "change",
                        name: word.to_owned(),
                        known: Vec::new(),
                    }
                    .into());
                }
            }
        }
        Ok(changes)
    }

    /// The network so changed; its nodes keep their names and numbers.
    ///
    /// # Errors
    /// [`Error::Input`] where a pool of another size no longer fits the layer
    /// behind it.
    pub fn apply(&self, network: &Network) -> Result<Network> {
        let mut changed = Network::empty(&network.name);
        for (_, node) in network.nodes() {
            let mut layer = node.layer.clone();
            match &mut layer {
                Layer::Input => {
                    changed.input(&node.name, node.shape.clone())?;
                    continue;
                }
                Layer::Activation(activation) => {
                    *activation = self.activation.unwrap_or(*activation);
                }
                Layer::LocalResponseNorm(norm) if self.unnormalised => {
                    *norm = LocalResponseNorm {
                        alpha: 0.0,
                        k: 1.0,
                        ..norm.clone()
                    };
                }
                Layer::MaxPool2d(pool) if self.plain_pools => {
                    pool.window.kernel = pool.window.stride;
                }
                _ => {}
            }
            changed.add(&node.name, layer, &node.inputs)?;
        }
        for (id, node) in changed.nodes() {
            let (found, expected) = (changed.parameters(id), network.parameters(id));
            if found != expected {
                let shape = |id: NodeId| network[id].shape.to_string();
                return Err(Error::Input {
                    layer: node.name.clone(),
                    expected: node.inputs.iter().map(|id| shape(*id)).collect(),
                    found: changed[node.inputs[0]].shape.to_string(),
                }
                .into());
            }
        }
        changed.set_outputs(network.outputs());
        Ok(changed)
    }

    /// Whether the parameters of a node are changed by [`Changes::edit`].
    pub fn edits(&self, network: &Network, node: NodeId) -> bool {
        let Layer::Conv2d(layer) = &network[node].layer else {
            return false;
        };
        match self.towers {
            None => false,
            Some(Towers::Without(_)) => true,
            // The picture is seen by both, and groups are apart already.
            Some(Towers::Apart) => {
                layer.groups == 1 && network[network[node].inputs[0]].layer != Layer::Input
            }
        }
    }

    /// Takes the parameters of a convolution with two towers' outputs apart, in
    /// place: `rows` are those of the outputs from `first` on, of `outputs` in all.
    pub fn edit(&self, first: usize, outputs: usize, rows: usize, numbers: &mut [f32]) {
        let row = numbers.len() / rows;
        for (index, numbers) in numbers.chunks_exact_mut(row).enumerate() {
            let tower = usize::from(2 * (first + index) >= outputs);
            match self.towers {
                Some(Towers::Without(other)) if other == tower => numbers.fill(0.0),
                // The first half of the inputs is the first tower's.
                Some(Towers::Apart) if row > 1 => {
                    let (low, high) = numbers.split_at_mut(row / 2);
                    [high, low][tower].fill(0.0);
                }
                _ => {}
            }
        }
    }
}
