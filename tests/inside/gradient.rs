//! Gradients of the answer, and of what lies between, against PyTorch.

use alexnet_live::engine::{Device, Executable};
use alexnet_live::inspect::Inspection;
use alexnet_live::kernels::Slice;
use alexnet_live::layers::{Activation, Conv2d, Flatten, Linear};
use alexnet_live::network::Network;
use alexnet_live::plan::{Plan, Storage, Target};

use super::{Inside, assert_close, golden};
use crate::support::{engines, random, stored, write_parameter};

/// The class whose logit `golden/inside.py` explains.
const CLASS: usize = 2;

/// The gradient in the value of `node` of `sum seed * value` of `from`.
fn gradient(
    inside: &Inside,
    inspection: &Inspection,
    (from, seed): (&str, &[f32]),
    node: &str,
    guided: bool,
) -> Vec<f32> {
    let find = |name| inspection.network().find(name).expect("a layer");
    pollster::block_on(async {
        let ends = (find(from), find(node));
        let backward = inspection.backward(&inside.device, ends, seed, guided);
        backward.await.expect("the kernels run");
        let gradient = inspection.gradient(&inside.device, find(node), guided);
        gradient.await.expect("it can be read")
    })
}

fn one_of(count: usize, index: usize) -> Vec<f32> {
    (0..count)
        .map(|i| f32::from(u8::from(i == index)))
        .collect()
}

#[test]
fn of_a_class_in_the_input() {
    let inside = Inside::open();
    let inspection = inside.look();
    let class = one_of(10, CLASS);
    for (guided, name) in [(false, "gradient"), (true, "guided"), (false, "gradient")] {
        let found = gradient(&inside, &inspection, ("fc8", &class), "input", guided);
        assert_close(name, &found, &golden(name));
    }
}

#[test]
fn of_a_map_within_the_network_beside_a_branch_that_it_does_not_feed() {
    let inside = Inside::open();
    let inspection = inside.look();
    // What stands from the last time must not count.
    gradient(
        &inside,
        &inspection,
        ("fc8", &one_of(10, 1)),
        "input",
        false,
    );
    // The mean of map 5 of 6 x 6 x 8.
    let seed: Vec<f32> = (0..288)
        .map(|i| if i % 8 == 5 { 1.0 / 36.0 } else { 0.0 })
        .collect();
    let found = gradient(&inside, &inspection, ("expand3x3", &seed), "input", false);
    let expected = golden("gradient of expand3x3");
    assert_close("expand3x3", &found, &expected);
}

#[test]
fn grad_cam_weighs_maps_by_their_mean_gradient() {
    let inside = Inside::open();
    let inspection = inside.look();
    for layer in ["conv2", "add"] {
        let found = gradient(
            &inside,
            &inspection,
            ("fc8", &one_of(10, CLASS)),
            layer,
            false,
        );
        let id = inspection.network().find(layer).expect("a layer");
        let values = pollster::block_on(inspection.values(&inside.device, id)).expect("values");
        let maps: Vec<f32> = values
            .chunks(16)
            .map(|values| {
                let weight = |unit: usize| found.iter().skip(unit).step_by(16).sum::<f32>() / 36.0;
                let sum: f32 = values
                    .iter()
                    .enumerate()
                    .map(|(unit, value)| value * weight(unit))
                    .sum();
                sum.max(0.0)
            })
            .collect();
        assert_close(layer, &maps, &golden(&format!("grad-cam {layer}")));
    }
}

#[test]
fn gradient_ascent_on_the_input_raises_a_map_as_in_pytorch() {
    let mut inside = Inside::open();
    let inspection = inside.look();
    let id = inspection.network().find("conv2").expect("a layer");
    let map_1 = |values: &[f32]| values.iter().skip(1).step_by(16).sum::<f32>() / 36.0;
    // The mean of map 1 of 6 x 6 x 16.
    let seed: Vec<f32> = (0..576)
        .map(|i| if i % 16 == 1 { 1.0 / 36.0 } else { 0.0 })
        .collect();
    let mut told = Vec::new();
    for _ in 0..3 {
        inspection
            .look(&inside.device, &inside.x)
            .expect("the input fits");
        let values = pollster::block_on(inspection.values(&inside.device, id)).expect("values");
        told.push(map_1(&values));
        let found = gradient(&inside, &inspection, ("conv2", &seed), "input", false);
        let squares: f32 = found.iter().map(|g| g * g).sum();
        let rms = (squares / found.len() as f32).sqrt();
        for (x, g) in inside.x.iter_mut().zip(&found) {
            *x = 0.99 * (*x + 0.5 * g / rms);
        }
    }
    assert_close("activations", &told, &golden("maximised activations"));
    assert_close("input", &inside.x, &golden("maximised"));
}

#[test]
fn the_units_of_the_last_hidden_layer_contribute_to_a_logit() {
    let inside = Inside::open();
    let inspection = inside.look();
    let id = inspection.network().find("fc8").expect("a layer");
    let cell = inspection.cell(&inside.device, &inside.weights, id, (0, 0, CLASS));
    let cell = pollster::block_on(cell).expect("there is such a place");
    let products = cell
        .x
        .iter()
        .zip(&cell.weight)
        .map(|(x, weight)| x * weight);
    let products: Vec<f32> = products.collect();
    assert_close("contributions", &products, &golden("contributions"));
}

/// Gradients in the input, and the answer, with weights in this storage.
fn stored_as(device: &Device, target: Target, storage: Storage, exact: bool) -> [Vec<f32>; 2] {
    let mut network = Network::new("stored", [9, 9, 3]);
    network
        .then("conv1", Conv2d::new(8, 3).stride(2))
        .expect("valid"); // no convolution back
    network.then("relu1", Activation::Relu).expect("valid");
    network
        .then("conv2", Conv2d::new(12, 3).padding(1).groups(2))
        .expect("valid");
    network.then("relu2", Activation::Relu).expect("valid");
    network.then("flatten", Flatten).expect("valid");
    network.then("fc", Linear::new(10)).expect("valid");
    let input = network.inputs()[0];
    let of = |name: &str| match (storage, name.starts_with("conv")) {
        _ if exact => Storage::F32,
        // Convolutions are never kept as codes.
        (Storage::Codes4, true) => Storage::F32,
        (storage, _) => storage,
    };
    let plan = Plan::inference(&network, 1, target, of).expect("it fits");
    let inspection = plan
        .inspection(&network, target, &|_| true)
        .expect("it fits");
    let backward = inspection.backward(&network, false).expect("it fits");
    pollster::block_on(async {
        let go_on = &mut |_, _| true;
        let inside = &inspection.plan;
        let (buffers, dispatches) = (inside.allocations(), inside.dispatches());
        let forward = Executable::new(device, &buffers, &dispatches, go_on)
            .await
            .expect("forward");
        for parameter in &inside.parameters {
            let numbers = random(7, parameter.shape.elements());
            let storage = if parameter.role == "bias" {
                Storage::F32
            } else {
                storage
            };
            let numbers: Vec<f32> = numbers.iter().map(|n| stored(storage, *n)).collect();
            write_parameter(device, &forward, parameter, &numbers);
        }
        let write = |slice: Slice, numbers: &[f32]| {
            let bytes = bytemuck::cast_slice(numbers);
            forward.write(device, slice.buffer, slice.offset, bytes);
        };
        write(inside.value(input), &random(3, 243));
        forward.run(device).await.expect("it runs");
        let (buffers, dispatches) = (backward.plan.allocations(), backward.plan.dispatches());
        let back = Executable::joining(device, Some(&forward), &buffers, &dispatches, go_on);
        let back = back.await.expect("backward");
        let last = backward.gradients[network.last().0].expect("a gradient");
        back.write(
            device,
            last.buffer,
            last.offset,
            bytemuck::cast_slice(&random(5, 10)),
        );
        back.run(device).await.expect("it runs");
        let gradient = backward.gradients[input.0].expect("a gradient");
        [
            back.read(device, gradient).await.expect("it can be read"),
            forward
                .read(device, inside.value(network.last()))
                .await
                .expect("it can be read"),
        ]
    })
}

#[test]
fn weights_in_any_storage_give_the_gradients_of_the_numbers_that_they_stand_for() {
    for (device, targets) in engines() {
        for target in targets {
            for storage in [Storage::F16, Storage::Codes4] {
                let [gradient, answer] = stored_as(&device, target, storage, false);
                let [expected, expected_answer] = stored_as(&device, target, storage, true);
                assert_close("answer", &answer, &expected_answer);
                assert_close("gradient", &gradient, &expected);
            }
        }
    }
}
