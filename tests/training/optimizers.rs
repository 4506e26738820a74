//! The optimisers = ONNX's published cases and PyTorch's runs
//! (`tests/golden/optimizers.py`); factors and clipping.

use std::collections::HashMap;

use alexnet_live::engine::Device;
use alexnet_live::layers::{Concat, Linear};
use alexnet_live::network::Network;
use alexnet_live::plan::{Optimizer, ParameterFactors, Target, UpdateSettings};
use serde::Deserialize;
use serde_json::Value;

use super::harness::Harness;
use crate::support::{assert_close, engines};

#[derive(Deserialize)]
struct Golden {
    onnx: Vec<OnnxCase>,
    pytorch: Vec<PytorchRun>,
}

#[derive(Deserialize)]
struct OnnxCase {
    name: String,
    operator: String,
    attributes: HashMap<String, Value>,
    rate: f32,
    weights: Vec<Vec<f32>>,
    gradients: Vec<Vec<f32>>,
    state: Vec<Vec<Vec<f32>>>,
    new_weights: Vec<Vec<f64>>,
    new_state: Vec<Vec<Vec<f64>>>,
}

#[derive(Deserialize)]
struct PytorchRun {
    name: String,
    settings: HashMap<String, Value>,
    start: Vec<f32>,
    gradients: Vec<Vec<f32>>,
    end: Vec<f64>,
}

fn golden() -> Golden {
    serde_json::from_str(include_str!("../golden/optimizers.json")).expect("the script wrote it")
}

/// A network whose parameters `0.weight`, `1.weight`, ... have these sizes.
fn harness<'a>(
    (device, targets): &'a (Device, Vec<Target>),
    sizes: &[usize],
    optimizer: Optimizer,
    factors: impl Fn(&str) -> ParameterFactors,
) -> Harness<'a> {
    let mut network = Network::empty("parameters");
    let mut outputs = Vec::new();
    for (index, size) in sizes.iter().enumerate() {
        let input = network
            .input(&format!("input {index}"), [*size])
            .expect("a new name");
        let layer = Linear {
            out_features: 1,
            bias: false,
        };
        let added = network.add(&index.to_string(), layer, &[input]);
        outputs.push(added.expect("a valid layer"));
    }
    network.add("logits", Concat, &outputs).expect("vectors");
    Harness::new(device, &network, 1, targets[0], optimizer, factors)
}

fn write(harness: &Harness, index: usize, weights: &[f32], gradient: &[f32]) {
    let name = format!("{index}.weight");
    harness.write_parameter(&name, weights);
    harness.write_packed(&name, &harness.plan.gradients[index], gradient);
}

const SETTINGS: UpdateSettings = UpdateSettings {
    rate: 0.1,
    decay: 0.0,
    momentum: 0.9,
    beta2: 0.99,
    epsilon: 1e-8,
    largest_norm: 0.0,
};

#[test]
fn one_step_equals_onnx() {
    for on in &engines() {
        for case in golden().onnx {
            let number = |name: &str| case.attributes.get(name).and_then(Value::as_f64);
            let (optimizer, beta2) = match (case.operator.as_str(), case.attributes.get("mode")) {
                ("Adam", _) => (Optimizer::Adam, number("beta").expect("given")),
                (_, Some(mode)) if mode == "nesterov" => (Optimizer::Nesterov, 0.0),
                _ => (Optimizer::Sgd, 0.0),
            };
            let settings = UpdateSettings {
                rate: case.rate,
                decay: number("norm_coefficient").expect("given") as f32,
                momentum: number("alpha").expect("given") as f32,
                beta2: beta2 as f32,
                epsilon: number("epsilon").unwrap_or(0.0) as f32,
                ..SETTINGS
            };
            // ONNX keeps the gradients' running sum, the paper the step it makes.
            let sign = match optimizer {
                Optimizer::Adam => 1.0,
                _ => -case.rate,
            };
            let sizes: Vec<usize> = case.weights.iter().map(Vec::len).collect();
            let harness = harness(on, &sizes, optimizer, |_| Default::default());
            for index in 0..sizes.len() {
                write(
                    &harness,
                    index,
                    &case.weights[index],
                    &case.gradients[index],
                );
                for (kind, state) in case.state.iter().enumerate() {
                    let scale = if kind == 0 { sign } else { 1.0 };
                    let values: Vec<f32> = state[index].iter().map(|v| scale * v).collect();
                    let name = format!("{index}.weight");
                    harness.write_packed(&name, &harness.plan.state[index][kind], &values);
                }
            }
            harness.update(settings);
            for index in 0..sizes.len() {
                let name = format!("{index}.weight");
                let weights = harness.weights(&name);
                assert_close(&case.name, &weights, &case.new_weights[index], 1e-6);
                for (kind, state) in case.new_state.iter().enumerate() {
                    let scale = if kind == 0 { sign } else { 1.0 };
                    let parameter = harness.parameter(&name);
                    let found = harness.read_packed(parameter, &harness.plan.state[index][kind]);
                    let expected: Vec<f64> =
                        state[index].iter().map(|v| f64::from(scale) * v).collect();
                    assert_close(&case.name, &found, &expected, 1e-6);
                }
            }
        }
    }
}

#[test]
fn several_steps_equal_pytorch() {
    for on in &engines() {
        for run in golden().pytorch {
            let number = |name: &str| run.settings.get(name).and_then(Value::as_f64);
            let nesterov = run.settings.contains_key("nesterov");
            let optimizer = match (run.name.as_str(), nesterov) {
                ("Adam", _) => Optimizer::Adam,
                (_, true) => Optimizer::Nesterov,
                _ => Optimizer::Sgd,
            };
            let mut settings = UpdateSettings {
                rate: number("lr").expect("given") as f32,
                decay: number("weight_decay").expect("given") as f32,
                momentum: number("momentum").unwrap_or(0.0) as f32,
                ..SETTINGS
            };
            if let Some(Value::Array(betas)) = run.settings.get("betas") {
                settings.momentum = betas[0].as_f64().expect("a number") as f32;
                settings.beta2 = betas[1].as_f64().expect("a number") as f32;
            }
            let harness = harness(on, &[5], optimizer, |_| Default::default());
            harness.write_parameter("0.weight", &run.start);
            for (step, gradient) in (1..).zip(&run.gradients) {
                harness.write_packed("0.weight", &harness.plan.gradients[0], gradient);
                harness.update(match optimizer {
                    Optimizer::Adam => settings.adam(step),
                    _ => settings,
                });
            }
            let name = format!("{} {:?}", run.name, run.settings);
            assert_close(&name, &harness.weights("0.weight"), &run.end, 2e-6);
        }
    }
}

#[test]
fn factors_scale_rate_and_decay_of_one_parameter() {
    for on in &engines() {
        let factors = |name: &str| match name {
            "1.weight" => ParameterFactors {
                rate: 2.0,
                decay: 0.0,
            },
            _ => ParameterFactors::default(),
        };
        let harness = harness(on, &[1, 1], Optimizer::Sgd, factors);
        for index in 0..2 {
            write(&harness, index, &[3.0], &[5.0]);
        }
        let decay = 0.5;
        harness.update(UpdateSettings { decay, ..SETTINGS });
        // 3 - 0.1 * (5 + 0.5 * 3) and 3 - 2 * 0.1 * 5.
        assert_close(
            "both factors 1",
            &harness.weights("0.weight"),
            &[2.35],
            1e-6,
        );
        assert_close(
            "factors 2 and 0",
            &harness.weights("1.weight"),
            &[2.0],
            1e-6,
        );
    }
}

#[test]
fn clipping_scales_all_gradients_to_the_largest_norm() {
    for on in &engines() {
        // The norm over both parameters is 13.
        for (largest_norm, scale) in [(0.0, 1.0), (26.0, 1.0), (6.5, 0.5)] {
            let harness = harness(on, &[2, 1], Optimizer::Sgd, |_| Default::default());
            write(&harness, 0, &[1.0, 1.0], &[3.0, 4.0]);
            write(&harness, 1, &[1.0], &[12.0]);
            harness.update(UpdateSettings {
                largest_norm,
                ..SETTINGS
            });
            let expected = |gradient: f64| 1.0 - 0.1 * scale * gradient;
            let name = format!("largest norm {largest_norm}");
            let first = [expected(3.0), expected(4.0)];
            assert_close(&name, &harness.weights("0.weight"), &first, 1e-6);
            assert_close(&name, &harness.weights("1.weight"), &[expected(12.0)], 1e-6);
        }
    }
}

/// A gradient of which this is one number; the others are 1.
fn gradient_with(number: f32) -> Vec<f32> {
    let mut gradient = vec![1.0; 70];
    gradient[67] = number;
    gradient
}

#[test]
fn a_gradient_that_is_not_finite_halts_all_updates_for_good() {
    for on in &engines() {
        for number in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            let harness = harness(on, &[70, 1], Optimizer::Sgd, |_| Default::default());
            write(&harness, 0, &[1.0; 70], &gradient_with(number));
            write(&harness, 1, &[1.0], &[1.0]);
            harness.update(SETTINGS);
            assert_eq!(harness.weights("0.weight"), [1.0; 70], "{number}");
            assert_eq!(harness.weights("1.weight"), [1.0], "{number}");
            write(&harness, 0, &[1.0; 70], &gradient_with(1.0));
            harness.update(SETTINGS);
            assert_eq!(harness.weights("1.weight"), [1.0], "after {number}");
        }
    }
}
