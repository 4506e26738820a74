//! Initial weights: mean and variance that each rule asks for, and the paper's
//! biases of 1.

use alexnet_live::models::TrainableModel;
use alexnet_live::shape::Shape;
use alexnet_live::train::Initializer;

/// Mean and variance; uniform or normal draws are told apart by the largest one.
fn assert_spread(what: &str, values: &[f32], variance: f64, uniform: bool) {
    let count = values.len() as f64;
    let values: Vec<f64> = values.iter().copied().map(f64::from).collect();
    let mean = values.iter().sum::<f64>() / count;
    let found = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / count;
    // Four standard errors; that of the variance is less for a uniform draw.
    assert!(
        mean.abs() < 4.0 * (variance / count).sqrt(),
        "{what}: mean {mean}"
    );
    let apart = (found / variance - 1.0).abs();
    assert!(
        apart < 4.0 * (2.0 / count).sqrt(),
        "{what}: {found}, not {variance}"
    );
    let largest = values.iter().copied().map(f64::abs).fold(0.0, f64::max);
    let bound = (3.0 * variance).sqrt();
    assert_eq!(largest <= bound * 1.000_001, uniform, "{what}: {largest}");
}

#[test]
fn weights_are_spread_as_each_rule_says() {
    let four_layer = TrainableModel::find("four-layer").expect("a network");
    let cifar = TrainableModel::find("cifar-80sec").expect("a network");
    // [out, in / groups, height, width] and [out, in].
    let shapes = [Shape(vec![32, 48, 5, 5]), Shape(vec![64, 1024])];
    for (shape, layer) in shapes.iter().zip(["conv2", "fc64"]) {
        let window = shape.0[2..].iter().product::<usize>();
        let (inputs, outputs) = (shape.0[1] * window, shape.0[0] * window);
        let (_, deviation) = (cifar.deviations.iter())
            .find(|(known, _)| *known == layer)
            .expect("its authors gave one");
        let own = f64::from(*deviation).powi(2);
        for (rule, model, variance) in [
            (Initializer::Paper, cifar, 1e-4),
            (Initializer::Own, cifar, own),
            // Whose authors gave none.
            (Initializer::Own, four_layer, 1e-4),
            (Initializer::He, cifar, 2.0 / inputs as f64),
            (Initializer::Xavier, cifar, 2.0 / (inputs + outputs) as f64),
        ] {
            let draw = |seed, item| {
                let name = format!("{layer}.weight");
                rule.values(model, &name, shape, seed, item)
            };
            let values = draw(1, 2);
            let what = format!("{rule:?} of {layer}");
            assert_spread(&what, &values, variance, rule == Initializer::Xavier);
            assert_eq!(values, draw(1, 2), "{what}: the same seed");
            assert_ne!(values, draw(2, 2), "{what}: another seed");
            assert_ne!(values, draw(1, 3), "{what}: another parameter");
        }
    }
}

#[test]
fn biases_begin_with_0_and_in_the_paper_with_1_in_some_layers() {
    // Section 5: the second, fourth and fifth convolution, the hidden linear layers.
    let ones = ["conv2", "conv4", "conv5", "fc6", "fc7"];
    for name in ["alexnet", "alexnet-small"] {
        let model = TrainableModel::find(name).expect("a network");
        for layer in [
            "conv1", "conv2", "conv3", "conv4", "conv5", "fc6", "fc7", "fc8",
        ] {
            let bias = format!("{layer}.bias");
            let draw = |rule: Initializer| rule.values(model, &bias, &Shape(vec![3]), 1, 1);
            let one = f32::from(u8::from(ones.contains(&layer)));
            assert_eq!(draw(Initializer::Paper), [one; 3], "{name} {layer}");
            for rule in [Initializer::He, Initializer::Xavier] {
                assert_eq!(draw(rule), [0.0; 3], "{name} {layer} {rule:?}");
            }
        }
    }
}
