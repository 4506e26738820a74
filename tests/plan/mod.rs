//! What the planner fuses, splits and refuses.

use alexnet_live::error::Error;
use alexnet_live::layers::{Activation, Add, Conv2d, Dropout, Flatten, Linear, MaxPool2d};
use alexnet_live::models::MODELS;
use alexnet_live::network::Network;
use alexnet_live::plan::{Optimizer, ParameterFactors, Plan, Preset, Storage, Target};
use alexnet_live::shape::Shape;

use crate::support::{PRESETS, f32_storage, target};

/// WebGPU's default.
const BINDING: u64 = 128 << 20;

fn planned(network: &Network, batch: usize, target: Target) -> Plan {
    Plan::inference(network, batch, target, f32_storage).expect("it fits")
}

/// The kernel of each dispatch.
fn kernels(plan: &Plan) -> Vec<&'static str> {
    let dispatches = plan.dispatches();
    dispatches.iter().map(|d| d.kernel.source.name).collect()
}

/// What is too large, and by how much.
fn refusal(outcome: Result<Plan, Box<Error>>) -> (String, u64, u64) {
    match *outcome.expect_err("it is refused") {
        Error::TooLarge { what, bytes, most } => (what, bytes, most),
        error => panic!("{error}"),
    }
}

/// A vector, and a linear layer on it.
fn linear(inputs: usize, outputs: usize) -> Network {
    let mut network = Network::empty("linear");
    let shape = Shape::vector(inputs);
    network.input("x", shape).expect("a name");
    network.then("fc", Linear::new(outputs)).expect("valid");
    network
}

#[test]
fn an_activation_is_fused_into_the_only_layer_that_feeds_it() {
    let mut network = Network::new("fused", [8, 8, 3]);
    let conv = network.then("conv", Conv2d::new(4, 3)).expect("valid");
    let relu = network.then("relu", Activation::Relu).expect("valid");
    network.then("flatten", Flatten).expect("valid");
    let dropout = Dropout { probability: 0.5 };
    let dropped = network.then("dropout", dropout).expect("valid");
    network.then("fc", Linear::new(2)).expect("valid");
    let plan = planned(&network, 1, target(Preset::SOFTWARE));
    assert_eq!(kernels(&plan), ["conv2d", "flatten", "linear"]);
    assert_eq!(plan.value(conv), plan.value(relu));
    assert_ne!(plan.value(relu), plan.value(dropped));
}

#[test]
fn dropout_is_its_input_while_answering() {
    let mut network = linear(4, 4);
    let before = network.outputs()[0];
    let dropout = Dropout { probability: 0.5 };
    let after = network.then("dropout", dropout).expect("valid");
    let plan = planned(&network, 1, target(Preset::SOFTWARE));
    assert_eq!(kernels(&plan), ["linear"]);
    assert_eq!(plan.value(before), plan.value(after));
}

#[test]
fn every_activation_is_fused_and_while_training_too() {
    for activation in [Activation::Relu, Activation::Sigmoid, Activation::Tanh] {
        let mut network = linear(8, 8);
        network.then("activation", activation).expect("valid");
        network.then("logits", Linear::new(2)).expect("valid");
        let plan = planned(&network, 1, target(Preset::SOFTWARE));
        assert_eq!(kernels(&plan), ["linear", "linear"], "{activation:?}");

        let factors = |_: &str| ParameterFactors::default();
        let plan = Plan::training(
            &network,
            1,
            target(Preset::SOFTWARE),
            Optimizer::Sgd,
            factors,
        );
        let plan = plan.expect("it fits");
        let forward = &kernels(&plan.plan)[..2];
        assert_eq!(forward, ["linear", "linear"], "{activation:?}");
    }
}

#[test]
fn an_activation_is_not_fused_where_the_sum_is_needed_or_nothing_fuses_it() {
    // A second layer reads the sum.
    let mut network = linear(4, 4);
    let fc = network.outputs()[0];
    let relu = network.add("relu", Activation::Relu, &[fc]).expect("valid");
    network.add("add", Add, &[fc, relu]).expect("valid");
    let plan = planned(&network, 1, target(Preset::SOFTWARE));
    assert_eq!(kernels(&plan), ["linear", "activation", "add"]);
    assert_ne!(plan.value(fc), plan.value(relu));

    // A pool computes nothing behind its maximum.
    let mut network = Network::new("pool", [8, 8, 3]);
    network.then("pool", MaxPool2d::new(2)).expect("valid");
    network.then("relu", Activation::Relu).expect("valid");
    let plan = planned(&network, 1, target(Preset::SOFTWARE));
    assert_eq!(kernels(&plan), ["max_pool2d", "activation"]);

    // An activation behind another: only the first is.
    let mut network = linear(4, 4);
    network.then("relu", Activation::Relu).expect("valid");
    network.then("tanh", Activation::Tanh).expect("valid");
    let plan = planned(&network, 1, target(Preset::SOFTWARE));
    assert_eq!(kernels(&plan), ["linear", "activation"]);
}

#[test]
fn a_weight_beyond_a_binding_is_split_at_whole_blocks() {
    let fc6 = linear(9216, 4096);
    for preset in PRESETS {
        let plan = planned(&fc6, 1, target(preset));
        let [weight, bias] = &plan.parameters[..] else {
            panic!("{} parameters", plan.parameters.len());
        };
        let mut next = 0;
        for chunk in weight.each() {
            assert_eq!(chunk.outputs.start, next);
            assert_eq!(next % weight.packing.block, 0);
            next = chunk.outputs.end;
            assert!(chunk.slice.bytes <= BINDING);
            assert_eq!(plan.buffer_bytes(chunk.slice.buffer), chunk.slice.bytes);
        }
        assert_eq!((weight.each().len(), next), (2, 4096));
        let bytes: u64 = weight.each().iter().map(|chunk| chunk.slice.bytes).sum();
        assert_eq!(bytes, 9216 * 4096 * 4);
        assert_eq!(bias.each().len(), 1);
        assert_eq!(kernels(&plan), ["linear", "linear"]); // one for each chunk

        // Where it fits, as a whole or in a smaller storage, it is one piece.
        let roomy = Target {
            max_binding_bytes: 1 << 30,
            ..target(preset)
        };
        assert_eq!(planned(&fc6, 1, roomy).parameters[0].each().len(), 1);
        for storage in [Storage::F16, Storage::Codes4] {
            let plan = Plan::inference(&fc6, 1, target(preset), |_| storage).expect("it fits");
            assert_eq!(plan.parameters[0].each().len(), 1, "{storage:?}");
        }
    }
}

#[test]
fn exactly_a_binding_is_not_split_and_a_block_more_is() {
    let fits = linear(8192, 4096); // 128 MiB
    assert_eq!(
        planned(&fits, 1, target(Preset::SOFTWARE)).parameters[0]
            .each()
            .len(),
        1
    );
    let more = linear(8192, 4097);
    let plan = planned(&more, 1, target(Preset::SOFTWARE));
    let outputs: Vec<_> = plan.parameters[0]
        .each()
        .iter()
        .map(|c| c.outputs.clone())
        .collect();
    assert_eq!(outputs, [0..4096, 4096..4097]);
}

#[test]
fn what_cannot_be_split_is_refused_by_name() {
    let small = Target {
        max_binding_bytes: 4096,
        ..target(Preset::SOFTWARE)
    };
    // A value: 32 x 32 x 3 numbers.
    let mut network = Network::new("large", [32, 32, 3]);
    network.then("conv", Conv2d::new(4, 3)).expect("valid");
    let refused = refusal(Plan::inference(&network, 1, small, f32_storage));
    let input = network[network.inputs()[0]].name.clone();
    assert_eq!(refused, (input, 12_288, 4096));

    // A batch that makes it too large, of one that fits.
    let network = linear(64, 4);
    planned(&network, 16, small);
    let refused = refusal(Plan::inference(&network, 17, small, f32_storage));
    assert_eq!(refused, ("x".to_owned(), 4352, 4096));

    // The weights of groups, which are not split.
    let mut network = Network::new("groups", [4, 4, 64]);
    network
        .then("conv", Conv2d::new(64, 3).groups(2))
        .expect("valid");
    let (what, bytes, most) = refusal(Plan::inference(&network, 1, small, f32_storage));
    assert_eq!((what.as_str(), most), ("conv.weight", 4096));
    assert!(bytes >= 64 * 32 * 9 * 4, "{bytes}");

    // A single block of outputs.
    let network = linear(1024, 64);
    let (what, ..) = refusal(Plan::inference(&network, 1, small, f32_storage));
    assert_eq!(what, "fc.weight");
}

#[test]
fn every_registered_network_fits_webgpus_default_limits() {
    for model in MODELS {
        let network = model.network();
        for preset in PRESETS {
            for batch in [1, 8] {
                let plan = planned(&network, batch, target(preset));
                assert!(plan.buffers.iter().all(|buffer| buffer.bytes <= BINDING));
                let held: usize = plan
                    .parameters
                    .iter()
                    .map(|parameter| parameter.shape.elements())
                    .sum();
                assert_eq!(held, network.parameter_count(), "{}", model.name);
            }
        }
    }
}

#[test]
fn a_convolution_with_a_split_weight_is_several_that_are_joined() {
    let small = |preset| Target {
        max_binding_bytes: 80_000,
        ..target(preset)
    };
    let convolution = |channels| {
        let mut network = Network::new("split", [4, 4, channels]);
        network.then("conv", Conv2d::new(200, 3)).expect("valid");
        network
    };
    for preset in PRESETS {
        let plan = planned(&convolution(16), 1, small(preset));
        let outputs: Vec<_> = plan.parameters[0]
            .each()
            .iter()
            .map(|c| &c.outputs)
            .collect();
        assert_eq!(outputs, [&(0..128), &(128..200)]);
        assert_eq!(kernels(&plan), ["conv2d", "concat", "conv2d", "concat"]);
        assert!(plan.parameters[0].one(small(preset)).is_err());
        assert!(plan.parameters[1].one(small(preset)).is_ok());
        // A binding that holds fewer outputs than the offsets of two bindings are apart.
        let network = convolution(64);
        let (what, ..) = refusal(Plan::inference(&network, 1, small(preset), f32_storage));
        assert_eq!(what, "conv.weight");
    }
}

#[test]
fn sizes_beyond_64_bits_are_refused() {
    let side = 1 << 22; // of maps with 2^66 numbers
    let network = Network::new("absurd", [side; 3]);
    let (_, bytes, most) = refusal(Plan::inference(
        &network,
        8,
        target(Preset::GPU),
        f32_storage,
    ));
    assert!(bytes > most);
    // A page of 32 bits would take these for 0 bytes.
    let mut network = Network::new("four gibibytes", [1024, 1024, 1024]);
    assert_eq!(network.output_shape().count() * 4, 1 << 32);
    network.then("conv", Conv2d::new(1024, 3)).expect("valid");
    let id = network.last();
    assert_eq!(network.multiply_adds(id), 9 * 1024 * 1024 * 1022 * 1022);
}
