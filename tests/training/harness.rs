//! A compiled training plan with tensors going in and out in file order.

use alexnet_live::engine::{Device, Executable};
use alexnet_live::kernels::Slice;
use alexnet_live::network::Network;
use alexnet_live::plan::{
    Optimizer, ParameterFactors, Plan, PlannedParameter, RunSettings, Target, TrainingPlan,
    UpdateSettings,
};

use crate::support::write_parameter;

pub struct Harness<'a> {
    pub device: &'a Device,
    pub plan: TrainingPlan,
    pub executable: Executable,
}

impl<'a> Harness<'a> {
    pub fn new(
        device: &'a Device,
        network: &Network,
        batch: usize,
        target: Target,
        optimizer: Optimizer,
        factors: impl Fn(&str) -> ParameterFactors,
    ) -> Self {
        let plan = Plan::training(network, batch, target, optimizer, factors);
        let plan = plan.expect("the plan fits");
        let steps = plan.plan.steps.len();
        Self::compiling(device, plan, steps)
    }

    /// Without an update, which a test of gradients would compile for nothing.
    pub fn without_update(
        device: &'a Device,
        network: &Network,
        batch: usize,
        target: Target,
    ) -> Self {
        let factors = |_: &str| ParameterFactors::default();
        let plan = Plan::training(network, batch, target, Optimizer::Sgd, factors);
        let plan = plan.expect("the plan fits");
        let steps = first_update_step(&plan);
        Self::compiling(device, plan, steps)
    }

    /// Compiles the first `steps`.
    fn compiling(device: &'a Device, plan: TrainingPlan, steps: usize) -> Self {
        let executable = pollster::block_on(Executable::new(
            device,
            &plan.plan.allocations(),
            &plan.plan.dispatches()[..steps],
            &mut |_, _| true,
        ));
        Self {
            device,
            plan,
            executable: executable.expect("the plan compiles"),
        }
    }

    pub fn write<T: bytemuck::Pod>(&self, slice: Slice, values: &[T]) {
        let bytes = bytemuck::cast_slice(values);
        self.executable
            .write(self.device, slice.buffer, slice.offset, bytes);
    }

    pub fn read(&self, slice: Slice, count: usize) -> Vec<f32> {
        let mut values = pollster::block_on(self.executable.read::<f32>(self.device, slice))
            .expect("the buffer can be read");
        values.truncate(count);
        values
    }

    /// Settings of a run in which all samples count.
    pub fn prepare(&self, seed: u32, step: u32, training: bool) {
        self.write(
            self.plan.run,
            &[RunSettings {
                seed,
                step,
                samples: self.plan.plan.batch as u32,
                slot: 0,
                training: u32::from(training),
                first_sample: 0,
            }],
        );
    }

    /// A whole step of training.
    pub fn step(&self, run: RunSettings, update: UpdateSettings) {
        self.write(self.plan.run, &[run]);
        self.write(self.plan.update, &[update]);
        pollster::block_on(self.executable.run(self.device)).expect("it runs");
    }

    pub fn evaluate(&self) {
        self.executable
            .run_steps(self.device, self.plan.evaluation.clone());
    }

    /// Runs backward alone.
    pub fn backward(&self) {
        let steps = self.plan.evaluation.end..first_update_step(&self.plan);
        self.executable.run_steps(self.device, steps);
    }

    /// Runs the update alone, from the gradients as they stand.
    pub fn update(&self, settings: UpdateSettings) {
        self.write(self.plan.update, &[settings]);
        let steps = first_update_step(&self.plan)..self.plan.plan.steps.len();
        self.executable.run_steps(self.device, steps);
    }

    /// Index of a parameter in the lists of the plan.
    pub fn index(&self, name: &str) -> usize {
        let mut parameters = self.plan.plan.parameters.iter();
        parameters
            .position(|p| p.name == name)
            .expect("a parameter")
    }

    pub fn parameter(&self, name: &str) -> &PlannedParameter {
        &self.plan.plan.parameters[self.index(name)]
    }

    pub fn write_parameter(&self, name: &str, rows: &[f32]) {
        write_parameter(self.device, &self.executable, self.parameter(name), rows);
    }

    /// Writes a tensor in the layout of a parameter, such as its gradient.
    pub fn write_packed(&self, name: &str, chunks: &[Slice], rows: &[f32]) {
        let parameter = self.parameter(name).standing_at(chunks);
        write_parameter(self.device, &self.executable, &parameter, rows);
    }

    /// Reads a tensor that stands in the layout of a parameter.
    pub fn read_packed(&self, parameter: &PlannedParameter, chunks: &[Slice]) -> Vec<f32> {
        let mut packed = Vec::new();
        for (slice, chunk) in chunks.iter().zip(parameter.each()) {
            let blocks = chunk.outputs.len().div_ceil(parameter.packing.block);
            let groups = parameter.packing.groups;
            let count = match groups {
                1 => blocks * parameter.packing.block_elements(),
                _ => parameter.packing.elements(),
            };
            packed.extend(self.read(*slice, count));
        }
        parameter.packing.unpack(&packed)
    }

    pub fn gradient(&self, name: &str) -> Vec<f32> {
        self.read_packed(self.parameter(name), &self.plan.gradients[self.index(name)])
    }

    pub fn weights(&self, name: &str) -> Vec<f32> {
        let parameter = self.parameter(name);
        let chunks: Vec<_> = parameter.each().iter().map(|chunk| chunk.slice).collect();
        self.read_packed(parameter, &chunks)
    }
}

fn first_update_step(plan: &TrainingPlan) -> usize {
    let mut steps = plan.plan.steps.iter();
    steps
        .position(|step| step.dispatch.kernel.source.name == "gradient_norm")
        .expect("a plan for training computes norms")
}
