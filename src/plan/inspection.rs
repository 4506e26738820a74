//! Looking inside a network that stands on the GPU already: every value stays,
//! the weights are shared.

use super::backward::{Wanted, plan_backward};
use super::forward::Forward;
use super::{Mode, Plan, PlanBuilder, PlannedParameter, Storage, Target};
use crate::error::Result;
use crate::kernels::Slice;
use crate::kernels::map_statistics::{self, Constants};
use crate::network::{Network, NodeId};

/// A [`Plan`] whose values can all be read, and that backward can start from.
#[derive(Debug, Clone, PartialEq)]
pub struct InspectionPlan {
    /// Buffers (first those of the plan that lent the weights), steps and
    /// parameters.
    pub plan: Plan,
    /// The uniform of [`RunSettings`](super::RunSettings).
    pub run: Slice,
    /// Largest absolute value and mean of every unit of every layer, a pair of f32
    /// each.
    pub statistics: Slice,
    /// The entry of `statistics` that is the first of a node's.
    pub first_unit: Vec<usize>,
    target: Target,
    forward: Forward,
}

/// Backward from any value of an [`InspectionPlan`], to the input.
///
/// To start from a node: clear the gradients, write that of the node, and run
/// the steps from the first of a node that does not stand behind it.
#[derive(Debug, Clone, PartialEq)]
pub struct BackwardPlan {
    /// Buffers (first those of the inspection) and steps.
    pub plan: Plan,
    /// Gradients of the values of the nodes that the output depends on.
    pub gradients: Vec<Option<Slice>>,
}

impl Plan {
    /// A plan that computes the same parameters' network, or a variant of it,
    /// and keeps all values. It takes the parameters of `self` for which
    /// `shared` says so; others it allocates, as f32.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`](crate::error::Error::OutOfMemory) when a buffer
    /// exceeds the largest binding.
    pub fn inspection(
        &self,
        network: &Network,
        target: Target,
        shared: &dyn Fn(&PlannedParameter) -> bool,
    ) -> Result<InspectionPlan> {
        let lent = self.parameters.iter().filter(|parameter| shared(parameter));
        let mut builder =
            PlanBuilder::new(self.batch, target).joining(&self.buffers, lent.cloned().collect());
        let run = builder.buffer("run settings", size_of::<super::RunSettings>() as u64)?;
        builder.run = Some(run);
        let storage = |_: &str| Storage::F32;
        let forward = Forward::plan(network, Mode::Inspection, &mut builder, &storage)?;
        let (statistics, first_unit) = plan_statistics(network, &forward, &mut builder)?;
        Ok(InspectionPlan {
            plan: Plan::of(builder, forward.values.clone()),
            run,
            statistics,
            first_unit,
            target,
            forward,
        })
    }
}

impl InspectionPlan {
    /// Plans backward from the output, and so from anything before it.
    ///
    /// # Errors
    /// As [`Plan::inspection`].
    pub fn backward(&self, network: &Network, guided: bool) -> Result<BackwardPlan> {
        let mut builder =
            PlanBuilder::new(self.plan.batch, self.target).joining(&self.plan.buffers, Vec::new());
        builder.run = Some(self.run);
        let from = self.root(network.outputs()[0]);
        let gradient = builder.value("gradient of the output", &network[from].shape)?;
        let wanted = Wanted {
            parameters: Vec::new(),
            values: vec![true; network.nodes().len()],
            guided,
        };
        let forward = &self.forward;
        let gradients = plan_backward(network, forward, (from, gradient), wanted, &mut builder)?;
        Ok(BackwardPlan {
            plan: Plan::of(builder, forward.values.clone()),
            gradients,
        })
    }

    /// The node whose value, and gradient, a node that changes nothing shares;
    /// any other node itself.
    pub fn root(&self, node: NodeId) -> NodeId {
        self.forward.roots[node.0]
    }
}

/// Plans the statistics of every node.
fn plan_statistics(
    network: &Network,
    forward: &Forward,
    builder: &mut PlanBuilder,
) -> Result<(Slice, Vec<usize>)> {
    let mut first_unit = Vec::new();
    let mut total = 0;
    for (_, node) in network.nodes() {
        first_unit.push(total);
        total += node.shape.0.last().copied().unwrap_or(1);
    }
    let statistics = builder.buffer("statistics", 8 * total as u64)?;
    for (id, node) in network.nodes() {
        let units = node.shape.0.last().copied().unwrap_or(1);
        let constants = Constants {
            positions: (node.shape.elements() / units) as u32,
            units: units as u32,
            first: first_unit[id.0] as u32,
        };
        let x = forward.values[id.0].expect("every node has a value");
        let kernel = map_statistics::Forward { x, statistics };
        builder.dispatch(id, kernel.over(&constants, constants.units));
    }
    Ok((statistics, first_unit))
}
