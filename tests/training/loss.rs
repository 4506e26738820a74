//! Softmax cross-entropy on both engines: losses, errors and gradients against sums in
//! f64, of batches that are not full, and of logits that are large or no numbers.

use alexnet_live::engine::Device;
use alexnet_live::layers::Linear;
use alexnet_live::network::Network;
use alexnet_live::plan::{RunSettings, Target};

use super::harness::Harness;
use crate::support::{assert_close, engines, random};

/// Mean loss, number of errors, and `dx` of a batch of which `samples` count.
fn computed(
    (device, targets): &(Device, Vec<Target>),
    (classes, samples): (usize, usize),
    logits: &[f32],
    labels: &[u32],
) -> (f32, f32, Vec<f32>) {
    let mut network = Network::new("logits", [3]);
    let last = network.then("fc", Linear::new(classes)).expect("valid");
    let harness = Harness::without_update(device, &network, labels.len(), targets[0]);
    harness.write(harness.plan.plan.value(last), logits);
    harness.write(harness.plan.labels, labels);
    harness.write(
        harness.plan.run,
        &[RunSettings {
            seed: 0,
            step: 0,
            samples: samples as u32,
            slot: 3,
            training: 1,
            first_sample: 0,
        }],
    );
    let end = harness.plan.evaluation.end;
    harness.executable.run_steps(device, end - 2..end);
    let ring = harness.read(harness.plan.ring, 8);
    let dlogits = harness.plan.value_gradients[last.0].expect("the loss writes it");
    (ring[6], ring[7], harness.read(dlogits, logits.len()))
}

#[test]
fn it_equals_sums_in_double_precision() {
    for on in &engines() {
        for (classes, batch, samples, scale) in [
            (1, 1, 1, 1.0),
            (2, 3, 3, 1.0),
            (10, 70, 69, 4.0),
            (130, 5, 2, 30.0),
            (7, 4, 4, 1e4),
        ] {
            let logits = random(1, batch * classes)
                .iter()
                .map(|x| x * scale)
                .collect::<Vec<_>>();
            let labels: Vec<u32> = (0..batch).map(|n| (n * 5 % classes) as u32).collect();
            let (loss, errors, dx) = computed(on, (classes, samples), &logits, &labels);

            let (mut sum, mut wrong, mut gradients) = (0.0, 0.0, Vec::new());
            for (n, (row, label)) in logits.chunks(classes).zip(&labels).enumerate() {
                let row: Vec<f64> = row.iter().copied().map(f64::from).collect();
                let own = row[*label as usize];
                let others = (0..classes).filter(|class| *class != *label as usize);
                let largest_other = others.map(|c| row[c]).fold(f64::NEG_INFINITY, f64::max);
                let largest = own.max(largest_other);
                let powers: f64 = row.iter().map(|x| (x - largest).exp()).sum();
                let counts = f64::from(u8::from(n < samples));
                sum += counts * (powers.ln() + largest - own);
                wrong += counts * f64::from(u8::from(own <= largest_other));
                for (class, x) in row.iter().enumerate() {
                    let target = f64::from(u8::from(class == *label as usize));
                    let probability = (x - largest).exp() / powers;
                    gradients.push(counts * (probability - target) / samples as f64);
                }
            }
            let name = format!("{classes} classes, {samples} of {batch}, logits to {scale}");
            assert_eq!(f64::from(errors), wrong, "{name}");
            assert_close(&name, &[loss], &[sum / samples as f64], 1e-5);
            assert_close(&name, &dx, &gradients, 1e-5);
        }
    }
}

#[test]
fn a_tie_and_a_logit_that_is_no_number_are_errors() {
    for on in &engines() {
        let logits = [0.5, 0.5, f32::NAN, 0.0, 2.0, 1.0];
        let (loss, errors, _) = computed(on, (2, 3), &logits, &[0, 0, 0]);
        assert_eq!(errors, 2.0);
        assert!(!loss.is_finite(), "{loss}");
    }
}
