//! Mirror of `shaders/optimizer.wgsl`: a step of SGD, Nesterov or Adam, element by
//! element.

use crate::contract::optimizer::{Adam, Constants, Mirror, Nesterov, Sgd};
use crate::contract::{Clip, Update};
use crate::simd::Processor;

/// What all elements of a parameter share in a step.
#[derive(Clone, Copy)]
struct Step {
    rate: f32,
    decay: f32,
    momentum: f32,
    clip: f32,
}

impl Step {
    /// `None` once a gradient was not finite: then nothing is updated.
    fn new(constants: &Constants, update: &Update, clip: &Clip) -> Option<Self> {
        (clip.halted == 0.0).then_some(Self {
            rate: constants.rate_factor * update.rate,
            decay: constants.decay_factor * update.decay,
            momentum: update.momentum,
            clip: clip.factor,
        })
    }

    /// `-decay * rate * w - rate * g`.
    fn descent(&self, weight: f32, gradient: f32) -> f32 {
        -self.rate * (self.decay * weight + self.clip * gradient)
    }
}

/// Keeps the weights of a good loss, before they change.
fn keep(clip: &Clip, weight: &[f32], kept: &mut [f32]) {
    if clip.good != 0.0 {
        kept.copy_from_slice(weight);
    }
}

impl Mirror for Processor {
    fn sgd(&self, constants: &Constants, arguments: Sgd<'_>) {
        let Sgd {
            update,
            clip,
            dweight,
            weight,
            velocity,
            kept,
        } = arguments;
        let Some(step) = Step::new(constants, update, clip) else {
            return;
        };
        keep(clip, weight, kept);
        let elements = weight.iter_mut().zip(velocity).zip(dweight);
        for ((weight, velocity), gradient) in elements.take(constants.elements) {
            *velocity = step.momentum * *velocity + step.descent(*weight, *gradient);
            *weight += *velocity;
        }
    }

    fn nesterov(&self, constants: &Constants, arguments: Nesterov<'_>) {
        let Nesterov {
            update,
            clip,
            dweight,
            weight,
            velocity,
            kept,
        } = arguments;
        let Some(step) = Step::new(constants, update, clip) else {
            return;
        };
        keep(clip, weight, kept);
        let elements = weight.iter_mut().zip(velocity).zip(dweight);
        for ((weight, velocity), gradient) in elements.take(constants.elements) {
            let down = step.descent(*weight, *gradient);
            *velocity = step.momentum * *velocity + down;
            *weight += step.momentum * *velocity + down;
        }
    }

    fn adam(&self, constants: &Constants, arguments: Adam<'_>) {
        let Adam {
            update,
            clip,
            dweight,
            weight,
            velocity,
            square,
            kept,
        } = arguments;
        let Some(step) = Step::new(constants, update, clip) else {
            return;
        };
        keep(clip, weight, kept);
        let (beta1, beta2, epsilon) = (update.momentum, update.beta2, update.epsilon);
        let elements = weight.iter_mut().zip(velocity).zip(square).zip(dweight);
        for (((weight, m), v), gradient) in elements.take(constants.elements) {
            let gradient = step.clip * gradient + step.decay * *weight;
            *m = beta1 * *m + (1.0 - beta1) * gradient;
            *v = beta2 * *v + (1.0 - beta2) * gradient * gradient;
            *weight -= step.rate * *m / (v.sqrt() + epsilon);
        }
    }
}
