//! Helpers: what they compute together is what the processor computes alone.

use std::cell::RefCell;
use std::rc::Rc;

use alexnet_live::engine::{
    Answer, Device, DeviceOptions, Engine, Executable, Helper, Request, Server,
};
use alexnet_live::inference::target;
use alexnet_live::layers::{Activation, Conv2d, Flatten, Linear};
use alexnet_live::network::Network;
use alexnet_live::plan::{Plan, Storage};
use alexnet_live::shape::Shape;

use crate::support::{random, stored};

/// A helper without a worker of its own; it counts what it ran.
#[derive(Debug, Default)]
pub struct InProcess {
    server: RefCell<Server>,
    runs: RefCell<usize>,
}

impl Helper for InProcess {
    fn ask(&self, request: &Request, bytes: Vec<u8>) -> Answer {
        // What crosses to another worker is text.
        let text = serde_json::to_string(request).expect("a request is plain data");
        let request = serde_json::from_str(&text).expect("and comes back as it was");
        if let Request::Run { .. } = request {
            *self.runs.borrow_mut() += 1;
        }
        let answer = self.server.borrow_mut().answer(&request, &bytes);
        Box::pin(std::future::ready(answer))
    }
}

/// The outputs of a network, computed by the processor and so many helpers.
fn answer(network: &Network, batch: usize, storage: Storage, helpers: usize) -> (Vec<f32>, usize) {
    pollster::block_on(async {
        let team: Vec<Rc<InProcess>> = (0..helpers).map(|_| Rc::default()).collect();
        let helpers = team.iter().map(|helper| helper.clone() as Rc<dyn Helper>);
        let options = DeviceOptions::on(Engine::Cpu);
        let mut device = Device::open(options).await.unwrap();
        device.employ(helpers.collect());
        let plan = Plan::inference(network, batch, target(&device), |_| storage).unwrap();
        let (buffers, dispatches) = (plan.allocations(), plan.dispatches());
        let mut progress = |_, _| true;
        let executable = Executable::in_a_team(&device, &buffers, &dispatches, &mut progress);
        let executable = executable.await.unwrap();
        for (seed, parameter) in (7..).zip(&plan.parameters) {
            let numbers = random(seed, parameter.shape.elements());
            let numbers: Vec<f32> = numbers.into_iter().map(|n| stored(storage, n)).collect();
            if let Some(codebook) = parameter.codebook {
                let values: Vec<f32> = (0..16).map(|n| (n as f32 - 7.0) / 7.5).collect();
                let bytes = bytemuck::cast_slice(&values);
                executable
                    .upload(&device, codebook.buffer, 0, bytes)
                    .await
                    .unwrap();
            }
            let bytes = match parameter.storage {
                Storage::Codes4 => {
                    let code = |n: &f32| ((n * 7.5).round() + 7.0).clamp(0.0, 15.0) as u8;
                    parameter
                        .packing
                        .pack_codes(&numbers.iter().map(code).collect::<Vec<_>>())
                }
                storage => {
                    let packing = parameter.packing;
                    let runs = packing.runs(0..packing.groups * packing.outputs, usize::MAX / 2);
                    let row = packing.row();
                    let pack = |run: &std::ops::Range<usize>| {
                        packing.pack(&numbers[run.start * row..run.end * row], storage)
                    };
                    runs.iter().flat_map(pack).collect()
                }
            };
            let slice = parameter.each()[0].slice;
            // In two pieces, of which neither ends where a share does.
            let cut = (bytes.len() / 3).next_multiple_of(4);
            let (first, second) = bytes.split_at(cut);
            executable
                .upload(&device, slice.buffer, 0, first)
                .await
                .unwrap();
            executable
                .upload(&device, slice.buffer, cut as u64, second)
                .await
                .unwrap();
        }
        let input = network.inputs()[0];
        let x = random(1, batch * network[input].shape.elements());
        let at = plan.value(input);
        executable.write(&device, at.buffer, at.offset, bytemuck::cast_slice(&x));
        executable.run(&device).await.unwrap();
        let output = network.outputs()[0];
        let y = executable.read(&device, plan.value(output)).await.unwrap();
        drop(executable);
        (y, team.iter().map(|helper| *helper.runs.borrow()).sum())
    })
}

fn assert_together_equals_alone(network: &Network, batch: usize, storage: Storage, shared: usize) {
    let (alone, none) = answer(network, batch, storage, 0);
    assert_eq!(none, 0);
    assert!(alone.iter().any(|y| *y != 0.0));
    for helpers in [1, 3] {
        let (together, runs) = answer(network, batch, storage, helpers);
        assert_eq!(runs, shared * helpers, "what is large is shared out");
        assert!(
            together
                .iter()
                .zip(&alone)
                .all(|(a, b)| a.to_bits() == b.to_bits()),
            "{helpers} helpers, {storage:?}"
        );
    }
}

#[test]
fn convolutions_are_computed_together_as_alone() {
    let mut network = Network::new("two", Shape::map(40, 41, 16));
    for (name, layer) in [
        ("whole", Conv2d::new(100, 5).padding(2)),
        ("towers", Conv2d::new(70, 3).padding(1).groups(2)),
    ] {
        network.then(name, layer).expect("valid");
        network
            .then(&format!("{name} relu"), Activation::Relu)
            .expect("valid");
    }
    network.then("small", Conv2d::new(5, 1)).expect("valid");
    for storage in [Storage::F32, Storage::F16] {
        assert_together_equals_alone(&network, 2, storage, 2);
    }
}

#[test]
fn linear_layers_are_computed_together_as_alone() {
    let mut network = Network::new("linear", Shape::map(6, 6, 64));
    network.then("flatten", Flatten).expect("valid");
    network.then("fc", Linear::new(1000)).expect("valid");
    for storage in [Storage::F32, Storage::F16, Storage::Codes4] {
        assert_together_equals_alone(&network, 1, storage, 1);
    }
}
