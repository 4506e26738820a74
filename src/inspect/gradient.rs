//! Gradients of any value in every value that it was made of, by the kernels that
//! train: saliency, Grad-CAM and activation maximisation begin here.

use std::rc::Rc;

use super::Inspection;
use crate::engine::{Device, Executable};
use crate::error::{Error, Result};
use crate::network::NodeId;
use crate::plan::BackwardPlan;

/// Backward, compiled.
#[derive(Debug)]
pub(super) struct Backward {
    plan: BackwardPlan,
    executable: Executable,
}

impl Inspection {
    /// Computes the gradients of `sum seed * value` of the node `from`, back to that
    /// in the value of `to`, for what was looked at last; `seed` is as the value, `[height, width, channels]`. With `guided`,
    /// ReLUs let only what is positive pass back.
    ///
    /// # Errors
    /// [`Error::Input`] when `seed` has another number of elements, and what the
    /// device gives.
    pub async fn backward(
        &self,
        device: &Device,
        (from, to): (NodeId, NodeId),
        seed: &[f32],
        guided: bool,
    ) -> Result<()> {
        let node = &self.network()[from];
        if seed.len() != node.shape.elements() {
            return Err(Error::Input {
                layer: node.name.clone(),
                expected: format!("a gradient of {}", node.shape),
                found: seed.len().to_string(),
            }
            .into());
        }
        let known = self.backward.borrow()[usize::from(guided)].clone();
        let backward = match known {
            Some(backward) => backward,
            None => Rc::new(self.compile(device, guided).await?),
        };
        let Backward { plan, executable } = &*backward;
        let root = self.plan.root(from);
        // Consumers that the value does not reach would have to write zeros.
        for gradient in plan.gradients.iter().flatten() {
            executable.clear(device, gradient.buffer);
        }
        if let Some(gradient) = plan.gradients[root.0] {
            let bytes = bytemuck::cast_slice(seed);
            executable.write(device, gradient.buffer, gradient.offset, bytes);
        }
        let steps = &plan.plan.steps;
        let until = |node: NodeId| steps.iter().position(|step| step.node <= node);
        let [first, end] = [root, self.plan.root(to)].map(|id| until(id).unwrap_or(steps.len()));
        executable.run_steps(device, first..end.max(first));
        self.backward.borrow_mut()[usize::from(guided)] = Some(backward);
        Ok(())
    }

    /// The gradient in the value of a node that [`Inspection::backward`] found last,
    /// as the value; zeros where nothing depends on it.
    ///
    /// # Errors
    /// What the device gives.
    pub async fn gradient(&self, device: &Device, node: NodeId, guided: bool) -> Result<Vec<f32>> {
        let elements = self.network()[node].shape.elements();
        let backward = self.backward.borrow()[usize::from(guided)].clone();
        let slice = backward
            .as_ref()
            .and_then(|backward| backward.plan.gradients[self.plan.root(node).0]);
        let mut gradient = match (&backward, slice) {
            (Some(backward), Some(slice)) => backward.executable.read(device, slice).await?,
            _ => Vec::new(),
        };
        gradient.resize(elements, 0.0);
        Ok(gradient)
    }

    async fn compile(&self, device: &Device, guided: bool) -> Result<Backward> {
        let plan = self.plan.backward(self.network(), guided)?;
        let executable = Executable::joining(
            device,
            Some(&self.inference.executable),
            &plan.plan.allocations(),
            &plan.plan.dispatches(),
            &mut |_, _| true,
        )
        .await?;
        Ok(Backward { plan, executable })
    }
}
